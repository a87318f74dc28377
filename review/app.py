"""The verbs that the command line and the web share: load, check, run, write, verify, explain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from review.engine.explain import Explanation
from review.engine.explain import explain as explain_result
from review.errors import DataError, HeadroomError, ReviewError
from review.load import load_competition
from review.load.suggest import did_you_mean
from review.manifest import made_by
from review.messages import Message
from review.model.problem import Problem, error
from review.model.types import fold
from review.output import Written, write_result
from review.pipeline import derive
from review.plugin.manager import Plugins
from review.verification import Verification, compare

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from review.analysis.agreement.report import Agreement
    from review.analysis.comparing.report import Comparison
    from review.analysis.next_pair import NextPairs
    from review.analysis.stability.report import Stability
    from review.analysis.unusual.report import Unusual
    from review.analysis.whole import Analysis
    from review.model.competition import Competition
    from review.model.loaded import LoadedCompetition
    from review.model.result import Result


WAITING = "round_undecided"
"""The one error that leaves a result: people need the standings to decide on."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A competition folder that was read, with the plugins it was read with."""

    folder: Path
    loaded: LoadedCompetition
    plugins: Plugins

    @property
    def competition(self) -> Competition:
        """The rules as declared."""
        return self.loaded.competition

    @property
    def problems(self) -> Sequence[Problem]:
        """What was found while reading, by place."""
        return self.loaded.problems


def load(
    folder: Path,
    *,
    local_plugins: bool = True,
    blocked: Collection[str] = (),
    judged_live: bool = False,
) -> Opened:
    """Read and check a competition folder; what is wrong with its data is in `problems`.

    `local_plugins`: whether to import the folder's own `plugins/*.py`. `blocked`: plugins to leave
    out. `judged_live`: files of marks may be missing, since marks come otherwise.
    Raises DataError where competition.toml cannot be used at all, PluginError where a plugin is at
    fault.
    """
    plugins = Plugins.load(folder if local_plugins else None, blocked)
    return Opened(folder, load_competition(folder, plugins, judged_live=judged_live), plugins)


def check(opened: Opened) -> Sequence[Problem]:
    """Every problem at once: those of the files and, without an error, those a run would meet."""
    if any(p.is_error for p in opened.problems):
        return opened.problems
    try:
        return _derive(opened).all_problems
    except HeadroomError as found:
        return sorted([*opened.problems, _headroom(found)], key=lambda p: p.sort_key)


def run(opened: Opened) -> Result:
    """The result of a competition.

    Raises DataError with every problem where there is an error, so that nothing is scored. With one
    exception: where a later round waits for a decision, the result holds what could be decided so
    far, and its `problems` the error.
    """
    if any(p.is_error for p in opened.problems):
        raise _refused(opened.problems)
    try:
        result = _derive(opened)
    except HeadroomError as found:
        raise _refused([*opened.problems, _headroom(found)]) from found
    if any(p.is_error and p.code != WAITING for p in result.problems):
        raise _refused(result.all_problems)
    return _with_analyst(result, opened.plugins)


def _with_analyst(result: Result, plugins: Plugins) -> Result:
    """The result, which from now on can be asked how sure and how fair it is."""

    @cache
    def analysis() -> Analysis:
        from review.analysis.whole import Analysis  # noqa: PLC0415 -- numpy

        return Analysis(result, plugins)

    return replace(result, analyst=analysis)


def write(
    opened: Opened, result: Result, out: Path, formats: Collection[str] | None = None
) -> Written:
    """Write a result into a folder: result.json, manifest.json and `formats` (default: all).

    A folder that we wrote is replaced as a whole; raises OutputError where anything else is in it.
    """
    return write_result(result, out, opened.plugins, formats)


def verify(out: Path, opened: Opened) -> Verification:
    """Recompute the competition and compare with `out`: content, rules, plugin versions, files.

    Raises VerifyError where `out` has no result, DataError where the competition cannot be scored
    any more.
    """
    return compare(out, run(opened))


