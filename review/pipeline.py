"""From a loaded competition to its result, pure: score → rank → shortlist → award.

    load → check → [ score → rank → shortlist → award ] → explain → export

Rounds are rows: those that can be run at the same time (a level) and have the same shape are scored
in one query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.engine.digests import content_digest, rules_digest
from review.engine.entrants import levels, sources
from review.engine.findings import idle_rulings
from review.engine.level import Level, Outcome
from review.engine.prizes import awards
from review.engine.rules import RoundRules
from review.messages import Message
from review.model.problem import error
from review.model.result import Result, awaits_draw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model.loaded import LoadedCompetition
    from review.plugin.manager import Plugins


def derive(loaded: LoadedCompetition, plugins: Plugins, manifest: Mapping[str, object]) -> Result:
    """The result of a competition without errors; its `problems` tell what was found on the way.

    A problem of severity error among them (a tie that the rules refuse to break, a round that
    cannot start before a shortlist is decided) means that the result is incomplete. Raises
    HeadroomError and PluginError.
    """
    competition = loaded.competition
    rules = {r.id: round_rules(loaded, plugins, r.id) for r in competition.rounds}
    chains = {r: rule.rubric.ties for r, rule in rules.items()}
    outcome = Outcome()
    for level in levels(competition.rounds, chains):
        ready = [rules[r.id] for r in level if _can_start(rules[r.id], outcome)]
        if ready:
            Level(loaded, plugins, ready, outcome).run()
    given = awards(loaded, plugins, outcome)
    rounds = tuple(outcome.rounds[r.id] for r in competition.rounds if r.id in outcome.rounds)
    outcome.problems.extend(idle_rulings(loaded.decisions, rounds, given))
    return Result(
        competition=competition.id,
        title=competition.title,
        state=competition.state,
        content=content_digest(loaded),
        rules=rules_digest(loaded),
        rounds=rounds,
        awards=given,
        problems=tuple(sorted(outcome.problems, key=lambda p: p.sort_key)),
        source=loaded,
        manifest=manifest,
        tracer=outcome.trace,
    )


def round_rules(loaded: LoadedCompetition, plugins: Plugins, round_id: str) -> RoundRules:
    """A round with its rubric and an instance of the scorer that the rubric names."""
    rubric = loaded.rubrics[round_id]
    found = plugins.scorers()[rubric.scorer.name]
    scorer = found.part(rubric.scorer.options)
    return RoundRules(loaded.competition.round(round_id), rubric, scorer, found.plugin)


def _can_start(rules: RoundRules, outcome: Outcome) -> bool:
    """Whether every shortlist that a round needs is there and decided; tells what is not."""
    for source in sorted(sources(rules.round)):
        found = outcome.rounds.get(source)
        if found is None:
            return False
        waiting = [e for e in found.shortlist or () if e.status == "undecided"]
        undecided = [e.proposal for e in waiting]
        if undecided and source in (rules.round.entrants or ()):
            params = {"round": rules.id, "source": source, "proposals": undecided}
            by_lot = all(awaits_draw(e.reason.code) for e in waiting)
            hint = Message("hint_draw" if by_lot else "hint_decide")
            outcome.problems.append(error(Message("round_undecided", params), hint=hint))
            return False
    return True
