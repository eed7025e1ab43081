"""How facts are stated and asked for. The first slot is what a fact is about, the second its value."""

STATEMENTS = """
## job p j:job
{p}是一名{j}。 | {p} is {j.a}.
{p}的工作是当{j}。 | {p} works as {j.a}.
{p}当{j}已经很多年了。 | {p} has been {j.a} for many years.
*说到工作，{p}是{j}。 | By profession, {p} is {j.a}.

## home p h:home
{p}住在{h}。 | {p} lives {h}.
{p}的家在{h}。 | The home of {p} is {h}.
{p}和家人一起住在{h}。 | {p} and the family live {h}.
*要找{p}，就去{h}。 | You can find {p}'s house {h}.

## dish p g:food&eaten
{p}最喜欢吃{g}。 | {p} likes to eat {g.pl} best.
在所有食物里，{p}最爱吃{g}。 | Of all foods, {p} loves {g.pl} the most.
{p}每天都想吃{g}。 | Every day {p} wants to eat {g.pl}.
*没有什么比{g}更合{p}的口味。 | Nothing tastes better to {p} than {g.pl}.

## pet p a:pet
{p}养了{a.one}。 | {p} has {a.a}.
{p}家里有{a.one}。 | There is {a.a} in {p}'s home.
{p}的宠物是{a.one}。 | {p}'s pet is {a.a}.
*陪着{p}的是{a.one}。 | {p} keeps {a.a} for company.

## colour p c:colour
{p}最喜欢{c}。 | {p} likes {c} best.
{p}最爱的颜色是{c}。 | {p}'s favourite colour is {c}.
*在{p}看来，{c}最好看。 | To {p}, {c} is the prettiest colour.

## age p n:age
{p}今年{n}岁。 | {p} is {n} years old.
今年，{p}已经{n}岁了。 | This year {p} turned {n}.
*{p}的年龄是{n}岁。 | The age of {p} is {n}.

## friend p q
{p}最好的朋友是{q}。 | {p}'s best friend is {q}.
{p}和{q}是最好的朋友。 | {p} and {q} are best friends.
*谁都知道，{p}跟{q}最要好。 | Everyone knows that {p} is closest to {q}.

## price x:gift+food n:price
{x.one}卖{n}块钱。 | {^x.a} costs {n} yuan.
{x}的价格是{n}块钱。 | The price of {x.a} is {n} yuan.
买{x.one}要花{n}块钱。 | You pay {n} yuan for {x.a}.
*要想买{x.one}，得准备{n}块钱。 | To buy {x.a}, you need {n} yuan.

## place o:portable l:place
{o.that}在{l.in}。 | {^o.the} {o.is} {l.in}.
在{l.in}可以找到{o.that}。 | You can find {o.the} {l.in}.
有人把{o.that}放在了{l.in}。 | Someone left {o.the} {l.in}.
*{o.that}一直放在{l.in}。 | {^o.the} {o.is} still {l.in}.

## tint o:portable c:colour
{o.that}是{c}的。 | {^o.the} {o.is} {c}.
{o.that}的颜色是{c}。 | The colour of {o.the} is {c}.
*一眼就能看出，{o.that}是{c}的。 | Anyone can see that {o.the} {o.is} {c}.

## size o:portable s:size
{o.that}{s}。 | {^o.the} {o.is} {s}.
大家都觉得{o.that}{s}。 | Everyone finds {o.the} {s}.
*看上去，{o.that}{s}。 | {^o.the} {o.look} {s}.

## hour l:open h:hour
{l}早上{h}点开门。 | {^l.the} opens at {h} o'clock in the morning.
每天早上{h}点，{l}就开门了。 | Every morning at {h} o'clock, {l.the} opens.
*早上{h}点以前，{l}不开门。 | {^l.the} does not open before {h} o'clock in the morning.

## beside l:public m:public
{l}在{m}旁边。 | {^l.the} is next to {m.the}.
{l}离{m}很近。 | {^l.the} is very close to {m.the}.
*{l}的旁边就是{m}。 | Right beside {l.the} is {m.the}.
"""

QUESTIONS = """
## job p j:job
{p}做什么工作？ | What is {p}'s job?
{p}靠什么工作生活？ | What does {p} do for a living?
*请问{p}从事什么职业？ | Which profession does {p} have?

## home p h:home
{p}住在哪里？ | Where does {p} live?
{p}的家在什么地方？ | Where is {p}'s home?
*到哪里能找到{p}的家？ | Where will I find the home of {p}?

## dish p g:food&eaten
{p}最喜欢吃什么？ | What does {p} like to eat best?
{p}最爱的食物是什么？ | What is {p}'s favourite food?
*什么东西最合{p}的口味？ | Which food tastes best to {p}?

## pet p a:pet
{p}养了什么宠物？ | Which pet does {p} have?
{p}家里有什么动物？ | Which animal lives in {p}'s home?
*陪着{p}的是什么动物？ | Which animal keeps {p} company?

## colour p c:colour
{p}最喜欢什么颜色？ | Which colour does {p} like best?
*在{p}看来，什么颜色最好看？ | Which colour is the prettiest to {p}?

## age p n:age
{p}今年多大？ | How old is {p}?
*{p}的年龄是多少？ | What is the age of {p}?

## friend p q
谁是{p}最好的朋友？ | Who is {p}'s best friend?
*{p}跟谁最要好？ | To whom is {p} closest?

## price x:gift+food n:price
{x.one}多少钱？ | How much does {x.a} cost?
买{x.one}要花多少钱？ | How much do you pay for {x.a}?
*要想买{x.one}，得准备多少钱？ | How much do you need to buy {x.a}?

## place o:portable l:place
{o.that}在哪里？ | Where {o.is} {o.the}?
在哪里可以找到{o.that}？ | Where can I find {o.the}?
*{o.that}放在什么地方？ | In which place {o.is} {o.the}?

## tint o:portable c:colour
{o.that}是什么颜色的？ | What colour {o.is} {o.the}?
*{o.that}的颜色是什么？ | Which colour {o.do} {o.the} have?

## size o:portable s:size
{o.that}有多大？ | How big {o.is} {o.the}?
*{o.that}是大还是小？ | {^o.is} {o.the} big or small?

## hour l:open h:hour
{l}早上几点开门？ | When does {l.the} open in the morning?
*早上几点以后可以去{l}？ | From what time in the morning can I go to {l.the}?

## beside l:public m:public
{l}在什么地方旁边？ | What is {l.the} next to?
*{l}的旁边是什么？ | What stands right beside {l.the}?
"""
"""Only the first slot stands in a question; the answer is one of the statements."""
