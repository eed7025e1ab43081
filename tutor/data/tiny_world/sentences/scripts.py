"""Stories: each script is a row of beats, each beat the ways to say it. ``-?`` may be left out; ``@intro`` tells facts of the hero.

Roles come first, with what decides them; the two named first in a sentence are the pair that may be held out.
"""

SCRIPTS = """
## outing d:deed l<d p q=p.friend w:time t:weather f:joy
@intro
-
{w}，{p}去了{l}。 | {^w}, {p} went to {l.the}.
{w}，{p}一个人来到{l}。 | {^w}, {p} came to {l.the} alone.
{w}，{p}决定去{l}看看。 | {^w}, {p} decided to visit {l.the}.
*{w}，{p}早早地出门去{l}。 | {^w}, {p} set out early for {l.the}.
@weather
-
{p}在{l.in}{d.done}。 | {p} {d.past} {l.in}.
{p}很想在{l.in}{d}。 | {p} really wanted to {d} {l.in}.
{p}和{q}一起在{l.in}{d.done}。 | {p} and {q} {d.past} {l.in} together.
*{p}一到{l}，就开始{d}。 | As soon as {p} reached {l.the}, {p.he} began to {d}.
-?
{q}也来了。 | {q} came, too.
{p}在{l.in}遇见了{q}。 | {p} met {q} {l.in}.
不一会儿，{q}也到了{l}。 | Before long, {q} arrived at {l.the} as well.
*谁也没想到，{q}也在{l.in}。 | To everyone's surprise, {q} was {l.in}, too.
@chat
@feel_good
@home

## gift o:gift q=p.friend p w:date l:mixed c:colour f:joy m:giving b:quality&nice
@intro
-
{w}是{q}的生日。 | {q}'s birthday was {w}.
{p}想送{q}一件礼物。 | {p} wanted to give {q} a present.
{w}，{p}想给{q}一个惊喜。 | {^w}, {p} wanted to surprise {q}.
*{q}快过生日了，{p}在想送什么好。 | {q}'s birthday was near, and {p} wondered what to give.
-
{p}在{l.in}买了{o.one}。 | {p} bought {o.a} {l.in}.
{p}去{l}，给{q}挑了{o.one}。 | {p} went to {l.the} and chose {o.a} for {q}.
{p}花了半天工夫，亲手给{q}挑了{o.one}。 | {p} spent hours choosing {o.a} for {q}.
*在{l.in}，{p}一眼就看中了{o.one}。 | {p} fell in love with {o.a} {l.in}.
-?
{o.that}是{q}最喜欢的{c}。 | {^o.the} came in {c}, the colour that {q} liked best.
{p}用{c}的纸把{o.that}包了起来。 | {p} put {o.the} in {c} paper.
-
{p}把{o.that}送给了{q}。 | {p} gave {o.the} to {q}.
{p}{m}把{o.that}交给了{q}。 | {p} {m} handed {o.the} to {q}.
*{p}把{o.that}悄悄放在{q}的门口。 | {p} left {o.the} at {q}'s door in secret.
-
{q}打开一看，{f}极了。 | {q} opened it and was very {f}.
{q}收到{o.that}，心里很{f}。 | {q} was {f} to receive {o.the}.
{q}笑着说：“谢谢你，{p}！” | {q} smiled and said, "Thank you, {p}!"
*{q}拿着{o.that}，高兴得说不出话来。 | {q} held {o.the} and could not say a word for joy.
-?
从那以后，{q}一直带着{o.that}。 | From then on, {q} kept {o.the} close.
{q}把{o.that}当成了宝贝。 | {q} treasured {o.the}.
{q}觉得{o.that}很{b}。 | {q} found {o.the} very {b}.
大家都说{o.that}很{b}。 | Everyone said that {o.the} {o.was} very {b}.
*{q}逢人便说{o.that}有多{b}。 | {q} told everyone how {b} {o.the} {o.was}.

## lost o:found l:outdoor+indoor m:outdoor+indoor p q=p.friend w:time f:worry g:joy b:quality&humble
@intro
-
{w}，{p}把{o}弄丢了。 | {^w}, {p} lost {p.his} {o}.
{w}，{p}发现{o}不见了。 | {^w}, {p} noticed that {p.his} {o} {o.was} gone.
*{w}，{p}的{o}忽然没了踪影。 | {^w}, {p}'s {o} {o.was} nowhere to be seen.
-
{p.he}很{f}。 | {^p.he} was {f}.
{p}心里非常{f}。 | {p} felt very {f}.
虽然{o}很{b}，{p}却舍不得。 | The {o} {o.was} {b}, but {p} was fond of {o.it}.
*{p}{f}得差点哭了。 | {p} was so {f} that {p.he} almost cried.
-
{p}在{l.in}找了很久，可是没有找到。 | {p} searched {l.in} for a long time but found nothing.
{p}先去{l}找，又去{m}找。 | {p} looked first {l.in} and then {m.in}.
{q}帮{p}在{l.in}找了一遍。 | {q} helped {p} to search {l.in}.
*{p}把{l}找了个遍。 | {p} searched every corner of {l.the}.
-?
{p}问{q}：“你看见我的{o}了吗？” | {p} asked {q}, "Have you seen my {o}?"
{q}说：“别担心，我帮你找{o}。” | {q} said, "Don't worry, I will help you to find the {o}."
-
最后，{q}在{m.in}找到了{o}。 | In the end, {q} found the {o} {m.in}.
原来，{o}就在{m.in}。 | The {o} had been {m.in} all along.
{p}忽然想起来，{o}忘在{m.in}了。 | Suddenly {p} remembered leaving the {o} {m.in}.
*找来找去，{o}竟然在{m.in}。 | Of all places, the {o} turned up {m.in}.
-
{p}终于{g}了。 | {p} was {g} at last.
找回了{o}，{p}很{g}。 | {p} was {g} to have the {o} back.
*{p}把{o}紧紧地拿在手里。 | {p} held the {o} tightly.

## meal v:meal o<v p q=p.friend l:food_shop w:time g:joy a:quality&of_food
@intro
-
{w}，{p}饿了。 | {^w}, {p} was hungry.
{w}，{p}请{q}来家里吃饭。 | {^w}, {p} invited {q} to dinner.
{p}和{q}都饿了。 | {p} and {q} were both hungry.
*{w}，{p}的肚子咕咕叫。 | {^w}, {p}'s stomach was rumbling.
-
{p}去{l}买了{o.one}。 | {p} went to {l.the} and bought {o.a}.
{p}在{l.in}看见了{o.one}。 | {p} saw {o.a} {l.in}.
{l}正好在卖{o}。 | {^l.the} was selling {o.pl}.
*{p}从{l}带回了{o.one}。 | {p} brought {o.a} home from {l.the}.
-
{p}{v}了{o.one}。 | {p} {v.past} {o.a}.
{q}也{v}了{o.one}。 | {q} {v.past} {o.a}, too.
{p}和{q}一起{v}了{o.one}。 | {p} and {q} {v.past} {o.a} together.
*{p}一边说笑，一边{v}{o}。 | {p} was laughing while {v.ing} {o.a}.
-
{o}非常{a}。 | {^o.the} {o.was} really {a}.
{q}说{o}很{a}。 | {q} said that {o.the} {o.was} {a}.
*这么{a}的{o}，{p}从来没吃过。 | Never before had {p} tasted such {a} {o.pl}.
@feel_good

## pet v:care q=p.friend l:outdoor+room a=p.pet p w:time f:worry m:gentle
@pet_intro
-
{w}，{a}跑丢了。 | {^w}, the {a} ran away.
{w}，{p}的{a}不见了。 | {^w}, {p}'s {a} was gone.
{w}，{p}的{a}病了，什么也不吃。 | {^w}, {p}'s {a} was ill and ate nothing.
*{w}，{p}怎么叫，{a}也不出来。 | {^w}, however often {p} called, the {a} did not come.
-
{p}很{f}。 | {p} was {f}.
{p}{f}地找来了{q}。 | {p} was {f} and went to get {q}.
*{p}{f}得一夜没睡。 | {p} was too {f} to sleep that night.
-
{p}和{q}在{l.in}找到了{a}。 | {p} and {q} found the {a} {l.in}.
{q}{m}把{a}抱了回来。 | {q} {m} carried the {a} back.
{q}看见{a}躲在{l.in}。 | {q} saw the {a} hiding {l.in}.
*{a}原来在{l.in}睡着了。 | The {a} had fallen asleep {l.in}.
-
{p}{v}了{a}，又给它喝了水。 | {p} {v.past} the {a} and gave it some water.
{p}{m}摸了摸{a}的头。 | {p} {m} stroked the head of the {a}.
-
{a}高兴地叫了起来。 | The {a} made a happy sound.
从此，{a}再也没有离开过{p}。 | From then on, the {a} never left {p} again.
*第二天，{a}又活蹦乱跳了。 | The next day, the {a} was lively again.

## work j=p.job p q:person l<j w:time f:worry g:joy r:trait&good
-
{p}是一名{j}。 | {p} is {j.a}.
{p}的工作是当{j}。 | {p} works as {j.a}.
*说到工作，{p}是{j}。 | By profession, {p} is {j.a}.
-
{w}，{p}在{l.in}上班。 | {^w}, {p} was at work {l.in}.
每天早上，{p}都到{l}上班。 | Every morning, {p} goes to work {l.in}.
*{w}，{p}第一个到{l}。 | {^w}, {p} was the first to arrive {l.in}.
-
那天，{p}{j.did}。 | That day, {p} {j.did}.
{w}，{p}在{l.in}{j.did}。 | {^w}, {p} {j.did} {l.in}.
*又是忙碌的一天，{p}{j.did}。 | It was another busy day, and {p} {j.did}.
-
{q}来找{p}，看上去很{f}。 | {q} came to see {p} and looked {f}.
{q}来到{l}，看上去很{f}。 | {q} came to {l.the} and looked {f}.
*{q}{f}地走进{l}。 | {q} was {f} and walked into {l.the}.
-
{p}停下手里的活儿，帮了{q}。 | {p} stopped working and helped {q}.
{p}问：“{q}，你怎么了？” | {p} asked, "What is the matter, {q}?"
*{p}给{q}倒了茶，听{q}慢慢说。 | {p} gave {q} a cup of tea and listened.
-
{q}说：“这位{j}真{r}！” | {q} said, "What {r.a} {j}!"
{q}觉得{p}是个{r}的人。 | {q} found that {p} was {r.a} person.
大家都说{p}很{r}。 | Everyone says that {p} is {r}.
@feel_good

## storm l:outdoor p q=p.friend o:clothes+head w:time t:weather&wet f:body g:joy
@intro
-
{w}，{p}在{l.in}，忽然变天了。 | {^w}, {p} was {l.in} when the weather changed.
{w}，{p}正往{l}走。 | {^w}, {p} was walking to {l.the}.
*{w}，乌云飘到了{l}上空，{p}还没回家。 | {^w}, dark clouds came over {l.the}, and {p} was not home yet.
-
外面{t}。 | Outside, {t}.
{t}，{p}没有带雨伞。 | {^t}, and {p} had no umbrella.
*不久，{l.in}{t}。 | Soon {t} {l.in}.
-
{p}的{o}全湿了。 | {p}'s {o} {o.was} all wet.
{p}又冷又{f}。 | {p} was cold and {f}.
{p}在一棵大树下等着。 | {p} waited under a big tree.
*{p}跑得飞快，可是{o}还是湿了。 | {p} ran fast, but {p.his} {o} got wet all the same.
-
{q}借给{p}一把雨伞。 | {q} lent {p} an umbrella.
{q}从{l}跑过来帮忙。 | {q} came running from {l.the} to help.
{q}把自己的{o}给了{p}。 | {q} gave {q.his} own {o} to {p}.
*{q}的窗子亮着，{p}敲了敲门。 | There was light in {q}'s window, and {p} knocked.
@chat
@feel_good

## lesson d:skill p q=p.friend l<d w:time r:teacherly g:joy
@intro
-
{p}一直想学{d}。 | {p} had always wanted to learn how to {d}.
{w}，{p}看见{q}在{l.in}{d}。 | {^w}, {p} saw {q} {d.ing} {l.in}.
{p}不会{d}，可是{q}会。 | {p} could not {d}, but {q} could.
*{p}做梦都想{d}。 | {p} even dreamed of {d.ing}.
-
{q}答应教{p}{d}。 | {q} agreed to teach {p} how to {d}.
{q}说：“我来教你{d}。” | {q} said, "I will teach you how to {d}."
*{p}求{q}教自己{d}。 | {p} begged {q} for lessons and wanted to {d} at once.
-
一开始，{p}怎么也学不会。 | At first, {p} could not do it at all.
{p}每天都在{l.in}练习。 | {p} practised {l.in} every day.
{q}很{r}，教得很认真。 | {q} was {r} and taught well.
*{p}试了一次又一次。 | {p} tried again and again.
-
一个月以后，{p}学会了{d}。 | After a month, {p} had learned how to {d}.
{p}终于会{d}了。 | At last {p} could {d}.
*{w}，{p}第一次自己{d}。 | {^w}, {p} managed to {d} for the first time.
@feel_good

## trip v:travel o<v l:green+water+animals p q=p.friend w:time t:weather a:animal f:joy
@intro
-
{w}，{p}和{q}去{l}旅行。 | {^w}, {p} and {q} took a trip to {l.the}.
{w}，{p}打算去{l}玩一天。 | {^w}, {p} planned to spend a day {l.in}.
*{w}，{p}约了{q}去{l}。 | {^w}, {p} asked {q} to come along to {l.the}.
-
{p}{v}着{o}去{l}。 | {p} {v.past} {o.a} to {l.the}.
{q}不会{v}{o}，就走路去{l}。 | {q} could not {v} {o.a} and walked to {l.the}.
*{p}{v}着{o}，一路唱着歌。 | {p} {v.past} {o.a} and sang all the way.
@weather
-
{p}在{l.in}看见了{a.one}。 | {p} saw {a.a} {l.in}.
{l.in}有{a.one}。 | There was {a.a} {l.in}.
{q}指着{a.one}给{p}看。 | {q} pointed out {a.a} to {p}.
*{a.one}从{p}身边经过。 | {^a.a} passed close by {p}.
-?
{p}给{a}拍了照片。 | {p} took a picture of the {a}.
{p}悄悄地看着{a}。 | {p} watched the {a} quietly.
{a}一点儿也不怕{q}。 | The {a} was not at all afraid of {q}.
-
天黑的时候，{p}和{q}回家了。 | When it grew dark, {p} and {q} went home.
{p}说：“明天我们再来{l}吧。” | {p} said, "Let us come back to {l.the} tomorrow."
*回家的路上，{p}和{q}还在说{a}。 | All the way home, {p} and {q} talked about the {a}.

## quarrel o:toy+instrument p q=p.friend l:green+fun+room w:time f:hurt g:joy
@intro
-
{w}，{p}和{q}都想要{o.that}。 | {^w}, {p} and {q} both wanted {o.the}.
{w}，{p}和{q}在{l.in}吵了一架。 | {^w}, {p} and {q} quarrelled {l.in}.
*{w}，{p}不肯把{o}借给{q}。 | {^w}, {p} would not lend {o.the} to {q}.
-
{p}说：“这是我的{o}！” | {p} said, "This is my {o}!"
{q}说：“不对，{o.that}是我的！” | {q} said, "No, {o.the} belongs to me!"
*{q}一把抢走了{o.that}。 | {q} grabbed {o.the} and ran.
-
{p}很{f}，{q}也很{f}。 | {p} was {f}, and so was {q}.
{q}{f}地离开了{l}。 | {q} was {f} and left {l.the}.
*两个人谁也不说话，{p}觉得很{f}。 | Nobody spoke, and {p} felt {f}.
-
后来，{p}对{q}说：“对不起。” | Later, {p} said to {q}, "I am sorry."
{p}把{o.that}让给了{q}。 | {p} let {q} have {o.the}.
{q}说：“{o.that}我们一起用吧。” | {q} said, "Let us share {o.the}."
*第二天，{p}带着{o.that}去找{q}。 | The next day, {p} took {o.the} to {q}.
-
{p}和{q}又成了好朋友。 | {p} and {q} were good friends again.
两个人都{g}地笑了，{p}笑得最响。 | Both were {g} and laughed, {p} the loudest.
*从那天起，{p}和{q}再也没有吵过架。 | From that day on, {p} and {q} never quarrelled again.

## shopping x:gift+food n=x.price p l:mixed w:time c:colour q:relative
@intro
-
{w}，{p}和{q}去{l}买东西。 | {^w}, {p} went shopping {l.in} with {p.his} {q}.
{w}，{p}的{q}请{p.him}去{l}买{x.one}。 | {^w}, {p}'s {q} sent {p.him} to {l.the} for {x.a}.
*{w}，{l}里挤满了人，{p}也在。 | {^w}, {l.the} was crowded, and {p} was there, too.
-
{p}看见了{x.one}。 | {p} saw {x.a}.
{p}问：“{x.one}多少钱？” | {p} asked, "How much is {x.a}?"
*{p}的眼睛一直盯着{x}。 | {p} could not take {p.his} eyes off {x.the}.
-
{x.one}卖{n}块钱。 | {^x.a} costs {n} yuan.
店里的人说：“{x.one}要{n}块钱。” | The seller said, "For {x.a} I ask {n} yuan."
-
{p}觉得{x}有点贵，没有买。 | {p} found {x.the} too expensive and did not buy {x.it}.
{p}付了钱，把{x}带回了家。 | {p} paid and took {x.the} home.
{p}买了两次：一次给自己，一次给{q}。 | {p} bought twice, once for {p.self} and once for {p.his} {q}.
*{p}数了数钱，正好够买{x}。 | {p} counted the money, and it was just enough for {x.the}.
-
{p}的{q}很高兴。 | {p}'s {q} was pleased.
{p}的{q}说：“{x}买得真好。” | {p}'s {q} said, "You did well to buy {x.the}."

## chores v:chore+work+kitchen o<v p q:relative l:room w:time m:diligent f:body
@intro
-
{w}，{p}的{q}很忙。 | {^w}, {p}'s {q} was busy.
{w}，{p}想帮{q}做点事。 | {^w}, {p} wanted to help {p.his} {q}.
*{w}，{p}的{q}病了，家里没有人做事。 | {^w}, {p}'s {q} was ill, and nobody did the work at home.
-
{p}{m}{v}了{o.one}。 | {p} {m} {v.past} {o.a}.
{p}在{l.in}{v}了{o.one}。 | {p} {v.past} {o.a} {l.in}.
{p}帮{q}{v}了{o.one}。 | {p} {v.past} {o.a} for {p.his} {q}.
*{p}从来没{v}过{o}，这回也试了试。 | {p} had never before tried to {v} {o.a}.
-?
{p}还打扫了{l}。 | {p} also cleaned {l.the}.
{l}变得干干净净。 | Soon {l.the} was nice and clean.
-
{p}又{f}又开心。 | {p} was {f} but cheerful.
{p}有点{f}，可是没有停下来。 | {p} was a little {f} but did not stop.
*{p}{f}了，坐在{l.in}歇了一会儿。 | {p} was {f} and sat down {l.in}.
-
{q}对{p}说：“你真能干！” | {p}'s {q} said, "You are a great help!"
{p}的{q}笑了。 | {p}'s {q} smiled.
*{p}得到了{q}的表扬。 | {p} was praised by {p.his} {q}.

## garden v:garden o<v p q=p.friend l:green w:time t:weather&fine g:joy a:animal&wild
@intro
-
{w}，{t}，{p}来到{l}。 | {^w} {t}, and {p} came to {l.the}.
{w}，{p}在{l.in}干活儿。 | {^w}, {p} was busy {l.in}.
*{w}，{p}直接去了{l}。 | {^w}, {p} went straight to {l.the}.
-
{p}在{l.in}{v}了{o.one}。 | {p} {v.past} {o.a} {l.in}.
{p}教{q}怎样{v}{o}。 | {p} showed {q} how to {v} {o.a}.
{p}和{q}各{v}了{o.one}。 | {p} and {q} each {v.past} {o.a}.
*{p}第一次{v}{o}，{v}得很慢。 | {p} had never {v.past} {o.a} before and worked slowly.
-?
{a.one}在旁边看着{p}。 | {^a.a} was watching {p}.
{a.one}从{l.in}跑了过去。 | {^a.a} passed by {l.in}.
*{q}小声说：“看，{a.one}！” | {q} whispered, "Look, {a.a}!"
@chat
@feel_good
@home

## rest_day v:leisure+music o<v p q=p.friend l:room w:time t:weather&wet+weather&rough g:joy
@intro
-
{w}，外面{t}，{p}待在家里。 | {^w} {t} outside, and {p} stayed at home.
{w}，{p}在{l.in}休息。 | {^w}, {p} was resting {l.in}.
*{w}，{p}哪儿也不想去。 | {^w}, {p} did not want to go anywhere.
-
{p}在{l.in}{v}{o}。 | {p} was {v.ing} {o.obj} {l.in}.
{p}{v}了一会儿{o}。 | {p} {v.past} {o.obj} for a while.
{p}坐下来{v}{o}。 | {p} sat down to {v} {o.obj}.
*{p}一整天都在{v}{o}。 | {p} spent the whole day {v.ing} {o.obj}.
-
{q}也喜欢{v}{o}。 | {q} likes to {v} {o.obj}, too.
{q}来{l}看{p}。 | {q} came to see {p} {l.in}.
*{q}听说{p}在{v}{o}，也来了。 | {q} heard that {p} was {v.ing} {o.obj} and came over.
@chat
@feel_good

## play v:play o<v p q=p.friend l:green+fun w:time t:weather&fine m:lively f:body g:joy
@intro
-
{w}，{p}和{q}在{l.in}玩。 | {^w}, {p} and {q} were playing {l.in}.
{w}，{q}叫{p}去{l}玩。 | {^w}, {q} asked {p} to come and play {l.in}.
@weather
-
{p}{m}{v}着{o}。 | {p} {m} {v.past} {o.a}.
{p}和{q}一起{v}{o}。 | {p} and {q} {v.past} {o.a} together.
*{p}在{l.in}{v}{o}，{v}得满头大汗。 | {p} was hot from {v.ing} {o.a} {l.in}.
-
玩了一会儿，{p}{f}了。 | After a while, {p} was {f}.
{q}{f}了，想回家。 | {q} was {f} and wanted to go home.
@feel_good
@home

## tea v:sip o<v p q=p.friend l:eating w:time r:trait b:trait&good g:joy
@intro
-
{w}，{p}约{q}在{l}见面。 | {^w}, {p} met {q} {l.in}.
{w}，{p}走进{l}，看见了{q}。 | {^w}, {p} walked into {l.the} and saw {q}.
*{l.in}人很多，{p}等了{q}很久。 | It was crowded {l.in}, and {p} waited a long time for {q}.
-
{p}要了{o.one}。 | {p} ordered {o.a}.
{p}{v}了{o.one}。 | {p} {v.past} {o.a}.
{q}一边{v}{o}，一边听{p}说话。 | {q} {v.past} {o.a} and listened to {p}.
*{q}也想{v}{o.one}。 | {q} wanted to {v} {o.a} as well.
-
{p}说起了一个{r}的人。 | {p} talked about {r.a} person.
{q}觉得{p}很{b}。 | {q} thought that {p} was {b}.
*{p}把{q}逗笑了，说：“你真{b}。” | {p} made {q} laugh and said, "You are so {b}."
@feel_good
@home

## accident v:accident o<v p q:relative l:room w:time f:worry u:secret x<u r:candid m:stealthy
-
{w}，{p}在{l.in}玩，不小心{v}了{o.one}。 | {^w}, {p} was playing {l.in} and {v.past} {o.a} by accident.
{w}，{p}{v}了{q}的{o}。 | {^w}, {p} {v.past} the {o} of {p.his} {q}.
*{w}，{p}一转身，{v}了{o.one}。 | {^w}, {p} turned round and {v.past} {o.a}.
-
{p}心里很{f}。 | {p} felt {f}.
{p}怕{q}生气，很{f}。 | {p} was {f} because {p.his} {q} might be angry.
-
{p}{m}把{o}{u}在{l.in}。 | {p} {m} {u.past} the {o} {l.in}.
{p}想把{o}{u}起来。 | {p} wanted to {u} the {o}.
-
{p}的{q}问：“{o.that}呢？” | {p}'s {q} asked, "Where is the {o}?"
{q}走进{l}，看了看{p}。 | {p}'s {q} came into {l.the} and looked at {p}.
*{p}听见{q}走进了{l}。 | {p} heard {p.his} {q} walk into {l.the}.
-
{p}说：“对不起，是我{v}了{o}。” | {p} said, "I am sorry, I {v.past} the {o}."
{p}把事情告诉了{q}。 | {p} told {p.his} {q} the truth.
-
{p}的{q}说：“你是个{r}的人。” | {p}'s {q} said, "You are {r.a} person."
{q}没有生气，还夸{p}{r}。 | {p}'s {q} was not angry and called {p} {r}.
*{q}摸摸{p}的头，笑了。 | {p}'s {q} patted {p} on the head and smiled.

## cold v:dress o<v p q=p.friend l:green+water+fun w:time t:weather&wet d:deed f:body g:joy
@intro
-
{w}，{t}，{p}要去{l}。 | {^w} {t}, and {p} had to go to {l.the}.
{w}，{p}想和{q}去{l}，可是{t}。 | {^w}, {p} wanted to go to {l.the} with {q}, but {t}.
-
{p}{v}上了{o}。 | {p} {v.past} {o.a}.
{q}说：“{v}上{o}吧。” | {q} said, "Please {v} {o.a}."
*{p}忘了{v}{o}。 | {p} forgot to {v} {o.a}.
-
{p}在{l.in}走了很远。 | {p} walked a long way {l.in}.
{p}又{f}又冷。 | {p} was {f} and cold.
*{p}在{l.in}冻得直跺脚。 | {p} stamped {p.his} feet from the cold {l.in}.
@feel_good
@home
"""

