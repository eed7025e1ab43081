"""Settings of the `text_classifier` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.data.annotators import Errors
from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Lang, Text


class TextClassifierConfig(ExperimentConfig):
    """Opinions labelled by simulated annotators, and a small classifier that learns from the labels."""

    language: Lang = "zh"
    """The language of the sentences that the model reads; a screen shows them in the learner's."""
    annotations: Annotated[int, Field(ge=30, le=500)] = 480
    """The budget: labels by one annotator for one sentence."""
    aggregate: Literal["first", "majority"] = "first"
    """first: one annotator labels each sentence. majority: a panel does, and most of them decide; fewer sentences, then."""
    panel: Annotated[int, Field(ge=2, le=9)] = 3
    """Annotators of a panel."""
    errors: Errors = "random"
    """none: there are none. random: they fall anywhere. one_sided: bad is called good, never good bad."""
    error_rate: Annotated[float, Field(ge=0, le=0.5)] = 0.3
    """Share of an annotator's labels that are wrong."""
    ambiguous: Annotated[float, Field(ge=0, le=0.8)] = 0.0
    """Share of the training sentences that praise one thing and blame another: annotators toss a coin."""
    check_share: Annotated[float, Field(ge=0, le=0.6)] = 0.0
    """Share of the annotations that is kept for second looks, at half-time, at the labels that the model finds least
    likely."""
    check_cost: Annotated[int, Field(ge=1, le=5)] = 2
    """Annotations that a second look costs: it is careful, and its label is right."""

    d_model: Annotated[int, Field(ge=4, le=256)] = 32
    batch: Annotated[int, Field(ge=1, le=256)] = 32
    """Sentences in a step."""
    lr: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Highest learning rate: after a short warm-up it falls in a straight line."""
    eval_every: Annotated[int, Field(ge=1)] = 4
    """Steps from one live measurement to the next."""

    @property
    def votes(self) -> int:
        """Return the annotators who label each sentence."""
        return self.panel if self.aggregate == "majority" else 1

    @property
    def checks(self) -> int:
        """Return the second looks that the budget has room for."""
        return round(self.annotations * self.check_share) // self.check_cost

    @property
    def sentences(self) -> int:
        """Return the number of sentences that are labelled."""
        return (self.annotations - self.checks * self.check_cost) // self.votes


def cost(config: TextClassifierConfig) -> Cost:
    """Estimate operations, calls and bytes of one arm: 50 tokens a sentence, 3,000 in the vocabulary, as counted in Chinese."""
    length, vocabulary, validation = 50, 3_000, 300
    read = config.batch + (config.sentences + validation) / config.eval_every / 3
    parameters = vocabulary * config.d_model
    return Cost(
        flops=6.0 * read * length * config.d_model + 12 * parameters,
        calls=120,
        bytes=16.0 * parameters + 8 * length * (config.sentences + validation) * (1 + config.d_model / 2),
    )


SPEC = ExperimentSpec(
    id="text_classifier",
    config=TextClassifierConfig,
    metrics=(
        Metric(
            "val_accuracy",
            Text("验证准确率（按正确答案）", "validation accuracy (on right labels)"),
            short=Text("准确率", "accuracy"),
            better="high",
        ),
        Metric(
            "label_accuracy",
            Text("训练标签中正确的比例", "share of training labels that are right"),
            short=Text("标签正确率", "right labels"),
            better="high",
        ),
        Metric(
            "errors_found",
            Text("最可疑的标签中真正标错的比例", "wrong ones among the most suspicious labels"),
            short=Text("找出的错", "errors found"),
            better="high",
        ),
        Metric(
            "wrong_labels",
            Text("训练标签中错误的比例（瞎找的命中率）", "share of wrong labels (what blind search finds)"),
            short=Text("错标签", "wrong labels"),
        ),
        Metric(
            "agreement",
            Text("两名标注员的一致（κ）", "agreement of two annotators (κ)"),
            short=Text("κ", "κ"),
        ),
        Metric(
            "val_sentence_loss",
            Text("每句的验证损失", "validation loss of a sentence"),
            Text("nat / 句", "nats per sentence"),
            Text("验证", "validation"),
            better="low",
        ),
        Metric(
            "sentence_loss",
            Text("每句的训练损失", "training loss of a sentence"),
            Text("nat / 句", "nats per sentence"),
            Text("训练", "train"),
            better="low",
        ),
        Metric("called_positive", Text("模型说是好评的比例", "share that the model calls good")),
        Metric("sentences", Text("标注的句子数", "labelled sentences")),
    ),
    views=("labels",),
    knobs=(
        Knob("lr", Text("学习率", "learning rate"), 0.0, 0.1, log=True),
        Knob(
            "error_rate",
            Text("标注员的错误率", "annotators’ error rate"),
            0.0,
            0.5,
            live=False,
            steps=(0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5),
        ),
        Knob(
            "panel",
            Text("投票时每句几人标", "annotators a sentence where they vote"),
            3,
            9,
            live=False,
            whole=True,
            steps=(3, 5, 7, 9),
        ),
        Knob(
            "ambiguous",
            Text("褒贬参半的句子占比", "share of sentences that say both"),
            0.0,
            0.8,
            live=False,
            steps=(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        ),
        Knob(
            "annotations",
            Text("标注预算（人次）", "budget of annotations"),
            60,
            500,
            live=False,
            whole=True,
            steps=(60, 120, 240, 480),
        ),
        Knob(
            "check_cost",
            Text("一次复查抵几次标注", "annotations that a second look costs"),
            1,
            5,
            live=False,
            whole=True,
        ),
    ),
    implementation="tutor.experiments.text_classifier:TextClassifier",
    estimate=cost,
    loss="sentence_loss",
    quality="val_sentence_loss",
    counted=Text("token", "tokens"),
    rate_knob="lr",
    reading=lambda config: (
        "tutor.experiments.text_classifier:TextClassifier.step",
        "tutor.nn.bag:BagOfTokens.forward",
        "tutor.data.annotators:Annotator.is_positive",
        "tutor.data.annotators:majority",
        "tutor.data.annotators:cohen_kappa",
        "tutor.experiments.text_classifier:TextClassifier.suspicion",
        "tutor.experiments.text_classifier:TextClassifier.look_again",
        "tutor.experiments.text_classifier:TextClassifier.errors_found",
        "tutor.nn.optim:AdamW.step",
    ),
    settings={
        "annotations": Text("标注预算", "annotations"),
        "aggregate": Text("每句由谁来标", "who labels a sentence"),
        "aggregate=first": Text("一人", "one annotator"),
        "aggregate=majority": Text("多人表决", "a majority"),
        "errors": Text("标签里的错", "wrong labels"),
        "errors=none": Text("没有", "none"),
        "errors=random": Text("随机", "at random"),
        "errors=one_sided": Text("偏向一边", "one-sided"),
        "check_share": Text("留给复查的比例", "share kept for second looks"),
        "d_model": Text("宽度（d_model）", "width (d_model)"),
        "batch": Text("批大小", "batch size"),
        "language": Text("句子的语言", "language of the sentences"),
    },
    words={
        "labels": Text("标签", "Labels"),
        "sentence_zh": Text("最可疑的在前", "most doubted (read in Chinese)"),
        "sentence_en": Text("最可疑的在前（模型读英文）", "most doubted first"),
        "said": Text("标注", "said"),
        "gold": Text("实际", "truth"),
        "belief": Text("模型：好", "p(+)"),
    },
)
