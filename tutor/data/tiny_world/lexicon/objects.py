"""Things that people make and use. Tags say what can be done with them."""

THINGS = """
书|本|book|read gift portable lent
报纸|份|newspaper|read
杂志|本|magazine|read portable lent
信|封|letter|written portable found
日记|本|diary|portable found
词典|本|dictionary|read portable lent gift
漫画书|本|comic book|read gift portable lent
地图|张|map|read portable lent found
铅笔|支|pencil|portable lent
钢笔|支|pen|portable lent gift found
笔记本|本|notebook|portable gift found
画|幅|painting|gift hung
照片|张|photo|portable found
卡片|张|card|written gift
杯子|个|cup|ware breakable gift
碗|个|bowl|ware breakable
盘子|个|plate|ware breakable
勺子|把|spoon|ware
叉子|把|fork|ware
锅|口|pot|ware
茶壶|把|teapot|ware breakable gift
瓶子|个|bottle|breakable
花瓶|个|vase|breakable gift
篮子|个|basket|portable made lent
桌子|张|table|furniture made repair
椅子|把|chair|furniture made repair
床|张|bed|furniture made repair
沙发|张|sofa|furniture
柜子|个|cupboard|furniture made repair
书架|个|bookshelf/bookshelves|furniture made repair
灯|盏|lamp|repair gift lit
镜子|面|mirror|breakable hung
闹钟|个|alarm clock|repair gift
地毯|块|carpet|furniture
枕头|个|pillow|soft
毯子|条|blanket|soft gift
锤子|把|hammer|tool lent
锯子|把|saw|tool lent
剪刀|把|=scissors|tool lent
梯子|架|ladder|tool lent made
铲子|把|shovel|tool lent
扫帚|把|broom|tool lent
水桶|个|bucket|tool lent
绳子|根|rope|tool lent
钥匙|把|key|portable found
锁|把|lock|repair
手电筒|个|flashlight|tool lent portable
帽子|顶|hat|head gift portable found
外套|件|coat|clothes gift found sewn
毛衣|件|sweater|clothes gift
衬衫|件|shirt|clothes gift sewn
裙子|条|skirt|clothes gift sewn
裤子|条|=trousers|clothes sewn
鞋子|双|=shoes|clothes gift
靴子|双|=boots|clothes
手套|双|=gloves|head gift portable found
袜子|双|=socks|clothes gift
围巾|条|scarf/scarves|head gift portable found
眼镜|副|=glasses|head portable found
戒指|枚|ring|head gift portable found
手表|块|watch/watches|head gift portable found repair
球|个|ball|toy gift portable found
风筝|只|kite|toy gift made flown
玩偶|个|doll|toy gift portable found
拼图|盒|puzzle|toy gift
气球|个|balloon|toy gift
陀螺|个|spinning top|toy gift made portable
吉他|把|guitar|plucked instrument gift lent repair
钢琴|架|piano|plucked instrument repair
小提琴|把|violin|bowed instrument lent repair
笛子|支|flute|blown instrument gift lent
鼓|面|drum|beaten instrument lent
雨伞|把|umbrella|portable lent found gift
书包|个|school bag|portable found gift packed
箱子|个|suitcase|packed lent
盒子|个|box/boxes|made opened
钱包|个|wallet|portable found gift
蜡烛|支|candle|lit
花|朵|flower|gift grown
玫瑰|朵|rose|gift grown
贝壳|个|shell|portable gift
相机|台|camera|repair lent gift
收音机|台|radio|repair gift
手机|部|phone|repair portable found
电脑|台|computer|repair lent
电视|台|television|repair
毛巾|条|towel|soft
自行车|辆|bicycle|vehicle ridden repair lent
汽车|辆|car|vehicle driven repair
卡车|辆|truck|vehicle driven repair
摩托车|辆|motorbike|vehicle ridden repair
公交车|辆|bus/buses|vehicle transport
出租车|辆|taxi|vehicle transport
火车|列|train|vehicle transport
船|条|boat|vehicle transport repair
*口琴|把|harmonica|blown instrument gift lent
*滑板|块|skateboard|toy gift lent
*背包|个|backpack|portable found gift packed
*指南针|个|compass/compasses|portable lent found
*风铃|个|wind chime|gift made hung
*长椅|把|runner/benches|furniture made repair
"""