SHARED = """
## pet_intro p a=p.pet
{p}养了{a.one}。 | {p} has {a.a}.
{p}家里有{a.one}。 | There is {a.a} in {p}'s home.
*陪着{p}的是{a.one}。 | {p} keeps {a.a} for company.

## weather p l:place t:weather
那天{t}。 | That day {t}.
{l.in}{t}。 | {^t} {l.in}.
{p}出门的时候，{t}。 | {^t} when {p} went out.
{p}到{l}的时候，{t}。 | When {p} reached {l.the}, {t}.
{p}记得，那天{l.in}{t}。 | {p} remembers that {t} {l.in} that day.
*{p}抬头一看，{t}。 | {p} looked up, and {t}.

## chat p q s:speech
{q}说：“{s}。” | {q} said, "{^s}."
{p}对{q}说：“{s}！” | {p} said to {q}, "{^s}!"
{q}笑着对{p}说：“{s}。” | {q} smiled at {p} and said, "{^s}."
{p}想了想，说：“{q}，{s}。” | {p} thought for a moment and said, "{q}, {s}."
*{p}听见{q}小声说：“{s}。” | {p} heard {q} whisper, "{^s}."

## feel_good p q g:joy
{p.he}很{g}。 | {^p.he} was {g}.
{p}觉得很{g}。 | {p} felt {g}.
{q}也很{g}。 | {q} was {g}, too.
有{q}在身边，{p}很{g}。 | {p} was {g} to have {q} near.
{p}和{q}都很{g}。 | {p} and {q} were both {g}.
看到{q}这么{g}，{p}也笑了。 | {p} smiled to see {q} so {g}.
{p}告诉{q}，自己从来没有这么{g}过。 | {p} told {q} that it was good to be so {g}.
*{p}心里别提多{g}了。 | Never before had {p} been so {g}.

## home p q h=p.home
晚上，{p}回到了{h}的家。 | In the evening, {p} went back home {h}.
{p}跟{q}说了再见，就回家了。 | {p} said goodbye to {q} and went home.
那天晚上，{p}睡得很香。 | That night, {p} slept well.
睡觉以前，{p}给{q}打了电话。 | Before going to sleep, {p} called {q}.
{p}和{q}慢慢地走回家。 | {p} and {q} walked home slowly.
*{p}到家的时候，天已经黑了。 | It was already dark when {p} got home.
"""
"""Beats that several scripts use; roles that a script has not filled are filled here."""
