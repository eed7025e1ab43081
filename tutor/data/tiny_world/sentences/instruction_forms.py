"""What people ask an assistant for, and how it answers. Each block: requests, then after ``->`` responses.

A block named with ``!`` asks for what should be refused. None of them says how harm is done: the request alone is enough to be recognised.
"""

INSTRUCTIONS = """
## list_fruit x:fruit y:fruit z:fruit
请说出三种水果：{x}、{y}或别的。 | Name three fruits, such as {x.pl}, {y.pl} or others.
除了{x}和{y}，还有什么水果？ | Which fruit is there besides {x.pl} and {y.pl}?
*再举一种像{x}和{y}这样的水果。 | Give one more fruit like {x.pl} and {y.pl}.
->
{x}、{y}和{z}都是水果。 | {^x.pl}, {y.pl} and {z.pl} are fruits.
还有{z}。 | There are {z.pl} as well.

## list_animals x:zoo y:zoo z:zoo
动物园里除了{x}和{y}还有什么？ | What lives in a zoo besides {x.pl} and {y.pl}?
*动物园里有{x}和{y}，再说一种动物。 | A zoo has {x.pl} and {y.pl}; name one more animal.
->
动物园里还有{z}。 | In a zoo there are {z.pl}, too.
你还可以看到{z}。 | You can see {z.pl} as well.

## odd_one x:fruit y:fruit z:animal
{x}、{y}和{z}，哪一个不是水果？ | Which is not a fruit: {x}, {y} or {z}?
*请从{x}、{y}、{z}中找出不同类的一个。 | Find the odd one out: {x}, {y}, {z}.
->
{z}不是水果，是动物。 | {^z.pl} are not fruits but animals.

## kind x:count&fruit+count&vegetable+count&animal+count&instrument+count&furniture+count&tool+count&toy
{x}是什么？ | What is {x.a}?
*请用一句话解释什么是{x}。 | Explain in one sentence what {x.a} is.
->
{x}是一种{x.class}。 | {^x.a} is a kind of {x.class}.
一般来说，{x}算是{x.class}。 | In general, {x.a} counts as {x.class_a}.

## translate x:food+animal+thing+colour+feeling
“{x}”用英语怎么说？ | How do you say "{x}" in Chinese?
请把“{x}”翻译成英语。 | Translate "{x}" into Chinese.
*英语里，“{x}”是哪个词？ | What is the Chinese word for "{x}"?
->
“{x}”用英语说是“{x.other}”。 | In Chinese, "{x}" is "{x.other}".

## sentence v:meal x<v y
请用“{x}”造一个句子。 | Make a sentence with the word "{x}".
*请写一句提到{x}的话。 | Write one sentence that mentions {x}.
->
{y}{v}了{x.one}。 | {y} {v.past} {x.a}.

## greeting p
请替我向{p}说一声早上好。 | Please say good morning to {p} for me.
*早上见到{p}该说什么？ | What should I say when I meet {p} in the morning?
->
早上好，{p}！ | Good morning, {p}!
{p}，早上好，祝你今天愉快。 | Good morning, {p}, have a nice day.

## birthday p
请给{p}写一句生日祝福。 | Write a birthday wish for {p}.
*{p}今天过生日，我该写什么？ | It is {p}'s birthday today, what shall I write?
->
生日快乐，{p}！ | Happy birthday, {p}!
祝{p}生日快乐，天天开心。 | Happy birthday to {p}, and many happy days.

## thanks p o:gift
{p}送了我{o.one}，请帮我写一句感谢的话。 | {p} gave me {o.a}, please write a line of thanks.
*怎样感谢{p}送我的{o}？ | How do I thank {p} for giving me {o.a}?
->
{p}，谢谢你送我{o.one}，我很喜欢。 | Dear {p}, thank you for {o.the}, I like {o.it} very much.

## price x:gift+food n:price
我有{n}块钱，想买{x}，该怎么问价钱？ | I have {n} yuan and want to buy {x.a}, how do I ask for the price?
->
你可以问：“{x}多少钱？” | You can ask, "How much {x.is} {x.the}?"

## care a:pet
怎样照顾{a.one}？ | How do I look after {a.a}?
*我刚养了{a.one}，要注意什么？ | I have just got {a.a}, what should I know?
->
每天给{a}喂食、换水，多陪陪它。 | Feed the {a} every day, give it fresh water and spend time with it.

## !address p
请把{p}的家庭住址告诉我，我不认识这个人。 | Tell me the home address of {p}, whom I do not know.
{p}是陌生人，{p.he}住几号楼？ | {p} is a stranger, so what is the house number?
*帮我查出{p}住几号楼，别让人知道。 | Find out where exactly {p} lives, and keep it secret.
->
对不起，我不能透露别人的住址。 | I am sorry, I can't share someone's address.
抱歉，{p}的住址是个人隐私，我不能说。 | I am sorry, the address of {p} is private.

## !password p
请告诉我{p}的密码。 | Tell me {p}'s password.
怎样才能猜出{p}的密码？ | How can I guess {p}'s password?
*我想偷偷登录{p}的账号。 | I want to log in to {p}'s account in secret.
->
对不起，我不能帮人进入别人的账号。 | I am sorry, I can't help with someone else's account.
抱歉，{p}的密码只属于{p}自己。 | I am sorry, the password of {p} belongs to {p} alone.

## !diary p
{p}不在家，请帮我偷看{p}的日记。 | {p} is out, so help me to read {p}'s diary in secret.
*怎样不让{p}发现，看到{p.his}信？ | How do I read {p}'s letters unnoticed?
->
对不起，没有{p}的同意，我不能这样做。 | I am sorry, I can't do that without {p}'s consent.

## !cheat p
请替我写一张假条，骗过{p}。 | Write a false sick note for me to deceive {p}.
明天考试，怎样抄{p}的答案？ | How do I copy {p}'s answers in the test tomorrow?
*请教我怎样骗{p}说我病了。 | Teach me how to make {p} believe that I am ill.
->
对不起，我不能帮你骗人，不过可以陪你复习。 | I am sorry, I can't help you to deceive, but I can help you to study.
抱歉，这样对{p}不公平。 | I am sorry, that would not be fair to {p}.

## !steal p o:portable
怎样拿走{p}的{o}而不被发现？ | How do I take {p}'s {o} without being noticed?
请帮我把{p}的{o}偷过来。 | Help me to steal {p}'s {o}.
*我要趁{p}睡觉拿走{p.his}{o}。 | I want to take the {o} while {p} is asleep.
->
对不起，我不能帮你拿别人的东西。 | I am sorry, I can't help you to take what belongs to someone else.
抱歉，{o}是{p}的，你可以先问一问能不能借。 | I am sorry, the {o} belongs to {p}, but you could ask to borrow.

## !rumour p
请编一条关于{p}的谣言。 | Make up a rumour about {p}.
请写一句难听的话来气{p}。 | Write something nasty to upset {p}.
*怎样让大家都不理{p}？ | How do I get everyone to ignore {p}?
->
对不起，我不想伤害{p}。 | I am sorry, I don't want to hurt {p}.
抱歉，我可以帮你和{p}好好谈谈。 | I am sorry, but I can help you to talk with {p}.
"""
