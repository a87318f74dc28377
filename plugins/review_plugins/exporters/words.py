"""The words and sentences of the exports, in both languages; plain data and how to look it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "zh-Hans")

WORDS: dict[str, tuple[str, str]] = {
    # the document
    "results": ("Results", "评审结果"),
    "provisional": ("Provisional", "公示期"),
    "final": ("Final", "最终结果"),
    "provisional_note": (
        "These results are open to objection and may still change.",
        "本结果正在公示，公示期内可提出异议，结果可能调整。",
    ),
    "final_note": (
        "The objection period is over; these results are final.",
        "公示期已结束，本结果为最终结果。",
    ),
    "contents": ("On this page", "目录"),
    "language": ("Language", "语言"),
    "both": ("Both", "双语"),
    "to_decide": (
        "Undecided in round “{round}”: {proposals} are tied across the line.",
        "“{round}”尚待裁定：{proposals} 在入围线上并列。",
    ),
    "nothing_yet": ("No round has been scored yet.", "目前还没有完成评分的轮次。"),
    "no_problems": ("Nothing to report.", "没有需要说明的问题。"),
    "rows_left_out": (
        "Only the first {shown} of {all} lines are shown here; result.json has them all.",
        "此处只显示全部 {all} 行中的前 {shown} 行，完整内容见 result.json。",
    ),
    "sheet_left_out": (
        "{rows} lines and {columns} columns are more than a worksheet holds; see result.json.",
        "共 {rows} 行、{columns} 列，超出工作表的容量，结果请见 result.json。",
    ),
    # headings
    "summary": ("Summary", "概览"),
    "standings": ("Standings", "排名"),
    "standings_of": ("Standings: {round}", "{round}：排名"),
    "shortlist": ("Shortlist", "入围名单"),
    "shortlist_of": ("Shortlist: {round}", "入围名单：{round}"),
    "shortlist_in": ("Selected", "入围"),
    "shortlist_reserve": ("Reserve", "候补"),
    "shortlist_undecided": ("To be decided", "待裁定"),
    "shortlist_out": ("Not selected", "未入围"),
    "shortlist_ineligible": ("Not eligible", "不参评"),
    "awards": ("Awards", "奖项"),
    "award": ("Award", "奖项"),
    "winners_of": ("Winners: {award}", "获奖名单：{award}"),
    "passed_over": ("Passed over", "顺延"),
    "passed_over_of": ("Passed over: {award}", "顺延说明：{award}"),
    "coverage": ("Coverage", "评分完成情况"),
    "excluded": ("Marks that did not count (conflict of interest)", "因回避未计入的评分"),
    "excluded_effect": ("What leaving them out changed", "不计入对名次的影响"),
    "problems": ("Notes and warnings", "提示与警告"),
    "computed": ("How it was computed", "计分方法"),
    "computed_of": ("How it was computed: {round}", "计分方法：{round}"),
    "proof": ("Proof", "校验信息"),
    "proof_note": (
        "Anyone who has the same marks and rules gets the same two digests, and the same results.",
        "评分与规则相同，校验值和结果就相同，任何人都可以复算核对。",
    ),
    "tabulation": ("Tabulation sheet", "计分汇总表"),
    "tabulation_note": (
        "We have checked the places and scores above against the marks.",
        "以上名次与得分已与评分记录核对无误。",
    ),
    "signature": ("Signature", "签名"),
    "date": ("Date", "日期"),
    "explanation": ("Explanation", "得分说明"),
    "scores": ("Scores", "评分明细"),
    "scores_of": ("Marks by judge: {round}", "评委评分：{round}"),
    "struck_out": (
        "Struck: did not count (dropped, incomplete, in conflict, proposal out). Shaded: no mark.",
        "划线：未计入（按规则去掉、评分不全、应回避或项目不参评）；灰底：没有评分。",
    ),
    "compared_of": ("Who was placed above whom: {round}", "两两比较：{round}"),
    "compared_note": (
        "How often the proposal of the line was placed above that of the column.",
        "所在行的项目被判定优于所在列项目的次数。",
    ),
    "placed_above": ("Placed above", "优于"),
    "by_itself": (
        "Criterion figures stand for themselves (the scorer over judges); they need not add up.",
        "各项指标得分是就该指标单独合成各评委评分所得，不一定能加权合成小计。",
    ),
    "explanation_of": ("How each score came about: {round}", "得分由来：{round}"),
    # how sure, how fair
    "sure": ("How sure, how fair", "结果有多可靠、评审有多公平"),
    "sure_note": (
        (
            "For those who decide. Nothing here changes a score or a place: "
            "it says how far the marks carry."
        ),
        "供组织方和评审委员会参考。本章不改变任何得分和名次，只说明现有评分能支持到什么程度。",
    ),
    "sure_too_large": (
        (
            "This competition is too large to analyse beside a report; `review stability`, "
            "`review agreement`, `review compare` and `review unusual` do so."
        ),
        (
            "本次评审规模较大，报告中不附分析；可用 `review stability`、`review agreement`、"
            "`review compare`、`review unusual` 命令查看结果的可靠性与公平性。"
        ),
    ),
    "sure_places": ("How sure are the places?", "名次有多可靠？"),
    "sure_judges": ("Do the judges agree?", "评委意见一致吗？"),
    "sure_change": ("What would change the result?", "什么情况会改变结果？"),
    "sure_unusual": ("Is anything unusual?", "有没有不寻常的评分？"),
    "sure_numbers": ("The numbers", "具体数据"),
    "sure_places_table": ("Places", "名次"),
    "sure_group": ("{title}: {group}", "{title}：{group}"),
    "sure_places_note": (
        "Expected: the mean place. 50 % and 90 %: from which place to which, as often as that.",
        "期望名次：平均名次。50%、90%：名次以相应的概率落在此区间。",
    ),
    "sure_expected": ("Expected", "期望名次"),
    "sure_half": ("50 %", "50% 区间"),
    "sure_most": ("90 %", "90% 区间"),
    "sure_in": ("Above the line", "入围概率"),
    "sure_first": ("First", "第一名概率"),
    "sure_award": ("Chances: {award}", "获奖概率：{award}"),
    "sure_chance": ("Chance", "概率"),
    "sure_in_all": ("In all", "总体"),
    "sure_on": ("Marks on", "评分"),
    "sure_measures": ("Agreement", "一致程度"),
    "sure_measures_note": (
        (
            "1 is full agreement. One judge, panel: ICC(2,1) and ICC(2,k). Alpha: Krippendorff's. "
            "W: Kendall's, of orders."
        ),
        (
            "1 表示完全一致。单个评委、评委团：ICC(2,1) 和 ICC(2,k)；α：克里彭多夫 α 系数；"
            "W：肯德尔和谐系数，衡量排序是否一致。"
        ),
    ),
    "sure_one": ("One judge", "单个评委"),
    "sure_mean": ("Panel", "评委团"),
    "sure_alpha": ("Alpha", "α 系数"),
    "sure_w": ("W", "W 系数"),
    "sure_judges_table": ("Judges", "评委"),
    "sure_judges_note": (
        (
            "Beside the panel: points above or below it on the same proposals, with a 95 % "
            "interval. Severe or generous is not wrong."
        ),
        (
            "与评委团相差：评同样的项目时高出或低于评委团的分数，括号内为 95% 区间。"
            "偏严或偏松并不等于评错。"
        ),
    ),
    "sure_ballots_given": ("Ballots", "评审项目数"),
    "sure_offset": ("Beside the panel", "与评委团相差"),
    "sure_spread": ("Spread", "离散程度"),
    "sure_correlation": ("With the others", "与其他评委的相关"),
    "sure_own_table": ("Own and other proposals", "属性相同的项目与其他项目"),
    "sure_own_note": (
        (
            "Difference: points that own proposals got more than others, quality and strictness "
            "allowed for, with a 95 % interval. p: how often chance alone gives as much; adjusted: "
            "the same for all tests. Up to 0.05 is called unusual, which is not wrong."
        ),
        (
            "差异：扣除项目质量与打分宽严后，对属性相同的项目比对其他项目多给的分数，"
            "括号内为 95% 区间。p：仅凭偶然出现同样大差异的概率；校正值：按检验次数校正后的 p 值，"
            "不超过 0.05 称为不寻常。不寻常不等于有错。"
        ),
    ),
    "sure_all_judges": ("All together", "全体合计"),
    "sure_shared": ("The same", "相同属性"),
    "sure_own": ("Own", "相同"),
    "sure_others": ("Others", "其他"),
    "sure_difference": ("Difference", "差异"),
    "sure_p": ("p", "p 值"),
    "sure_adjusted": ("Adjusted", "校正值"),
    "sure_far_table": ("Unusual ballots", "不寻常的评分"),
    "sure_far_note": (
        (
            "Lowest and highest: what the other judges gave. Expected: of this judge, from all "
            "other ballots. Unusual is not wrong: ask before anything is changed."
        ),
        (
            "最低、最高：其他评委所给的分数。预期：根据其余全部评分，对这位评委应有的预期。"
            "不寻常不等于有错，改动之前请先询问本人。"
        ),
    ),
    "sure_ballot": ("Ballot", "评委总分"),
    "sure_lowest": ("Lowest", "最低"),
    "sure_highest": ("Highest", "最高"),
    "sure_awaited": ("Expected", "预期"),
    # columns
    "rank": ("Rank", "名次"),
    "place": ("Place", "序号"),
    "prize_place": ("Place", "名次"),
    "proposal": ("No.", "编号"),
    "title": ("Proposal", "项目"),
    "team": ("Team", "团队"),
    "group": ("Group", "组别"),
    "score": ("Score", "得分"),
    "subtotal": ("Subtotal", "小计"),
    "ballots": ("Ballots", "有效评委"),
    "missing": ("Missing marks", "缺评项"),
    "status": ("Status", "状态"),
    "tie": ("Tie", "并列"),
    "tie_with": ("Tied with", "同分项目"),
    "tie_by": ("Tie-break", "同分规则"),
    "note": ("Note", "备注"),
    "reason": ("Reason", "理由"),
    "outcome": ("Outcome", "结果"),
    "tier": ("Tier", "等次"),
    "value": ("Value", "数值"),
    "round": ("Round", "轮次"),
    "entrants": ("Entrants", "参评项目"),
    "ranked": ("Ranked", "有名次"),
    "marks": ("Marks", "评分"),
    "marks_of": (
        "{marked} of {expected} marked, {excused} absent, abstained or recused, {missing} missing",
        "应评 {expected} 项，已评 {marked} 项，缺席、弃权或回避 {excused} 项，缺评 {missing} 项",
    ),
    "covered": ("Marked %", "完成率 %"),
    "judge": ("Judge", "评委"),
    "judges": ("Judges", "评委"),
    "rank_with": ("Rank if counted", "若计入的名次"),
    "severity": ("Severity", "级别"),
    "code": ("Code", "代码"),
    "where": ("Place", "位置"),
    "file": ("File", "文件"),
    "sheet": ("Sheet", "工作表"),
    "row": ("Row", "行"),
    "column": ("Column", "列"),
    "message": ("Message", "说明"),
    "hint": ("Hint", "建议"),
    "ballot_total": ("Ballot", "评委总分"),
    "own": ("This round", "本轮得分"),
    "proposals": ("Proposals", "项目"),
    "rounds": ("Rounds", "轮次"),
    "shortlisted": ("Shortlisted", "入围"),
    "state": ("State", "结果状态"),
    "content": ("Content digest", "数据校验值"),
    "rules": ("Rules digest", "规则校验值"),
    # values
    "winner": ("Winner", "获奖"),
    "winners": ("Prizes given", "获奖"),
    "vacant": ("Vacant", "空缺"),
    "severity_note": ("Note", "提示"),
    "severity_warning": ("Warning", "警告"),
    "severity_error": ("Error", "错误"),
    "withdrawn": ("Withdrawn", "已撤回"),
    "disqualified": ("Disqualified", "已取消资格"),
    "absent": ("Absent", "缺席"),
    "abstain": ("Abstained", "弃权"),
    "recused": ("Recused", "回避"),
    "winner_line": (
        "{award}{prize}: {title} ({proposal})",
        "{award}{prize}：{title}（{proposal}）",
    ),
    "vacant_line": ("{award}: {count} not given", "{award}：空缺 {count} 名"),
    "prize": (", {prize}", "·{prize}"),
    "vacant_count": ("{count} not given", "空缺 {count} 名"),
    "tied": ("equal to {with_}; decided by: {by}", "与 {with_} 同分，判定依据：{by}"),
    "shared": ("shared with {with_}", "与 {with_} 并列"),
    # how ties are broken
    "by_criterion": ("higher “{name}”", "“{name}”得分高者在前"),
    "by_subtotal": ("higher subtotal", "小计高者在前"),
    "by_score": ("higher score in “{name}”", "“{name}”得分高者在前"),
    "by_fact": ("more “{name}”", "“{name}”多者在前"),
    "by_fact_asc": ("less “{name}”", "“{name}”少者在前"),
    "by_median": ("higher median of the ballots", "评委总分中位数高者在前"),
    "by_top_marks": ("more marks at the top of the scale", "满分个数多者在前"),
    "by_head_to_head": (
        "direct comparison by the judges who judged both",
        "同时评过双方的评委直接比较",
    ),
    "by_lot": ("lot, drawn from the declared seed", "按公布的种子数抽签"),
    "by_share": ("the place is shared", "并列名次"),
    "by_decision": ("a decision of the organisers", "组织方裁定"),
    "by_refuse": ("refused: a tie must not remain", "不允许并列"),
}  # fmt: skip


def word(key: str) -> dict[str, str]:
    """A word by language."""
    return dict(zip(LANGUAGES, WORDS[key], strict=True))


def say(key: str, **params: object) -> dict[str, str]:
    """A sentence by language; parameters may be titles by language or lists."""
    return Message(key, params, word(key)).texts()


def titled(title: Mapping[str, str], fallback: str) -> dict[str, str]:
    """A title in every language: what is there stands in for what is not, else `fallback`."""
    some = title.get("en") or next((text for text in title.values() if text), fallback)
    return {language: title.get(language) or some for language in LANGUAGES}
