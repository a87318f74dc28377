"""The pictures of the chapter on how sure and how fair a result is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review_plugins.exporters import charts
from review_plugins.exporters.words import LANGUAGES, titled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from review import Analysis, Result
    from review_plugins.exporters.tables import Text

MOST_ROWS, MOST_COLUMNS = 60, 20
"""A picture of more proposals, or a matrix of more judges, is no longer looked at."""


@dataclass(frozen=True, slots=True)
class Figures:
    """SVG by language: places with their intervals, judges, ways of scoring."""

    places: Sequence[Text]
    judges: Sequence[Text]
    methods: Sequence[Text]


def figures_of(result: Result, analysis: Analysis, round_id: str) -> Figures:
    """The pictures of one round; each is of the best `MOST_ROWS` proposals at most."""
    drawing = _Drawing(result, analysis, round_id)
    return Figures(
        places=list(drawing.places()),
        judges=[*drawing.severity(), *drawing.matrix()],
        methods=list(drawing.methods()),
    )


@dataclass(frozen=True)
class _Drawing:
    result: Result
    analysis: Analysis
    round_id: str

    def _drawn(self, name: str, draw: Callable[[str, str], str]) -> Text:
        """A picture in every language; its name is unique on the page."""
        at = [of.id for of in self.result.rounds].index(self.round_id) + 1
        return {
            language: draw(f"chart-{language.lower()}-{at}-{name}", language)
            for language in LANGUAGES
        }

    def _called(self, title: Mapping[str, str], proposal: str, language: str) -> str:
        return titled(title, proposal)[language]

    def places(self) -> Iterator[Text]:
        """The intervals of ranks of each field."""
        found = next(r for r in self.analysis.stability.rounds if r.id == self.round_id)
        inside = self._inside()
        for number, field in enumerate(found.fields):
            best = field.proposals[:MOST_ROWS]
            if len(best) < 2:  # noqa: PLR2004 -- nothing to compare
                continue

            def draw(identity: str, language: str) -> str:
                rows = [
                    charts.RankInterval(
                        each.proposal,
                        self._called(each.title, each.proposal, language),
                        each.rank,
                        *each.interval_50,
                        *each.interval_90,
                        None if inside is None else each.proposal in inside,
                    )
                    for each in best  # noqa: B023 -- drawn before the next field
                ]
                line = None if field.line is None else field.line.size  # noqa: B023
                return charts.rank_intervals(rows, identity=identity, language=language, line=line)

            yield self._drawn(f"places-{number}", draw)

    def _inside(self) -> set[str] | None:
        """Who is in; None where the round has no shortlist."""
        entries = self.result.round(self.round_id).shortlist
        if entries is None:
            return None
        return {entry.proposal for entry in entries if entry.status == "in"}

    def severity(self) -> Iterator[Text]:
        """How far each judge is beside the panel, the most generous first."""
        found = next(r for r in self.analysis.agreement.rounds if r.id == self.round_id)
        rows = [
            charts.JudgeSeverity(
                judge.called, judge.offset.value, judge.offset.low, judge.offset.high
            )
            for judge in found.judges
            if judge.offset is not None
        ]
        rows.sort(key=lambda row: (-row.value, row.judge))
        if len(rows) > 1:
            shown = rows[:MOST_ROWS]
            yield self._drawn(
                "severity",
                lambda identity, language: charts.judge_severity(
                    shown, identity=identity, language=language
                ),
            )

    def matrix(self) -> Iterator[Text]:
        """What every judge gave every proposal in all."""
        given = self.analysis.ballots(self.round_id)
        if given is None or len(given.judges) > MOST_COLUMNS:
            return
        of = self.result.round(self.round_id)
        best = [s for s in of.standings if s.rank is not None][:MOST_ROWS]
        by_pair = {
            (given.proposals[p], given.judges[j]): float(value)
            for p, j, value in zip(given.proposal, given.judge, given.value, strict=True)
        }
        dropped = self._dropped()

        def draw(identity: str, language: str) -> str:
            table = charts.ScoreMatrix(
                [(s.proposal, self._called(s.title, s.proposal, language)) for s in best],
                given.judges,
                [[by_pair.get((s.proposal, judge)) for judge in given.judges] for s in best],
                struck=frozenset(
                    (row, column)
                    for row, s in enumerate(best)
                    for column, judge in enumerate(given.judges)
                    if (s.proposal, judge) in dropped
                ),
            )
            return charts.score_matrix(table, identity=identity, language=language)

        yield self._drawn("matrix", draw)

    def _dropped(self) -> set[tuple[str, str]]:
        """Ballots that the scorer left out."""
        ballots = self.result.trace(self.round_id).ballots
        return set(
            ballots.filter(ballots["fate"] == "dropped").select("proposal", "judge").iter_rows()
        )

    def methods(self) -> Iterator[Text]:
        """Places under the other ways of scoring."""
        found = next(r for r in self.analysis.comparison.rounds if r.id == self.round_id).methods
        if found is None or not found.others or len(found.proposals) < 2:  # noqa: PLR2004 -- a pair
            return
        titles = self.result.round(self.round_id).standings.titles
        best = found.proposals[:MOST_ROWS]
        chosen = self._inside() is not None

        def draw(identity: str, language: str) -> str:
            table = charts.MethodComparison(
                [(p, self._called(titles[p], p, language)) for p in best],
                [
                    charts.Method(
                        titled(way.title, way.id)[language],
                        [way.rank.get(p) for p in best],
                        [way.status.get(p) == "in" for p in best] if chosen else None,
                    )
                    for way in (found.official, *found.others)
                ],
            )
            return charts.method_comparison(table, identity=identity, language=language)

        yield self._drawn("methods", draw)
