"""Sentences that are put in: other languages, advertising, sentences with personal data. All written for this purpose.

Personal data comes only from ranges reserved for examples: example.com, .org and .net (RFC 2606), 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 (RFC 5737),
2001:db8::/32 (RFC 3849), 555-0100 to 555-0199 (North America), 020 7946 0xxx (Ofcom, for drama). China reserves no telephone numbers for fiction: the one here is the public
top-up line of China Mobile. The identity numbers are the two examples of the standard GB 11643-1999; the card numbers are the test numbers that payment services publish.
"""

from __future__ import annotations

from tutor.data.cleaning.base import Language

OTHER_LANGUAGES: dict[str, tuple[str, ...]] = {
    "fr": (
        "Le marché du samedi ouvre très tôt, et les premiers clients arrivent avant que les étals soient tout à fait montés.",
        "On y trouve des légumes de la région, du fromage de chèvre et, en automne, des champignons que l'on ramasse dans la forêt voisine.",
        "Ma grand-mère disait toujours qu'il fallait goûter avant d'acheter, et elle ne se trompait que rarement.",
        "Quand il pleut, tout le monde se serre sous le même toit et les conversations durent plus longtemps que d'habitude.",
    ),
    "de": (
        "Der Zug hatte eine halbe Stunde Verspätung, und auf dem Bahnsteig wurde es langsam kalt.",
        "Eine alte Frau erzählte, dass sie jeden Winter zu ihrer Schwester fährt, weil das Haus dort größer ist und ein Ofen darin steht.",
        "Niemand wusste genau, wann es weitergehen würde, aber der Kaffee war heiß und die Leute waren freundlich.",
        "Am Ende kamen wir doch noch an, müde und zufrieden, und der Schnee lag schon bis zu den Fenstern.",
    ),
    "es": (
        "El taller estaba en una calle estrecha, detrás de la iglesia, y olía siempre a madera recién cortada.",
        "Mi tío arreglaba sillas, mesas y de vez en cuando un violín que le traían desde el otro lado del río.",
        "Nunca tenía prisa, porque decía que las cosas hechas deprisa hay que hacerlas dos veces.",
        "Por la tarde cerraba la puerta, ponía la radio y se quedaba un rato mirando cómo jugaban los niños en la plaza.",
    ),
    "it": (
        "La barca era vecchia ma il motore funzionava ancora, e ogni mattina il pescatore usciva prima dell'alba.",
        "Quando tornava, sul molo c'erano già i gatti e due signore che volevano scegliere il pesce migliore.",
        "Il prezzo si decideva con una stretta di mano, senza troppe parole, come si era sempre fatto.",
        "D'inverno riparava le reti in casa, vicino alla finestra, e raccontava storie che nessuno aveva mai sentito.",
    ),
    "ru": (
        "Вечером на станции почти никого не было, только сторож читал газету под лампой.",
        "Поезд опаздывал, и мы решили пройтись до реки, где летом всегда поют лягушки.",
        "Вода была тёмная и спокойная, а на другом берегу горел одинокий огонёк.",
        "Когда мы вернулись, чай уже остыл, но никто не жалел о прогулке.",
    ),
    "ja": (
        "駅前の小さなパン屋は、朝の六時になるともう明かりがついている。",
        "焼きたての匂いにつられて、学生も会社員もついつい足を止めてしまう。",
        "店の主人は無口だけれど、よく来る人の好みはちゃんと覚えているらしい。",
        "雨の日には、傘を忘れた人にそっと一本貸してくれることもあるそうだ。",
    ),
    "ko": (
        "시장 골목 끝에는 오래된 국숫집이 하나 있는데, 점심때가 되면 늘 사람들이 줄을 선다.",
        "주인 할머니는 손님이 아무리 많아도 서두르는 법이 없고, 국물은 새벽부터 끓인다고 한다.",
        "비가 오는 날에는 창가 자리에 앉아 지나가는 우산들을 바라보는 것이 좋았다.",
        "이사를 간 뒤에도 가끔 그 맛이 생각나서 일부러 먼 길을 돌아가곤 한다.",
    ),
}  # fmt: skip
"""A few sentences of each, to be put together in any order."""

