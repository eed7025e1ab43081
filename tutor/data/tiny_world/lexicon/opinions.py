"""What opinions are about, and what they say: praise and blame that fit it."""

SUBJECTS = """
服务|service|of_care|stay
服务员|waiter|of_manners|stay
菜|food|of_taste|stay
汤|soup|of_taste|stay
早餐|breakfast|of_taste|stay
甜点|dessert|of_taste|stay
房间|room|of_space|stay
大厅|hall|of_space|stay
花园|garden|of_space|stay
浴室|bathroom|of_space|stay
音乐|music|of_art
故事|story|of_art
电影|film|of_art
表演|show|of_art
书的结尾|ending of the book|of_art
演员|actor|of_manners
导游|guide|of_manners
店员|shop assistant|of_manners
电池|battery|of_device
手机|phone|of_device
相机|camera|of_device
键盘|keyboard|of_device
价格|price|of_cost of_level|stay
风景|view|of_scene|stay
海滩|beach|of_scene|stay
*画面|picture|of_scene
*门票|ticket|of_cost
"""
"""Each with the tags of what can be said of it; ``stay`` is what a guest of a hotel speaks of."""

PRAISE = """
很周到|excellent|of_care
非常热情|very friendly|of_manners
很有耐心|patient|of_manners
很好吃|delicious|of_taste
又香又新鲜|fresh and tasty|of_taste
又干净又明亮|clean and bright|of_space
很舒服|comfortable|of_space
很感人|touching|of_art
特别精彩|brilliant|of_art
很有意思|fascinating|of_art
非常好用|very handy|of_device
很耐用|long-lasting|of_device
很合理|very reasonable|of_cost
比想象的便宜|cheaper than expected|of_cost
美极了|wonderful|of_scene
让人难忘|unforgettable|of_scene
*无可挑剔|flawless|of_care
*妙不可言|marvellous|of_art
"""

BLAME = """
太慢了|much too slow|of_care
很差|poor|of_care
很没礼貌|rude|of_manners
一点也不热心|unhelpful|of_manners
太咸了|much too salty|of_taste
又冷又难吃|cold and tasteless|of_taste
又脏又暗|dirty and dark|of_space
太吵了|far too noisy|of_space
很无聊|boring|of_art
让人失望|disappointing|of_art
太长了|far too long|of_art
老是出毛病|faulty|of_device
一用就坏|useless|of_device
贵得离谱|outrageous|of_cost
太高了|much too high|of_level
很普通|dull|of_scene
难看得很|ugly|of_scene
*马马虎虎|sloppy|of_care
*俗气得很|tacky|of_art
"""
