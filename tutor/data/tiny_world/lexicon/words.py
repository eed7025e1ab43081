"""Verbs, adjectives, times, weather: what is said of people and things."""

VERBS = """
吃|eat/ate|fruit dish baked sweet basic|meal
喝|eat/ate|soup|meal
尝|taste/tasted|fruit dish baked sweet basic|meal
做|cook/cooked|dish soup|kitchen
烤|bake/baked|baked|kitchen
切|cut/cut|fruit vegetable|kitchen
洗|wash/washed|fruit vegetable ware clothes soft|chore
喝|drink/drank|drink|sip
看|read/read|read|leisure
写|write/wrote|written|leisure
画|draw/drew|animal grown|leisure
搬|move/moved|furniture|chore
修|repair/repaired|repair|work
做|make/made|made|work
缝|sew/sewed|sewn|work
擦|wipe/wiped|furniture ware|chore
打破|break/broke|breakable|accident
弹|play/played|plucked|music
拉|play/played|bowed|music
吹|play/played|blown|music
敲|play/played|beaten|music
喂|feed/fed|pet farm|care
追|chase/chased|bird pet|play
骑|ride/rode|ridden|travel
开|drive/drove|driven|travel
种|plant/planted|grown vegetable|garden
摘|pick/picked|fruit grown|garden
放|fly/flew|flown|play
穿|put on/put on|clothes|dress
戴|put on/put on|head|dress
点|light/lit|lit|chore
收拾|pack/packed|packed|chore
挂|hang/hung|hung|chore
藏|hide/hid|portable|secret
打开|open/opened|opened|chore
*雕刻|carve/carved|toy|work
*包|wrap/wrapped|gift|chore
"""
"""Each with the tags of what can be its object."""

DEEDS = """
游泳|游了泳|swim/swam|water pool|skill
唱歌|唱了几首歌|sing/sang|green water fun|skill
跳舞|跳了舞|dance/danced|fun|skill
跑步|跑了步|run/ran|green fun|sport
散步|散了步|go for a walk/went for a walk|green water|rest
钓鱼|钓了鱼|go fishing/went fishing|water|skill
画画|画了画|paint/painted|green water|skill
下棋|下了棋|play chess/played chess|green eating fun|skill
打球|打了球|play ball/played ball|fun|sport
爬树|爬了树|climb a tree/climbed a tree|green|sport
拍照|拍了照|take photos/took photos|green water fun animals|skill
野餐|吃了一顿野餐|have a picnic/had a picnic|green water|rest
休息|休息了一会儿|rest/rested|green water eating quiet|rest
聊天|聊了天|chat/chatted|green water fun eating|rest
讲故事|讲了故事|tell stories/told stories|green fun|skill
捉迷藏|玩了捉迷藏|play hide-and-seek/played hide-and-seek|green fun|sport
看书|看了书|read/read|quiet green|rest
学习|学习了两个小时|study/studied|quiet|rest
晒太阳|晒了太阳|sunbathe/sunbathed|water green|rest
喝茶|喝了茶|drink tea/drank tea|eating|rest
排队|排了队|queue/queued|shop|wait
*滑冰|滑了冰|skate/skated|icy|skill
*写诗|写了一首诗|write a poem/wrote a poem|green quiet water|skill
"""
"""Things done without an object: the place tags where, and a kind."""

COLOURS = """
红色|red
蓝色|blue
绿色|green
黄色|yellow
白色|white
黑色|black
紫色|purple
橙色|orange
粉色|pink
灰色|grey
棕色|brown
银色|silver
*金色|gold
"""

SIZES = """
非常小|very small
比较小|rather small
比较大|rather big
非常大|very big
"""

QUALITIES = """
新|new|of_thing nice
旧|old|of_thing humble
漂亮|beautiful|of_thing nice
干净|clean|of_thing nice
脏|dirty|of_thing humble
结实|sturdy|of_thing nice
便宜|cheap|of_thing humble
轻|light|of_thing nice
重|heavy|of_thing humble
有用|useful|of_thing nice
特别|special|of_thing nice
奇怪|strange|of_thing humble
好吃|tasty|of_food
新鲜|fresh|of_food
香|delicious|of_food
*精致|delicate|of_thing nice
*可口|appetising|of_food
"""

WEATHER = """
天气晴朗|the weather was fine|fine
阳光明媚|the sun was shining|fine
天气很暖和|it was warm|fine
天很蓝|the sky was blue|fine
刮着微风|a light wind was blowing|fine
下着雨|it was raining|wet
下着大雨|it was raining hard|wet
下着雪|it was snowing|wet
打着雷|there was thunder|wet
刮着大风|a strong wind was blowing|rough
雾很大|there was thick fog|rough
天很冷|it was cold|rough
天很热|it was hot|rough
天阴沉沉的|it was cloudy|rough
*下着冰雹|it was hailing|wet
*天边有彩虹|there was a rainbow in the sky|fine
"""

TIMES = """
昨天|yesterday|date
前天|the day before yesterday|date
今天早上|this morning
昨天晚上|last night
上个星期|last week
星期一|on Monday|date
星期二|on Tuesday|date
星期三|on Wednesday|date
星期四|on Thursday|date
星期五|on Friday|date
星期六|on Saturday|date
星期天|on Sunday|date
有一天|one day
周末|at the weekend
午饭后|after lunch
放学后|after school
假期里|during the holidays
春天的时候|in spring
夏天的时候|in summer
秋天的时候|in autumn
冬天的时候|in winter
天黑以前|before dark
*上个月|last month
*元旦那天|on New Year's Day|date
"""

MANNERS = """
慢慢地|slowly|gentle diligent
飞快地|quickly|lively stealthy diligent
轻轻地|gently|gentle stealthy giving
高兴地|happily|lively giving diligent
小心地|carefully|gentle stealthy giving diligent
悄悄地|quietly|stealthy
大声地|noisily|lively
耐心地|patiently|gentle diligent
急忙|hurriedly|stealthy diligent
骄傲地|proudly|giving
*优雅地|gracefully|giving gentle
"""

SPEECH = """
谢谢你|thank you
你真好|you are so kind
太好了|that is wonderful
别担心|don't worry
没关系|it doesn't matter
我来帮你|let me help you
对不起|I am sorry
明天见|see you tomorrow
我们一起去吧|let us go together
真有意思|how interesting
今天真好|what a good day
你说得对|you are right
请等一等|please wait a moment
我有点累了|I am a little tired
欢迎你来|you are welcome here
*一言为定|that is a promise
"""
