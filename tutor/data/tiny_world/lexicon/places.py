"""Places: how one is in them, in both languages, and what kind they are; and where people live."""

PLACES = """
公园|公园里|park|in|outdoor green public
学校|学校里|school|at|indoor public fun
图书馆|图书馆里|library|in|indoor public quiet open
医院|医院里|hospital|at|indoor public
市场|市场上|market|at|shop food_shop outdoor public open mixed
面包店|面包店里|bakery|in|shop indoor open
书店|书店里|bookshop|in|shop indoor open
商店|商店里|shop|in|shop indoor open mixed
超市|超市里|supermarket|in|shop indoor open food_shop mixed
百货大楼|百货大楼里|department store|in|shop indoor open mixed
邮局|邮局里|post office|in|indoor public open
车站|车站|station|at|public
餐馆|餐馆里|restaurant|in|indoor eating open
茶馆|茶馆里|teahouse|in|indoor eating open
咖啡馆|咖啡馆里|café|in|indoor eating open
博物馆|博物馆里|museum|in|indoor public quiet open
美术馆|美术馆里|gallery|in|indoor public quiet open
电影院|电影院里|cinema|in|indoor public open
剧院|剧院里|theatre|in|indoor public open
动物园|动物园里|zoo|at|outdoor public open animals
农场|农场上|farm|on|outdoor green animals
花园|花园里|garden|in|outdoor green
果园|果园里|orchard|in|outdoor green
森林|森林里|forest|in|outdoor green wild
河边|河边|river|by|outdoor water
湖边|湖边|lake|by|outdoor water icy
海边|海边|sea|by|outdoor water
沙滩|沙滩上|beach|on|outdoor water
小山|小山上|hill|on|outdoor green wild
广场|广场上|square|in|outdoor public fun
操场|操场上|playground|on|outdoor fun
游泳池|游泳池里|swimming pool|in|pool open
体育馆|体育馆里|gym|in|indoor open fun
银行|银行里|bank|in|indoor open
药店|药店里|pharmacy|in|indoor open
诊所|诊所里|clinic|in|indoor open
工厂|工厂里|factory|in|indoor
实验室|实验室里|laboratory|in|indoor
办公室|办公室里|office|in|indoor
报社|报社里|newspaper office|in|indoor
派出所|派出所里|police station|in|indoor
消防站|消防站里|fire station|in|indoor
作坊|作坊里|workshop|in|indoor
理发店|理发店里|barber's shop|in|indoor open
教室|教室里|classroom|in|indoor
厨房|厨房里|kitchen|in|room
客厅|客厅里|living room|in|room
卧室|卧室里|bedroom|in|room
院子|院子里|yard|in|outdoor fun
阁楼|阁楼上|attic|in|room
地下室|地下室里|basement|in|room
车库|车库里|garage|in|room
港口|港口|harbour|at|outdoor
机场|机场|airport|at|public
田野|田野里|field|in|outdoor green
*山谷|山谷里|valley|in|outdoor green wild
*池塘边|池塘边|pond|by|outdoor water icy
*书房|书房里|study|in|room
*花店|花店里|flower shop|in|shop indoor open
"""

HOMES = """
村子里|in the village
湖边|by the lake
海边|by the sea
老桥旁边|beside the old bridge
山脚下|at the foot of the hill
市中心|in the city centre
森林边上|at the edge of the forest
学校对面|opposite the school
公园旁边|next to the park
火车站附近|near the railway station
长街上|on Long Street
花园街上|on Garden Street
钟楼后面|behind the clock tower
岛上|on the island
*灯塔旁边|beside the lighthouse
*面包店楼上|above the bakery
"""
