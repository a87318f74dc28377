"""Sentences about the rules, in both languages; plain data."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "criteria": (
        "Judged by rubric “{rubric}”: {criteria}.",
        "评审标准为“{rubric}”：{criteria}。",
    ),
    "criterion": (
        "{name} (weight {weight}, marks {min} to {max})",
        "{name}（权重 {weight}，分值 {min}～{max}）",
    ),
    "informative": (
        "{name} (for information, marks {min} to {max})",
        "{name}（仅供参考，不计入得分，分值 {min}～{max}）",
    ),
    "judge_first": (
        "A judge's marks on a proposal are weighed into one ballot; then, over judges: {scorer}.",
        "先按权重合成每位评委对项目的总分，再合成各评委的总分：{scorer}。",
    ),
    "criterion_first": (
        "For each criterion, over all judges: {scorer}; then the criteria are weighed together.",
        "先就每项指标合成各评委的评分：{scorer}；再按权重合成各项指标。",
    ),
    "compared": (
        "Judged by rubric “{rubric}”: judges say which proposal is better; then {scorer}.",
        "评审标准为“{rubric}”：评委判断哪个项目更好。再综合全部判断：{scorer}。",
    ),
    "report_own": (
        "The score is the weighted mean on the scale of the marks.",
        "得分为加权平均分，与评分采用同一分制。",
    ),
    "report_sum": (
        "The score is the sum of weight × mark over the criteria.",
        "得分为各项指标“权重×评分”之和。",
    ),
    "report_percent": (
        "The score is given in percent of what can be reached.",
        "得分换算为百分制。",
    ),
    "rounding": (
        "Rounded half away from zero, {stages}; ranks are decided on the published score.",
        "按四舍五入取值：{stages}；名次以公布的得分为准。",
    ),
    "stage": ("{stage} to {places} {places:decimal|decimals}", "{stage}保留 {places} 位小数"),
    "stage_whole": ("{stage} to whole numbers", "{stage}取整数"),
    "stage_mark": ("marks", "评分"),
    "stage_ballot": ("ballots", "评委总分"),
    "stage_criterion": ("criteria", "指标得分"),
    "stage_weighted": ("weighted criteria", "加权得分"),
    "stage_subtotal": ("subtotal", "小计"),
    "stage_parts": ("parts", "各部分得分"),
    "stage_total": ("total", "总分"),
    "stage_score": ("score", "得分"),
    "incomplete_renormalise": (
        "Where a judge left out a criterion, its weight goes to the others; it is never a zero.",
        "评委漏评某项指标时，该评委的权重按已评指标重新分配；缺评不按零分计算。",
    ),
    "incomplete_drop": (
        "A ballot that lacks a criterion does not count. A missing mark never counts as zero.",
        "评委漏评任一指标，该评委对此项目的评分不计入；缺评不按零分计算。",
    ),
    "incomplete_refuse": (
        "A ballot must be complete, or nothing is scored. A missing mark never counts as zero.",
        "评分必须完整，否则不予计分；缺评不按零分计算。",
    ),
    "missing_criterion_first": (
        "A missing mark is left out; it never counts as zero.",
        "缺评不计入，也不按零分计算。",
    ),
    "parts": ("Score of the round: {parts}.", "本轮得分 = {parts}。"),
    "part": ("{times} × {name}", "{times} × {name}"),
    "groups": (
        "Ranks and shortlist are made within each “{by}”.",
        "按“{by}”分组排名和入围。",
    ),
    "ties": ("Equal scores are told apart by: {chain}.", "同分时依次按以下规则处理：{chain}。"),
    "shortlist_top": (
        "Shortlist: the best {size}, down the standings{quotas}.",
        "入围规则：按名次取前 {size} 名{quotas}。",
    ),
    "shortlist_threshold": (
        "Shortlist: every score of at least {min_score}{quotas}.",
        "入围规则：得分达到 {min_score} 者入围{quotas}。",
    ),
    "shortlist_share": (
        "Shortlist: the best {percent} % of the ranked, rounded up{quotas}.",
        "入围规则：取有名次项目的前 {percent} %，不足一个的按一个计{quotas}。",
    ),
    "shortlist_lottery_snsf": (
        ("Shortlist: {size} places. Whoever's rank ({interval} % interval) is better than the line "
        "beyond doubt is in; those whose rank reaches to it share the places left by lot, with "
        "equal chances."),
        ("入围规则：名额 {size} 个。名次（{interval}% 区间）整体优于入围线的项目直接入围；"
        "名次触及入围线的项目以相同概率抽签决定余下名额。"),
    ),
    "shortlist_lottery_linear": (
        ("Shortlist: {size} places by lot, with chances that grow evenly from 0 to 1 over {width} "
        "points of the score."),
        "入围规则：名额 {size} 个，抽签决定；入围概率在 {width} 分的范围内随得分由 0 均匀升至 1。",
    ),
    "lottery_commitment": (
        "The seed of the draw was committed to as {commitment}.",
        "抽签种子的承诺值为 {commitment}。",
    ),
    "shortlist_other": ("Shortlist: {rule}{options}.", "入围规则：{rule}{options}。"),
    "reserve": ("Then {reserve} in reserve.", "另设候补 {reserve} 名。"),
    "line_report": (
        "A tie across the line is left for people to decide.",
        "入围线上并列时，由组织方裁定。",
    ),
    "line_extend": (
        "A tie across the line extends the shortlist.",
        "入围线上并列时，并列者全部入围。",
    ),
    "line_chain": (
        "A tie across the line is decided by the chain of tie-breaks.",
        "入围线上并列时，按同分规则决定。",
    ),
    "quota_max": ("at most {max} from each {by}", "每个“{by}”最多 {max} 个"),
    "quota_min": ("at least {min} from each {by}", "每个“{by}”至少 {min} 个"),
    "quota_max_value": ("at most {max} from {by} “{value}”", "“{by}”为“{value}”的最多 {max} 个"),
    "quota_min_value": ("at least {min} from {by} “{value}”", "“{by}”为“{value}”的至少 {min} 个"),
    "award": (
        "{award}: on the results of “{round}”{details}.",
        "{award}：依据“{round}”的结果{details}。",
    ),
    "award_prize": ("{title} × {count}", "{title} {count} 名"),
    "award_count": ("{count} to give", "共 {count} 名"),
    "award_min_score": (
        "vacant below a score of {min_score}",
        "得分低于 {min_score} 则空缺",
    ),
    "policy_order": ("Awards are given in this order: {awards}.", "奖项按以下顺序评定：{awards}。"),
    "policy_one_per": (
        "At most one award for each {by}; the next one moves up.",
        "同一“{by}”最多获一个奖项，后者依次递补。",
    ),
    "policy_shortlisted": (
        "Only proposals that were on a shortlist can have an award.",
        "只有入围项目可以获奖。",
    ),
    "policy_min_ballots": (
        "At least {min_ballots} {min_ballots:ballot is|ballots are} needed for an award.",
        "获奖项目至少应有 {min_ballots} 位评委的有效评分。",
    ),
    "scorer_weighted_mean": ("the mean", "取平均值"),
    "scorer_trimmed_mean": (
        "the mean without the {drop} highest and {drop} lowest",
        "去掉 {drop} 个最高分和 {drop} 个最低分后取平均值",
    ),
    "scorer_trimmed_mean_share": (
        "the mean without the highest and lowest share of {share}",
        "按 {share} 的比例去掉最高分和最低分后取平均值",
    ),
    "scorer_median": ("the median", "取中位数"),
    "scorer_majority_judgment": ("majority judgment", "多数评判法"),
    "scorer_borda": (
        "places instead of marks: points for every proposal ranked lower by the same judge (Borda)",
        "按名次计分：每位评委排在其后的项目数即为得分（波达计数法）",
    ),
    "scorer_z_score": (
        "each judge's marks measured from that judge's own mean, in standard deviations",
        "先按每位评委自己的均值和标准差标准化，再取平均值",
    ),
    "scorer_bradley_terry": (
        "strengths are estimated from who was placed above whom, 0 being the mean (Bradley–Terry)",
        "根据谁排在谁之前估计各项目的强弱，以 0 为平均（布拉德利–特里模型）",
    ),
    "scorer_davidson": (
        "strengths are estimated from wins and draws, 0 being the mean (Davidson)",
        "根据胜负和平局估计各项目的强弱，以 0 为平均（戴维森模型）",
    ),
    "scorer_plackett_luce": (
        "strengths are estimated from the judges' rankings, 0 being the mean (Plackett–Luce)",
        "根据评委给出的名次估计各项目的强弱，以 0 为平均（普拉克特–卢斯模型）",
    ),
    "scorer_crowd_bt": (
        "strengths and the reliability of judges are estimated, 0 being the mean (crowd BT)",
        "同时估计各项目的强弱和每位评委的可靠度，以 0 为平均（众评布拉德利–特里模型）",
    ),
    "scorer_copeland": (
        "majorities won against others less majorities lost (Copeland)",
        "两两比较中获多数的次数减去落败的次数（科普兰法）",
    ),
    "scorer_schulze": (
        "others beaten by the strongest chain of majorities, less those by which beaten (Schulze)",
        "按最强的多数链条胜过的项目数减去被胜过的项目数（舒尔茨法）",
    ),
    "scorer_kemeny": (
        "others below in the order that contradicts the judges least (Kemeny–Young)",
        "与评委判断分歧最小的排序中，排在其后的项目数（凯梅尼法）",
    ),
    "scorer_calibrated": (
        "the mean, corrected for severe and lenient judges as far as the marks tell them apart",
        "取平均值，并按打分所能反映的程度校正评委的宽严",
    ),
    "scorer_additive": (
        "the mean of the marks, less what each judge adds to every proposal (least squares)",
        "先用最小二乘法扣除每位评委的整体偏高或偏低，再取平均值",
    ),
    "scorer_least_squares_calibration": (
        "the mean of the marks after each judge's were brought to one scale by a straight line",
        "先用直线把每位评委的分数换算到同一尺度，再取平均值",
    ),
    "scorer_other": ("{name}{options}", "{name}{options}"),
    "bracket": (" ({inner})", "（{inner}）"),
    "option": ("{name} = {value}", "{name} = {value}"),
}  # fmt: skip
