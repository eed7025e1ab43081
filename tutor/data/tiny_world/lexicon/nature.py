"""Animals, food and drink. Measure words stand between; ``~bowl:rice`` is counted in bowls, ``=`` marks what is always plural."""

ANIMALS = """
猫|只|cat|pet
狗|只|dog|pet
兔子|只|rabbit|pet
鹦鹉|只|parrot|pet bird
乌龟|只|turtle|pet
荷兰猪|只|guinea pig|pet
仓鼠|只|hamster|pet
鸽子|只|pigeon|pet bird
*白鼠|只|white mouse/white mice|pet
鸭子|只|duck|farm bird
母鸡|只|hen|farm bird
公鸡|只|rooster|farm bird
鹅|只|goose/geese|farm bird
马|匹|horse|farm ridden
奶牛|头|cow|farm
猪|头|pig|farm
山羊|只|goat|farm
绵羊|只|sheep/sheep|farm
驴|头|donkey|farm ridden
骆驼|头|camel|zoo ridden
狐狸|只|fox/foxes|wild
狼|只|wolf/wolves|wild
熊|头|bear|zoo
猴子|只|monkey|zoo
大象|头|elephant|zoo
老虎|只|tiger|zoo
狮子|头|lion|zoo
熊猫|只|panda|zoo
企鹅|只|penguin|zoo
长颈鹿|只|giraffe|zoo
松鼠|只|squirrel|wild
鹿|只|deer/deer|wild
刺猬|只|hedgehog|wild
青蛙|只|frog|wild
蝴蝶|只|butterfly|wild
蜜蜂|只|bee|wild
猫头鹰|只|owl|wild bird
乌鸦|只|crow|wild bird
麻雀|只|sparrow|wild bird
燕子|只|swallow|wild bird
*天鹅|只|swan|wild bird
*斑马|匹|zebra|zoo
"""

FOODS = """
苹果|个|apple|fruit
香蕉|根|banana|fruit
橙子|个|orange|fruit
梨|个|pear|fruit
桃子|个|peach/peaches|fruit
西瓜|个|watermelon|fruit
草莓|颗|strawberry|fruit
樱桃|颗|cherry|fruit
柠檬|个|lemon|fruit
葡萄|串|~bunch:grapes=|fruit
*芒果|个|mango/mangoes|fruit
土豆|个|potato/potatoes|vegetable
西红柿|个|tomato/tomatoes|vegetable
胡萝卜|根|carrot|vegetable
黄瓜|根|cucumber|vegetable
洋葱|个|onion|vegetable
白菜|棵|cabbage|vegetable
南瓜|个|pumpkin|vegetable
蘑菇|个|mushroom|vegetable
*茄子|个|aubergine|vegetable
鸡蛋|个|egg|basic
豆腐|块|~piece:tofu|basic
牛肉|块|~piece:beef|basic
鸡肉|块|~piece:chicken|basic
米饭|碗|~bowl:rice|dish
面条|碗|~bowl:noodles=|dish
饺子|盘|~plate:dumplings=|dish
汤|碗|~bowl:soup|soup
粥|碗|~bowl:porridge|soup
沙拉|份|salad|dish
三明治|个|sandwich/sandwiches|dish
披萨|个|pizza|dish
包子|个|steamed bun|dish
*炒饭|盘|~plate:fried rice|dish
面包|个|~loaf:bread|baked
蛋糕|个|cake|baked sweet
饼干|块|biscuit|baked sweet
馅饼|个|pie|baked sweet
月饼|个|mooncake|baked sweet
奶酪|块|~piece:cheese|basic
冰淇淋|个|ice cream|sweet
巧克力|块|~bar:chocolate|sweet
糖果|颗|~piece:candy|sweet
蜂蜜|罐|~jar:honey|sweet
果酱|罐|~jar:jam|sweet
*布丁|份|pudding|sweet
"""

DRINKS = """
水|杯|~glass:water
茶|杯|~cup:tea
牛奶|杯|~glass:milk
果汁|杯|~glass:juice
咖啡|杯|~cup:coffee
可可|杯|~cup:cocoa
汽水|瓶|~bottle:lemonade
*豆浆|杯|~cup:soy milk
"""
