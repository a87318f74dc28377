"""The words on charts, in both languages."""

from __future__ import annotations

from review import Message

LANGUAGES = ("en", "zh-Hans")

WORDS: dict[str, tuple[str, str]] = {
    "list": ("; ", "；"),
    # places
    "intervals": ("How sure each place is", "名次有多确定"),
    "intervals_how": (
        ("Each line is a proposal, best first. The point is its official place, the thick bar the"
        " places that hold it with 50 % probability, the thin one with 90 %."),
        "每行一个项目，按名次排列。圆点为正式名次，粗条为 50 % 名次区间，细线为 90 % 名次区间。",
    ),
    "intervals_row": (
        "{name}: place {rank}, 50 % {low50} to {high50}, 90 % {low90} to {high90}",
        "{name}：第 {rank} 名，50 % 区间 {low50} 至 {high50}，90 % 区间 {low90} 至 {high90}",
    ),
    "intervals_line": (
        ("The line is after place {line}; the 50 % interval of {count}"
        " {count:proposal|proposals} covers it."),
        "入围线在第 {line} 名之后，有 {count} 个项目的 50 % 区间跨过此线。",
    ),
    "place": ("Place", "名次"),
    "line": ("line: {line}", "入围线：{line}"),
    "official": ("official place", "正式名次"),
    "in": ("in", "入围"),
    "out": ("out", "未入围"),
    "half": ("50 %", "50 %"),
    "most": ("90 %", "90 %"),
    # judges
    "severity": ("How strict each judge is", "评委打分的宽严"),
    "severity_how": (
        ("Marks above or below the panel on the same proposals; the whisker is the {percent} %"
        " interval. Right of the line: more generous; left of it: stricter."),
        "对相同项目的打分比其他评委高或低多少，横线为 {percent} % 区间。右侧偏松，左侧偏严。",
    ),
    "severity_row": ("{name}: {value} ({low} to {high})", "{name}：{value}（{low} 至 {high}）"),
    "stricter": ("← stricter", "← 偏严"),
    "generous": ("more generous →", "偏松 →"),
    "panel": ("panel", "平均"),
    # marks
    "matrix": ("Who gave what to whom", "评委评分一览"),
    "matrix_how": (
        ("{proposals} {proposals:proposal|proposals}, {judges} {judges:judge|judges}; the stronger"
        " the colour of a cell, the higher the score in it, from {low} to {high}."),
        "{proposals} 个项目、{judges} 位评委；颜色越深，格中分数越高，从 {low} 到 {high}。",
    ),
    "matrix_missing": (
        "{count} hatched {count:cell has|cells have} no score.",
        "{count} 个画斜线的格子没有评分。",
    ),
    "matrix_struck": (
        "{count} struck {count:score|scores} did not count.",
        "{count} 个画删除线的分数未计入。",
    ),
    "missing": ("no score", "无评分"),
    "struck": ("not counted", "未计入"),
    # methods
    "methods": ("What other methods would say", "换一种计分方法会怎样"),
    "methods_how": (
        ("Places by method, the official one first. Filled: in; plain: out. A triangle up: in by"
        " this method alone; a triangle down: out by it."),
        "各方法下的名次，首列为正式结果。实心为入围，空心为未入围；上三角表示改用该方法则入围，下三角表示改用该方法则落选。",
    ),
    "methods_places": (
        "Places by method, the official one first.",
        "各方法下的名次，首列为正式结果。",
    ),
    "methods_row": ("{name}: in by {ins}; out by {outs}", "{name}：{ins}下入围；{outs}下未入围"),
    "methods_row_in": ("{name}: in by {ins}", "{name}：{ins}下入围"),
    "methods_row_out": ("{name}: out by {outs}", "{name}：{outs}下未入围"),
    "methods_same": (
        "Every method selects the same proposals.",
        "各方法选出的项目完全相同。",
    ),
    "gains": ("in by this method", "改用后入围"),
    "loses": ("out by this method", "改用后落选"),
}  # fmt: skip


def say(key: str, language: str, **params: object) -> str:
    """A word or a sentence in a language; parameters may be lists."""
    text = dict(zip(LANGUAGES, WORDS[key], strict=True))
    return Message(key, params, text).render(language)  # type: ignore[arg-type]
