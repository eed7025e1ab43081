"""Names, jobs and what people are like."""

NAMES_F = """
安娜|Anna
玛丽|Mary
露西|Lucy
艾玛|Emma
莉莉|Lily
索菲|Sophie
凯特|Kate
爱丽丝|Alice
海伦|Helen
苏珊|Susan
克拉拉|Clara
诺拉|Nora
罗莎|Rosa
米娅|Mia
*佐伊|Zoe
*格蕾丝|Grace
小芳|Xiaofang
小梅|Xiaomei
小红|Xiaohong
小丽|Xiaoli
李娜|Li Na
王静|Wang Jing
陈雪|Chen Xue
*张兰|Zhang Lan
*小玉|Xiaoyu
"""

NAMES_M = """
汤姆|Tom
杰克|Jack
山姆|Sam
彼得|Peter
保罗|Paul
大卫|David
亨利|Henry
奥利弗|Oliver
卢卡斯|Lucas
里奥|Leo
乔治|George
尼克|Nick
弗兰克|Frank
西蒙|Simon
*雨果|Hugo
*麦克斯|Max
小明|Xiaoming
小刚|Xiaogang
小强|Xiaoqiang
小军|Xiaojun
王伟|Wang Wei
李强|Li Qiang
张勇|Zhang Yong
*刘洋|Liu Yang
*陈杰|Chen Jie
"""

JOBS = """
医生|doctor|hospital|看了很多病人|saw many patients
护士|nurse|hospital|照顾了很多病人|looked after many patients
老师|teacher|school|上了三节课|taught three classes
农民|farmer|farm|收了一天庄稼|harvested crops all day
厨师|cook|restaurant|准备了晚饭|prepared dinner
服务员|waiter|restaurant|端了一天盘子|carried dishes all day
警察|police officer|police station|帮一个孩子找到了家|helped a child to find the way home
消防员|firefighter|fire station|扑灭了一场大火|put out a big fire
面包师|baker|bakery|烤了很多面包|baked plenty of bread
裁缝|tailor|workshop|做了两套西装|made two suits
木匠|carpenter|workshop|锯了一天木头|sawed wood all day
画家|painter|gallery|给一位老人画了像|painted an old man
歌手|singer|theatre|唱了一首新歌|sang a new song
演员|actor|theatre|演了一场戏|acted in a play
邮递员|mail carrier|post office|送了一百封信|delivered a hundred letters
图书管理员|librarian|library|整理了书架|put the shelves in order
科学家|scientist|laboratory|做了一个实验|did an experiment
工程师|engineer|factory|设计了一台机器|designed a machine
工人|worker|factory|装好了一台机器|put a machine together
园丁|gardener|park|给花草浇了水|watered the plants
牙医|dentist|clinic|拔了一颗坏牙|pulled a bad tooth
兽医|vet|clinic|救了一只小狗|saved a puppy
药剂师|pharmacist|pharmacy|配了很多药|prepared many medicines
记者|journalist|newspaper office|写了一篇报道|wrote a report
飞行员|pilot|airport|检查了飞机|checked the plane
水手|sailor|harbour|洗了甲板|washed the deck
店员|shop assistant|shop|接待了很多顾客|served many customers
理发师|hairdresser|barber's shop|剪了一天头发|cut hair all day
导游|tour guide|museum|带客人参观了一天|showed visitors around all day
程序员|programmer|office|写了一个程序|wrote a program
秘书|secretary|office|打印了很多文件|printed many documents
会计|accountant|bank|算了一天账|did the accounts all day
*教练|coach|gym|训练了一支球队|trained a team
*售票员|ticket seller|station|卖了很多票|sold many tickets
*翻译|translator|newspaper office|翻译了一篇文章|translated an article
"""
"""Each with the place where one does it, and what one did there."""

TRAITS = """
善良|kind|good teacherly
勇敢|brave|good candid
聪明|clever|good
勤劳|hard-working|good
耐心|patient|good teacherly
诚实|honest|good candid
大方|generous|good
幽默|funny|good
细心|careful|good teacherly
热情|warm-hearted|good teacherly
礼貌|polite|good
害羞|shy|
安静|quiet|
调皮|naughty|
懒惰|lazy|bad
粗心|careless|bad
*固执|stubborn|bad
*谦虚|modest|good candid teacherly
"""

FEELINGS = """
高兴|happy|good joy
开心|cheerful|good joy
激动|excited|good joy
骄傲|proud|good
放心|relieved|good
满意|pleased|good joy
感激|grateful|good
幸福|joyful|good joy
平静|calm|good
难过|sad|bad worry hurt
生气|angry|bad hurt
害怕|afraid|bad
孤单|lonely|bad
无聊|bored|bad
担心|worried|bad worry
失望|disappointed|bad hurt
紧张|nervous|bad worry
着急|anxious|bad worry
累|tired|body
饿|hungry|body
渴|thirsty|body
困|sleepy|body
*轻松|relaxed|good joy
*沮丧|gloomy|bad worry hurt
"""

RELATIVES = """
妈妈|mother|f
奶奶|grandmother|f
姐姐|older sister|f
妹妹|younger sister|f
阿姨|aunt|f
爸爸|father|m
爷爷|grandfather|m
哥哥|older brother|m
弟弟|younger brother|m
叔叔|uncle|m
*邻居|neighbour|
*同学|classmate|
"""
"""People told by what they are to someone."""

GENDERED = """
她|she
他|he
"""
