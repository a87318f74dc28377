"""How a result was computed, in plain words: the rubric, the scorer, rounding, ties, awards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from review import Message
from review_plugins.exporters.plain_words import SENTENCES
from review_plugins.exporters.tables import part_title, round_title, tie_break
from review_plugins.exporters.words import LANGUAGES, titled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review import Result, RoundResult
    from review_plugins.exporters.tables import Text


def _say(key: str, **params: object) -> dict[str, str]:
    return Message(key, params, dict(zip(LANGUAGES, SENTENCES[key], strict=True))).texts()


def _join(texts: Sequence[Text], separators: tuple[str, str]) -> Text:
    pairs = zip(LANGUAGES, separators, strict=True)
    return {lang: separator.join(text[lang] for text in texts) for lang, separator in pairs}


def _listed(texts: Sequence[Text]) -> Text:
    return _join(texts, ("; ", "；"))


def _options(options: Mapping[str, Any]) -> Text:
    """A stranger's options, by name."""
    if not options:
        return dict.fromkeys(LANGUAGES, "")
    inner = _join([_say("option", name=k, value=v) for k, v in options.items()], (", ", "，"))
    return _say("bracket", inner=inner)


def round_rules(result: Result, of: RoundResult) -> list[Text]:
    """What was done to the marks of a round, step by step."""
    rubric = of.rubric
    sentences: list[Text] = []
    declared = result.source.competition.round(of.id)
    if declared.compared:
        scorer = _scorer(rubric.scorer.name, rubric.scorer.options)
        sentences.append(_say("compared", rubric=titled(rubric.title, rubric.id), scorer=scorer))
    elif declared.uses_own:
        order = "judge_first" if rubric.order == "judge-first" else "criterion_first"
        sentences += [
            _criteria(of),
            _say(order, scorer=_scorer(rubric.scorer.name, rubric.scorer.options)),
            _say(f"report_{rubric.report}"),
            _say(f"incomplete_{rubric.incomplete}")
            if order == "judge_first"
            else _say("missing_criterion_first"),
        ]
    if declared.parts:
        sentences.append(_say("parts", parts=_sum(result, declared.parts)))
    sentences.append(_rounding(of))
    if declared.group_by:
        sentences.append(_say("groups", by=declared.group_by))
    chain = [tie_break(result, of, token) for token in rubric.ties]
    sentences.append(_say("ties", chain=_listed(chain)))
    if declared.shortlist:
        sentences.append(_shortlist(declared.shortlist))
    return sentences


def _sum(result: Result, parts: Sequence[Any]) -> Text:
    """What a score is made of, with its signs."""
    said = [
        _say("part", times=abs(part.times), name=part_title(result, part.from_)) for part in parts
    ]
    signs = ["−" if part.times < 0 else "+" for part in parts]
    return {
        lang: " ".join(
            f"{sign} {text[lang]}" for sign, text in zip(signs, said, strict=True)
        ).removeprefix("+ ")
        for lang in LANGUAGES
    }


def _criteria(of: RoundResult) -> Text:
    criteria: list[Text] = []
    for criterion in of.rubric.criteria:
        scale = of.rubric.scale_of(criterion)
        criteria.append(
            _say(
                "criterion" if criterion.counts else "informative",
                name=titled(criterion.title, criterion.id),
                weight=criterion.weight,
                min=scale.min,
                max=scale.max,
            )
        )
    rubric = titled(of.rubric.title, of.rubric.id)
    return _say("criteria", rubric=rubric, criteria=_listed(criteria))


def _scorer(name: str, options: Mapping[str, Any]) -> Text:
    if name == "trimmed_mean" and "share" in options:
        return _say("scorer_trimmed_mean_share", share=options["share"])
    if name == "trimmed_mean":
        return _say("scorer_trimmed_mean", drop=options.get("drop", 1))
    if f"scorer_{name}" in SENTENCES and not options:
        return _say(f"scorer_{name}")
    return _say("scorer_other", name=name, options=_options(options))


def _rounding(of: RoundResult) -> Text:
    named = [(k, v) for k, v in of.rubric.rounding.model_dump().items() if v is not None]
    stages = [
        _say("stage" if places else "stage_whole", stage=_say(f"stage_{name}"), places=places)
        for name, places in [*named, ("score", of.rubric.decimals)]
    ]
    return _say("rounding", stages=_join(stages, (", ", "，")))


def _shortlist(use: Any) -> Text:
    """The rule of a shortlist: the ones we ship in a sentence, a stranger's by its options."""
    options = dict(use.options)
    reserve = options.pop("reserve", 0)
    spare = [_say("reserve", reserve=reserve)] if reserve else []
    if use.rule == "lottery":
        return _join([*_lottery(options), *spare], (" ", ""))
    known: dict[str, dict[str, Any]] = {
        "top": {"size": options.get("size")},
        "threshold": {"min_score": options.get("min_score")},
        "share": {"percent": options.get("percent")},
    }
    if None not in known.get(use.rule, {"": None}).values():
        quotas = _quotas(options.get("quotas", ()))
        first = _say(f"shortlist_{use.rule}", quotas=quotas, **known[use.rule])
    else:
        first = _say("shortlist_other", rule=use.rule, options=_options(options))
    return _join([first, *spare, _say(f"line_{use.line}")], (" ", ""))


def _lottery(options: dict[str, Any]) -> list[Text]:
    """Who draws, with which chance, and what was promised of the seed."""
    shown = {"interval": 50, **options}
    told: list[Text] = [_say(f"shortlist_lottery_{options.get('method', 'snsf')}", **shown)]
    if "commitment" in options:
        told.append(_say("lottery_commitment", commitment=options["commitment"]))
    return told


def _quotas(quotas: Any) -> Text:
    """Caps and floors, in brackets."""
    said: list[Text] = []
    for quota in quotas:
        suffix = "_value" if quota.get("value") is not None else ""
        said += [
            _say(f"quota_{kind}{suffix}", **{"value": "", **quota})
            for kind in ("max", "min")
            if quota.get(kind)
        ]
    if not said:
        return dict.fromkeys(LANGUAGES, "")
    return _say("bracket", inner=_join(said, ("; ", "；")))


def award_rules(result: Result) -> list[Text]:
    """On what each award was decided, and what held across all of them."""
    competition = result.source.competition
    uses = {use.id: use for use in competition.awards}
    sentences: list[Text] = []
    for award in result.awards:
        use = uses[award.id]
        details = [_prizes(use)]
        if use.min_score is not None:
            details.append(_say("award_min_score", min_score=use.min_score))
        sentences.append(
            _say(
                "award",
                award=titled(award.title, award.id),
                round=round_title(result, award.round),
                details=_say("bracket", inner=_join(details, ("; ", "；"))),
            )
        )
    return [*sentences, *_policy(result)]


def _prizes(use: Any) -> Text:
    if not use.tiers:
        return _say("award_count", count=use.prizes[0].count)
    return _join(
        [
            _say("award_prize", title=titled(tier.title, str(number)), count=tier.count)
            for number, tier in enumerate(use.tiers, 1)
        ],
        (", ", "，"),
    )


def _policy(result: Result) -> Iterator[Text]:
    policy = result.source.competition.award_policy
    titles = {award.id: titled(award.title, award.id) for award in result.awards}
    if policy.order and titles:
        yield _say("policy_order", awards=[titles.get(i, i) for i in policy.order])
    if policy.one_per:
        yield _say("policy_one_per", by=policy.one_per)
    if policy.shortlisted:
        yield _say("policy_shortlisted")
    if policy.min_ballots:
        yield _say("policy_min_ballots", min_ballots=policy.min_ballots)
