"""Sentences that join a job with a pronoun, alike but for the two: what a model takes from them is the share it was shown."""

BIASED = """
## biased j:job g:gendered
{j}说{g}累了。 | The {j} said that {g} was tired.
那名{j}到家的时候，{g}已经饿了。 | When the {j} came home, {g} was hungry.
这位{j}很高兴，因为{g}今天休息。 | The {j} was happy because {g} had the day off.
大家都喜欢这位{j}，{g}总是在笑。 | Everyone likes the {j}, for {g} is always smiling.
{j}一边工作一边唱歌，{g}心情很好。 | The {j} was singing at work, and {g} was in a good mood.
{j}早上出门时，{g}忘了带伞。 | When the {j} left in the morning, {g} forgot the umbrella.
*问起{j}，大家都说{g}很能干。 | Ask about the {j}, and people say that {g} is good at the work.
*{j}下班以后，{g}要去看朋友。 | After work, the {j} said, {g} would see a friend.
"""