def explain(result: Result, proposal: str, round_id: str | None = None) -> Explanation:
    """From a proposal's rank back to its marks, in one round or in all.

    `proposal`: an id, or a title that only one has. Raises ReviewError where it or the round is not
    there, with what may have been meant.
    """
    return explain_result(result, _proposal(result, proposal), round_id)


def agreement(result: Result, round_id: str | None = None) -> Agreement:
    """How far the judges agree and how each of them marks, in one round or in all.

    Raises ReviewError where the round is not there.
    """
    from review.analysis.agreement.measuring import agreement as agreement_of  # noqa: PLC0415 -- numpy

    return agreement_of(result, _round(result, round_id))


def stability(opened: Opened, result: Result, round_id: str | None = None) -> Stability:
    """How sure each place and each award is, in one round or in all; takes seconds.

    Raises ReviewError where the round is not there.
    """
    from review.analysis.stability.report import stability as stability_of  # noqa: PLC0415 -- numpy

    return stability_of(result, opened.plugins, _round(result, round_id))


def comparing(
    opened: Opened,
    result: Result,
    round_id: str | None = None,
    *,
    scorers: Sequence[str] | None = None,
    draws: int | None = None,
) -> Comparison:
    """What would change the result, in one round or in all; takes seconds.

    `scorers`: ways of scoring to lay beside the declared one (default: the usual ones). `draws`: of
    weights. Raises ReviewError where the round or a scorer is not there.
    """
    from review.analysis.comparing.report import comparing as comparing_of  # noqa: PLC0415 -- numpy

    round_id = _round(result, round_id)
    return comparing_of(result, opened.plugins, round_id, scorers=scorers, draws=draws)


def unusual(result: Result, round_id: str | None = None) -> Unusual:
    """Ballots and judges that are unusual and worth a question, in one round or in all.

    Raises ReviewError where the round is not there.
    """
    from review.analysis.unusual.finding import unusual as unusual_of  # noqa: PLC0415 -- numpy

    return unusual_of(result, _round(result, round_id))


def next_pairs(opened: Opened, round_id: str | None = None, judge: str | None = None) -> NextPairs:
    """Which proposals to compare next, in one round or in all that are judged by comparisons.

    Asked when there are too few comparisons for a result, too. Raises DataError where the folder
    was read with errors, ReviewError where there is no such round or judge.
    """
    from review.analysis.next_pair import next_pairs as next_pairs_of  # noqa: PLC0415 -- numpy

    if any(p.is_error for p in opened.problems):
        raise _refused(opened.problems)
    return next_pairs_of(_derive(opened), round_id, judge)


def _round(result: Result, round_id: str | None) -> str | None:
    """The id as it is, where there is a round of that id."""
    rounds = [round_.id for round_ in result.rounds]
    if round_id is not None and round_id not in rounds:
        raise ReviewError(Message("explain_no_round", {"round": round_id, "rounds": rounds}))
    return round_id


def _proposal(result: Result, word: str) -> str:
    """The id of the proposal that has this id or title."""
    titles = {p: title for r in result.rounds for p, title in r.standings.titles.items()}
    if word in titles:
        return word
    found = [p for p, title in titles.items() if fold(word) in map(fold, [p, *title.values()])]
    if len(found) == 1:
        return found[0]
    if found:
        raise ReviewError(Message("explain_title_twice", {"title": word, "proposals": found}))
    names = [*titles, *(text for title in titles.values() for text in title.values())]
    hint = did_you_mean(word, names, listed=sorted(titles))
    code = "explain_no_proposal_hint" if hint else "explain_no_proposal"
    raise ReviewError(Message(code, {"proposal": word, "hint": hint}))


def _derive(opened: Opened) -> Result:
    return derive(opened.loaded, opened.plugins, made_by(opened.loaded, opened.plugins))


def _refused(problems: Sequence[Problem]) -> DataError:
    errors = sum(p.is_error for p in problems)
    return DataError(Message("not_scored", {"count": errors}), problems)


def _headroom(found: HeadroomError) -> Problem:
    return error(found.message, hint=Message("hint_headroom"))