SPAM: dict[Language, tuple[str, ...]] = {
    "en": (
        "Looking for a reliable {thing} in {place}? Look no further! We offer the best prices and free shipping on every order. Call us today for a free quote, satisfaction guaranteed!",
        "Limited time offer: save up to {n}% on any {thing}! Click here to claim your discount before it is gone. Order now, no credit card needed, while supplies last.",
        "Top rated {thing} near you in {place}. Thousands of happy customers can't be wrong. Buy now and get a special offer, 100% money back guarantee, no obligation!",
        "Need a {thing} fast? Our experts in {place} are ready around the clock. Book now, get {n}% off your first visit, and sign up today for exclusive offer news. Hurry!",
        "Don't miss the lowest prices of the year on every {thing}. Fast shipping to {place} and everywhere else. Add to cart today, subscribe now and get a free trial for {n} days.",
    ),
    "zh": (
        "想找靠谱的{thing}？{place}就选我们！厂家直销，价格优惠，全国发货，售后无忧。立即咨询，前 {n} 名客户享受特价，欢迎来电！",
        "限时抢购！{thing}全网最低价，满 {n} 元包邮，假一赔十。点击链接领取优惠券，名额有限，先到先得！",
        "{place}专业{thing}，十年老店，正品保证，一站式服务。咨询热线全天开通，加微信立减 {n} 元，老客户再送礼！",
        "在家就能做的{thing}兼职，日赚 {n} 元，无需经验，轻松赚钱。扫码加微信即可免费领取资料，{place}地区名额有限！",
        "{place}{thing}哪家好？首选我们！免费试用 {n} 天，品质保证，货到付款，满意为止。现在下单还有优惠价，欢迎咨询！",
    ),
}  # fmt: skip

THINGS: dict[Language, tuple[str, ...]] = {
    "en": ("plumber", "roof repair", "laptop battery", "yoga course", "garden fence", "car insurance", "wedding photographer", "dental clinic"),
    "zh": ("搬家公司", "手机维修", "瑜伽课程", "净水器", "婚纱摄影", "管道疏通", "二手车", "牙科诊所"),
}  # fmt: skip
PLACES: dict[Language, tuple[str, ...]] = {
    "en": ("Springfield", "Riverton", "Oakville", "Fairview", "Lakeside", "Georgetown"),
    "zh": ("东湖", "西岭", "南山", "北城", "临江", "新港"),
}
ADJECTIVES: dict[Language, tuple[str, ...]] = {
    "en": ("cheap", "best", "online", "near me", "discount", "top", "buy", "sale", "2024", "price"),
    "zh": ("便宜", "最好", "价格", "哪家好", "排名", "推荐", "批发", "多少钱", "厂家", "附近"),
}

PII_SENTENCES: dict[Language, tuple[str, ...]] = {
    "en": (
        "If anything is unclear, write to {EMAIL} and we will answer within a week.",
        "You can reach the office at {PHONE} on weekdays.",
        "The request came from {IP} shortly before midnight.",
        "The form asks for an identity number such as {ID_CARD} before it goes on.",
        "Payment was made with card {BANK_CARD}, as the receipt shows.",
        "Her new address is {EMAIL}; the telephone number, {PHONE}, has stayed the same.",
    ),
    "zh": (
        "如有疑问，请写信到 {EMAIL}，我们会在一周内答复。",
        "工作日可以拨打{PHONE}联系值班人员。",
        "日志显示，请求来自 {IP}，时间是半夜。",
        "登记时填写的身份证号是{ID_CARD}，请核对。",
        "这笔钱是用卡号为 {BANK_CARD} 的银行卡付的。",
        "她的新邮箱是{EMAIL}，电话还是 {PHONE}。",
    ),
}
PII: dict[str, tuple[str, ...]] = {
    "EMAIL": ("mary.smith@example.com", "info@example.org", "li_wei2024@example.net", "j-doe+news@mail.example.com", "zhang.san@example.com", "SALES@EXAMPLE.COM"),
    "PHONE": (
        "(212) 555-0147", "415-555-0123", "+1 303 555 0199", "1-800-555-0155", "+44 20 7946 0958", "+1-202-555-0110", "13800138000", "138-0013-8000", "+86 138 0013 8000", "617.555.0188",
    ),
    "IP": ("192.0.2.17", "198.51.100.204", "203.0.113.9", "2001:db8::8a2e:370:7334", "2001:db8:0:1::1", "192.0.2.255"),
    "ID_CARD": ("11010519491231002X", "440524188001010014"),
    "BANK_CARD": ("4111111111111111", "5555 5555 5555 4444", "378282246310005", "6011-1111-1111-1117", "3530111333300000", "6200000000000005"),
}  # fmt: skip
"""By the tag that masks it."""
