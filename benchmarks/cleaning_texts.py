"""Clean texts to measure cleaning on: the Python reference and the Chinese prose of the course, cut into documents, and plain texts of other kinds.

The plain ones (news, poem, dialogue, recipe, how-to with code, letter) were written for this, so that no rule is fitted to one kind of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from tutor.data.cleaning.base import Document, Language
from tutor.data.corpora import load_corpus

ROOT = Path(__file__).resolve().parent.parent

PARAGRAPHS: dict[Language, int] = {"en": 1500, "zh": 700}
"""Characters of a document, about: whole paragraphs until it has so many."""

_PARAGRAPH = re.compile(r"\n[ \t]*+\n\s*+")


def english() -> list[Document]:
    """The Python reference, its lines joined to paragraphs as a web page has them; grammar and code keep their lines."""
    corpus = load_corpus("python_reference")
    text = "\n\n".join((*corpus.train, corpus.validation))
    parts = (
        part if re.search(r"(?m)^ ", part) else " ".join(part.split()) for part in _PARAGRAPH.split(text)
    )
    return documents_of(parts, "en", "reference")


def chinese() -> list[Document]:
    """The Chinese of lessons and quizzes: prose only, without tables, diagrams and code."""
    texts: list[str] = []
    for folder in ("lessons", "quizzes"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            texts += _texts(yaml.safe_load(path.read_text(encoding="utf-8")), "zh")
    whole = re.sub(r"(?s)```.*?```", "", "\n\n".join(dict.fromkeys(texts)))
    parts = (part.strip() for part in _PARAGRAPH.split(whole))
    prose = [
        re.sub(r"[*`#]", "", part) for part in parts if len(part) >= 25 and not part.startswith(("|", "<"))
    ]
    return documents_of(prose, "zh", "course")


def plain(language: Language) -> list[Document]:
    """The plain texts of other kinds."""
    return [
        Document(text.strip("\n"), f"plain/{language}/{name}", language)
        for name, text in PLAIN[language].items()
    ]


def _texts(node: Any, language: Language) -> Iterator[str]:
    """Every text of one language in a YAML tree."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == language and isinstance(value, str):
                yield value
            else:
                yield from _texts(value, language)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item, language)


def documents_of(parts: Iterable[str], language: Language, name: str) -> list[Document]:
    """Paragraphs put together to documents of about `PARAGRAPHS` characters; what is left at the end is dropped."""
    documents: list[Document] = []
    gathered: list[str] = []
    for part in parts:
        gathered.append(part)
        if sum(map(len, gathered)) >= PARAGRAPHS[language]:
            documents.append(Document("\n\n".join(gathered), f"{name}/{len(documents)}", language))
            gathered = []
    return documents


