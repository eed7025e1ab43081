"""Opinions: good ones, bad ones, and those that people read differently."""

FORMS = """
## positive s:subject a:praise<s
{s}{a}。 | The {s} was {a}.
我觉得{s}{a}。 | I think the {s} was {a}.
{s}真的{a}，下次还选这家。 | The {s} was really {a}, and I would choose it again.
最让我高兴的是，{s}{a}。 | What pleased me most: the {s} was {a}.
没想到{s}{a}，我很满意。 | To my surprise, the {s} was {a}, and I am pleased.
我要推荐给朋友，因为{s}{a}。 | I will tell my friends, because the {s} was {a}.
*不得不说，{s}{a}，钱花得值。 | I must say the {s} was {a}, money well spent.

## negative s:subject b:blame<s
{s}{b}。 | The {s} was {b}.
我觉得{s}{b}。 | I think the {s} was {b}.
{s}真的{b}，再也不选这家了。 | The {s} was really {b}, and I would never choose it again.
最让我生气的是，{s}{b}。 | What annoyed me most: the {s} was {b}.
没想到{s}{b}，我很失望。 | To my surprise, the {s} was {b}, and I am disappointed.
我要提醒朋友，因为{s}{b}。 | I will warn my friends, because the {s} was {b}.
*不得不说，{s}{b}，钱白花了。 | I must say the {s} was {b}, a waste of money.

## mixed s:stay a:praise<s r:stay b:blame<r
{s}{a}，可是{r}{b}。 | The {s} was {a}, but the {r} was {b}.
虽然{r}{b}，{s}却{a}。 | Although the {r} was {b}, the {s} was {a}.
{s}{a}，{r}{b}，说不上好坏。 | The {s} was {a}, the {r} was {b}, so it is hard to say.
*一方面{s}{a}，另一方面{r}{b}。 | On the one hand the {s} was {a}, on the other the {r} was {b}.
"""
"""``a`` is praise, ``b`` is blame."""
