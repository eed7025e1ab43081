"""Names of settings and their values where two runs are told apart. Knobs bring their own names."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.text import Text

LANGUAGE_MODEL: Mapping[str, Text] = {
    "objective": Text("训练目标", "objective"),
    "objective=arlm": Text("预测下一个 token", "next token"),
    "objective=mlm": Text("填被遮住的 token", "masked tokens"),
    "corpus": Text("训练文本", "training text"),
    "corpus=python_reference": Text("Python 语言参考", "Python reference"),
    "corpus=python_source": Text("Python 源码", "Python source"),
    "corpus=tiny_world_zh": Text("中文小故事", "Chinese stories"),
    "corpus=tiny_world_en": Text("英文小故事", "English stories"),
    "corpus=course_zh": Text("本课程的中文课文", "the course’s Chinese text"),
    "old_corpus": Text("另一份文本", "the other text"),
    "fed": Text("读的文本", "text fed"),
    "fed=original": Text("原样", "as it was"),
    "fed=corrupted": Text("弄脏的", "soiled"),
    "fed=cleaned": Text("清洗过的", "cleaned"),
    "rules": Text("清洗规则", "cleaning rules"),
    "near_preset": Text("近似去重的参数", "parameters of near-duplicates"),
    "near_preset=fineweb": Text("FineWeb", "FineWeb"),
    "near_preset=refinedweb": Text("RefinedWeb", "RefinedWeb"),
    "near": Text("副本中改动过的比例", "share of copies that are edited"),
    "split": Text("划分", "split"),
    "split=given": Text("语料自带的", "the corpus’s own"),
    "split=by_document": Text("按文档", "by document"),
    "split=at_random": Text("连同副本随机抽", "at random, copies and all"),
    "tokenizer": Text("分词器", "tokenizer"),
    "tokenizer=char": Text("单个字符", "characters"),
    "tokenizer=bpe": Text("BPE", "BPE"),
    "tokenizer_corpus": Text("分词器学自", "tokenizer made from"),
    "prompt": Text("样本的开头", "beginning of the samples"),
    "sample_chars": Text("样本的字符数", "characters of a sample"),
    "optimizer": Text("优化器", "optimizer"),
    "trainable": Text("训练哪些参数", "what trains"),
    "trainable=all": Text("全部", "all"),
    "trainable=head": Text("只训输出层", "output layer only"),
}
"""Of the `language_model` experiment: ``key``, or ``key=value``."""

TEXT_CLASSIFIER: Mapping[str, Text] = {
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
}
"""Of the `text_classifier` experiment."""