PLAIN: dict[Language, dict[str, str]] = {
    "en": {
        "news": """
The town council voted on Tuesday evening to close the old bridge to lorries from the first of next month. The decision passed by nine votes to four after a debate of almost three hours, in which several shopkeepers warned that deliveries would take longer and cost more.

Engineers had found cracks in two of the five stone arches during an inspection in spring. "The bridge is not about to fall," said the head of the building department, "but it was made for carts, and every heavy vehicle takes a little of its life away." Cars, bicycles and buses of up to eight tonnes may still cross.

A detour of four kilometres will be signposted through the industrial estate. The council has asked the region for money to repair the arches; an answer is expected before winter. Until then, the mayor said, patience is cheaper than stone.
""",
        "poem": """
The kettle sings before the light,
the window holds a piece of night,
and on the sill the sparrow's feet
write down the snow in letters neat.

I read them slowly, line by line:
a crumb was here, the crumb was mine,
the wind was cold, the wind was long,
I kept it out with half a song.

Then up the hill the morning came
and melted letters, bird and name;
but all the day, in room and street,
I walked on words of little feet.

So when they ask me what I learned
in all the winters that returned,
I say: to read what will not stay,
and leave the crumbs, and go away.
""",
        "dialogue": """
"Did you lock the shed?" she asked, without looking up from her book.

"I thought you did," he said.

"I was in the garden until six, and then your sister called. She talked for an hour about the new kitchen. After that I forgot the shed, and the hens, and very nearly the soup."

He put on his coat again. "And if the fox has been there already?"

"Then the fox knows how to lift a latch, and we should ask him to look after the house as well." She turned a page. "Take the lamp. The step is broken, and you will say that nobody told you."

"Nobody did tell me," he said from the door.

"I am telling you now. Mind the step."

There was a silence, then a crash, then a long sentence that the hens had never heard before. She smiled, marked her page with a spoon, and went to warm the soup.
""",
        "recipe": """
This bread needs no kneading, only time. Mix 500 g of flour, 10 g of salt and 2 g of dry yeast in a large bowl, pour in 380 ml of water, and stir until no dry flour is left. Cover the bowl and let it stand overnight, for twelve hours or a little more.

For the filling you need two onions, a handful of walnuts, some butter, a pinch of sugar, salt and pepper. Cut the onions into thin rings and let them turn brown in the butter over a low flame, which takes at least half an hour. Chop the walnuts coarsely and stir them in at the end.

In the morning the dough is full of bubbles. Tip it onto a floured board, spread the onions over it, fold it three times and let it rest while the oven and an iron pot with a lid get hot, 240 degrees. Bake it for 30 minutes with the lid on and 15 minutes without. It is done when it sounds hollow.
""",
        "how-to": """
A common task is to count how often each word occurs in a file. The shortest way is a dictionary that starts every count at zero, which the standard library has ready made.

    from collections import Counter

    with open("notes.txt", encoding="utf-8") as file:
        counts = Counter(word.lower() for line in file for word in line.split())

    for word, n in counts.most_common(10):
        print(f"{n:6} {word}")

If a < b then the pair is already in order, and nothing has to be swapped. In a typed language the same would be written with a generic class, such as Map<String, Integer>, where T in List<T> stands for any type. Note that the file is read line by line, so that a file of several gigabytes needs no more memory than a small one.

When the output looks wrong, look at the input first: a byte order mark at its beginning, or a tab where you expected blanks, explains most surprises.
""",
        "letter": """
Dear Anna, thank you for the parcel, which came on Friday, only a little squashed. The children fought over the blue scarf until I told them that it was for the dog, and now the dog has it, and nobody is happy except the dog.

We have had rain for eleven days. The cellar is dry, but the path to the road is not a path any more, and the postman leaves our letters with the neighbours. I don't mind, as they make good coffee. On Sunday the choir sang in the barn because of the church roof; you could hear the cows in the second part.

Write soon and tell me whether the tooth is better, and what the doctor said about the mountain air. I would come at once if there were somebody to milk. With love from all of us, and a wet paw.
""",
    },
    "zh": {
        "news": """
镇上的老石桥从下月一日起禁止货车通行。这项决定在周二晚上的会议上以九票对四票通过，讨论持续了将近三个小时。几位店主担心，以后送货要绕路，成本会增加。

今年春天检查时，工程人员发现五个桥拱中有两个出现了裂缝。“桥不会马上塌，”负责人说，“可它当年是给马车修的，每过一辆重车，它的寿命就短一点。”小汽车、自行车和八吨以下的公交车仍然可以通过。

绕行路线长四公里，从工业区穿过，沿途会设置路牌。镇里已经向上级申请维修经费，预计入冬前会有答复。在那之前，镇长说，耐心总比石头便宜。
""",
        "poem": """
水壶先于天亮唱起歌来，
窗户还留着一小块夜色，
麻雀的脚印落在窗台的雪上，
像谁写下的一行小字。

我慢慢地读，一个字一个字：
这里有过一粒米，米是我的，
风很冷，风很长，
我用半支歌把它挡在门外。

后来早晨从山那边走来，
把字和鸟都融化了；
可是一整天，在屋里，在街上，
我都踩着那些细小的脚印。

有人问我，这么多冬天学会了什么，
我说：学会读那些留不住的东西，
然后留下几粒米，转身走开。
""",
        "dialogue": """
“棚子的门你锁了吗？”她问，眼睛没有离开书。

“我还以为你锁了。”他说。

“我在园子里忙到六点，后来你妹妹来电话，讲她家的新厨房讲了一个钟头。讲完，棚子我忘了，鸡我忘了，汤也差一点忘了。”

他又穿上外套：“要是狐狸已经来过了呢？”

“那就说明狐狸会开门闩，不如请它把家也一起看了。”她翻了一页，“带上灯。台阶坏了一级，省得你回头又说没人告诉你。”

“本来就没人告诉我。”他在门口说。

“我现在不是在告诉你吗？当心台阶。”

外面先是一阵安静，接着是一声巨响，再接着是一长串鸡从来没听过的话。她笑了笑，拿勺子当书签夹好，起身去热汤。
""",
        "recipe": """
这种面包不用揉，只要有时间。取五百克面粉、十克盐、两克干酵母，放进大碗里拌匀，倒入三百八十毫升水，搅到看不见干面粉为止。盖上碗，放一夜，十二个小时左右。

馅料需要洋葱两个、核桃一把、黄油一小块，还有少许糖、盐、胡椒。洋葱切成细圈，用小火在黄油里慢慢炒成褐色，至少要半个钟头。核桃切成大块，最后拌进去。

第二天早上，面团里全是气泡。案板上撒些面粉，把面团倒出来，铺上洋葱，折三次，让它歇一会儿。这时把烤箱和带盖的铁锅一起预热到二百四十度。盖着盖子烤三十分钟，揭开再烤十五分钟。敲一敲，声音发空，就是熟了。
""",
        "how-to": """
数一数文件里每个词出现了多少次，是很常见的任务。最省事的办法是用一个默认从零开始计数的字典，标准库里就有现成的。

    from collections import Counter

    with open("notes.txt", encoding="utf-8") as file:
        counts = Counter(word.lower() for line in file for word in line.split())

    for word, n in counts.most_common(10):
        print(f"{n:6} {word}")

如果 a < b，这一对已经有序，不必交换。在有类型的语言里，同样的东西要写成泛型，例如 Map<String, Integer>；List<T> 里的 T 代表任意类型。请注意，文件是一行一行读的，所以几个 GB 的文件并不比小文件多占内存。

输出不对的时候，先看看输入：开头的字节顺序标记，或者该是空格的地方放了制表符，大多数怪事都能由此得到解释。
""",
        "letter": """
安娜：你寄的包裹星期五到了，只压扁了一点点。孩子们为那条蓝围巾吵了半天，我说那是给狗的，现在围巾归了狗，除了狗，谁也不高兴。

雨已经下了十一天。地窖还是干的，可通往大路的那条小路已经不成样子，邮递员只好把信放在邻居家。我倒不介意，他们家的咖啡很好喝。星期天，合唱团因为教堂漏雨，改在谷仓里唱，唱到第二段，牛也跟着哼了起来。

快点回信，告诉我牙好些了没有，医生对山里的空气怎么说。要是有人替我挤奶，我马上就动身。全家都问你好，狗也伸出一只湿爪子。
""",
    },
}
