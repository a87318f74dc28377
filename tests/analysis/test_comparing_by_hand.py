"""What is reported is what comes of editing the files of a competition and running it again."""

from __future__ import annotations

import csv
import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from review import app
from review.model.canonical import dumps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Table = list[dict[str, str]]

RULES = """
format = 1
id = "small"
seed = 7
proposals = "proposals.csv"
judges = "judges.csv"
[[rounds]]
id = "first"
rubric = "sheet"
marks = "first.csv"
[rounds.shortlist]
rule = "top"
size = 4
line = "{line}"
quotas = [{{ by = "community", max = 2 }}]
[[rounds]]
id = "last"
entrants = "first"
rubric = "sheet"
marks = "last.csv"
[[rounds.parts]]
from = "own"
times = 0.6
[[rounds.parts]]
from = "round:first"
times = 0.4
[[awards]]
id = "best"
award = "top_score"
round = "last"
tiers = [{{ count = 1 }}, {{ count = 1 }}]
[[awards]]
id = "liked"
award = "top_score"
round = "first"
[award_policy]
order = ["best", "liked"]
one_per = "team"
"""
RUBRIC = """
id = "sheet"
scorer = "{scorer}"
ties = ["criterion:need", "share", "lot"]
scale = {{ min = 0, max = 10, step = 1 }}
[[criteria]]
id = "need"
weight = 2
[[criteria]]
id = "plan"
weight = 1
counts = {plan}
"""


@dataclass(frozen=True)
class Files:
    """A competition folder as tables that can be edited."""

    proposals: Table
    judges: Table
    first: Table
    last: Table
    scorer: str
    line: str

    def write(self, folder: Path, **changed: Any) -> Path:
        """The folder, with some tables, the scorer or the rubric changed."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("proposals", "judges", "first", "last"):
            rows: Table = changed.get(name, getattr(self, name))
            with (folder / f"{name}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        (folder / "rubrics").mkdir(exist_ok=True)
        rubric = RUBRIC.format(
            scorer=changed.get("scorer", self.scorer), plan=changed.get("plan", "true")
        )
        (folder / "rubrics/sheet.toml").write_text(changed.get("rubric", rubric))
        (folder / "competition.toml").write_text(changed.get("rules", RULES.format(line=self.line)))
        return folder


def some(seed: int, scorer: str, line: str) -> Files:
    """Eight proposals of three communities, five judges, few grades, so that there are ties."""
    random = np.random.default_rng(seed)
    ids = [f"p{i}" for i in range(8)]
    proposals = [
        {"id": p, "title": p.upper(), "team": f"t{i % 6}", "community": "abc"[i % 3], "status": ""}
        for i, p in enumerate(ids)
    ]
    judges = [{"id": f"j{i}", "name": f"Judge {i}"} for i in range(5)]

    def marks(who: list[str]) -> Table:
        quality = dict(zip(ids, random.integers(3, 8, len(ids)), strict=True))
        return [
            {
                "proposal": p,
                "judge": j["id"],
                "need": str(int(np.clip(quality[p] + random.integers(-2, 3), 0, 10))),
                "plan": str(int(np.clip(quality[p] + random.integers(-2, 3), 0, 10))),
            }
            for p in ids
            for j in judges
            if j["id"] in who
        ]

    return Files(
        proposals, judges, marks(["j0", "j1", "j2", "j3"]), marks(["j2", "j3", "j4"]), scorer, line
    )


def result_of(folder: Path) -> dict[str, Any]:
    """What `review run --json` prints."""
    found: dict[str, Any] = json.loads(dumps(app.run(app.load(folder)).to_json()))
    return found


def rounds_of(result: dict[str, Any]) -> dict[str, Any]:
    return {r["id"]: r for r in result["rounds"]}


def shortlist_of(result: dict[str, Any], status: str) -> set[str]:
    return {e["proposal"] for e in rounds_of(result)["first"]["shortlist"] if e["status"] == status}


def ranks_of(result: dict[str, Any], round_id: str) -> dict[str, int]:
    standings = rounds_of(result)[round_id]["standings"]
    return {s["proposal"]: s["rank"] for s in standings if s["rank"] is not None}


def winners_of(result: dict[str, Any]) -> dict[str, set[tuple[int, str]]]:
    return {a["id"]: {(w["tier"], w["proposal"]) for w in a["winners"]} for a in result["awards"]}


def naive(before: dict[str, Any], after: dict[str, Any], gone: str = "") -> dict[str, Any]:
    """What a change does, from two results as JSON and nothing else."""
    was, is_ = shortlist_of(before, "in"), shortlist_of(after, "in")
    old, new = ranks_of(before, "first"), ranks_of(after, "first")
    if gone in old:
        old = {p: r - (r > old[gone]) for p, r in old.items() if p != gone}
    moves = [abs(new[p] - old[p]) for p in old if p in new]
    awards: dict[str, object] = {}
    given, now = winners_of(before), winners_of(after)
    for award in given:
        had = {p for _, p in given[award]}
        if award not in now:
            awards[award] = "waits"
            continue
        has = {p for _, p in now[award]}
        change = (
            sorted(has - had),
            sorted(had - has - {gone}),
            sorted(p for _, p in now[award] - given[award] if p in had),
        )
        if any(change):
            awards[award] = change
    return {
        "enters": sorted(is_ - was),
        "leaves": sorted(was - is_ - {gone}),
        "undecided": sorted(shortlist_of(after, "undecided") - shortlist_of(before, "undecided")),
        "largest": max(moves),
        "moved": sum(move > 0 for move in moves),
        "awards": awards,
    }


def reported(report: dict[str, Any], find: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The same of the report: `find` gives an entry of a round; awards are told by round."""
    first, last = (find(r) for r in report["rounds"])
    awards: dict[str, object] = {}
    for award in (*(first or {"awards": []})["awards"], *(last or {"awards": []})["awards"]):
        change = (award["enters"], award["leaves"], award["moves"])
        awards[award["award"]] = "waits" if award["waits"] else change
    if first is None:
        return {"awards": awards}
    largest = first["largest"]
    return {
        "enters": first["enters"],
        "leaves": first["leaves"],
        "undecided": first["undecided"],
        "largest": abs(largest["to"] - largest["from"]) if largest else 0,
        "moved": first["moved"],
        "awards": awards,
    }


CASES = [(1, "weighted_mean", "report"), (2, "trimmed_mean", "chain"), (3, "borda", "extend")]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[1]}-{case[2]}")
def case(request: pytest.FixtureRequest) -> Files:
    return some(*request.param)


def report_of(folder: Path, **how: Any) -> dict[str, Any]:
    opened = app.load(folder)
    found = app.comparing(opened, app.run(opened), draws=2, **how)
    loaded: dict[str, Any] = json.loads(dumps(found.to_json()))
    return loaded


def one(kind: str, **wanted: str) -> Callable[[dict[str, Any]], Any]:
    def find(round_: dict[str, Any]) -> Any:
        found = [
            v
            for v in round_["leaving_out"][kind]["variants"]
            if all(v[key] == value for key, value in wanted.items())
        ]
        return found[0] if found else None

    return find


@pytest.mark.slow
def test_report_is_what_editing_the_files_comes_to(case: Files, tmp_path: Path) -> None:
    report = report_of(case.write(tmp_path / "official"))
    before = result_of(tmp_path / "official")
    for judge in (j["id"] for j in case.judges):
        kept: dict[str, Any] = {
            name: [row for row in getattr(case, name) if row["judge"] != judge]
            for name in ("first", "last")
        }
        kept["judges"] = [row for row in case.judges if row["id"] != judge]
        after = result_of(case.write(tmp_path / judge, **kept))
        found = reported(report, one("judges", judge=judge))
        expected = naive(before, after)
        assert found == {key: expected[key] for key in found}, judge
    for proposal in (p["id"] for p in case.proposals):
        rows = [
            {**row, "status": "withdrawn" if row["id"] == proposal else ""}
            for row in case.proposals
        ]
        after = result_of(case.write(tmp_path / proposal, proposals=rows))
        found = reported(report, one("proposals", proposal=proposal))
        assert found == naive(before, after, proposal), proposal


@pytest.mark.slow
def test_single_marks_are_what_editing_them_comes_to(case: Files, tmp_path: Path) -> None:
    report = report_of(case.write(tmp_path / "official"))
    before = result_of(tmp_path / "official")
    listed = {
        round_["id"]: {
            (m["round"], m["proposal"], m["judge"], m["criterion"]): m
            for m in round_["influence"]["marks"]
        }
        for round_ in report["rounds"]
    }
    tried = 0
    for name in ("first", "last"):
        rows = getattr(case, name)
        entrants = set(ranks_of(before, name))
        for at, row in enumerate(rows):
            for criterion in ("need", "plan"):
                if row["proposal"] not in entrants or (at + len(criterion)) % 3:
                    continue
                cell = sorted(int(r[criterion]) for r in rows if r["proposal"] == row["proposal"])
                low, high = cell[(len(cell) - 1) // 2], cell[len(cell) // 2]
                median = min(max(int(row[criterion]), low), high)
                if median == int(row[criterion]):
                    continue
                tried += 1
                edited = [*rows[:at], {**row, criterion: str(median)}, *rows[at + 1 :]]
                after = result_of(case.write(tmp_path / "edited", **{name: edited}))
                key = (name, row["proposal"], row["judge"], criterion)
                expected = naive(before, after)
                found = listed["first"].get(key)
                of_first = {k: expected[k] for k in ("enters", "leaves", "undecided")}
                assert any(of_first.values()) <= (found is not None), key
                if found is not None:
                    assert {k: found[k] for k in of_first} == of_first
                awards = [
                    a
                    for by_key in listed.values()
                    for a in by_key.get(key, {"awards": []})["awards"]
                ]
                assert {a["award"] for a in awards} == set(expected["awards"]), key
    assert tried >= 10


@pytest.mark.slow
def test_criteria_and_scorers_are_what_editing_the_rubric_comes_to(tmp_path: Path) -> None:
    case = some(4, "weighted_mean", "chain")
    report = report_of(case.write(tmp_path / "official"), scorers=["median", "majority_judgment"])
    before = result_of(tmp_path / "official")
    rules = tomllib.loads(RULES.format(line="chain"))
    assert [r["id"] for r in rules["rounds"]] == ["first", "last"]
    own = RULES.format(line="chain").replace('rubric = "sheet"', 'rubric = "other"', 1)
    for name in ("median", "majority_judgment"):
        folder = case.write(tmp_path / name, rules=own)
        other = RUBRIC.format(scorer=name, plan="true").replace('"sheet"', '"other"')
        (folder / "rubrics/other.toml").write_text(other)
        after = result_of(folder)
        methods = report["rounds"][0]["methods"]
        (method,) = (m for m in methods["methods"] if m["id"] == name)
        expected = naive(before, after)
        assert method["effect"]["enters"] == expected["enters"]
        assert method["effect"]["leaves"] == expected["leaves"]
        assert {a["award"] for a in method["awards"]} == set(expected["awards"])
        ranks = {row["proposal"]: row["ranks"][name] for row in methods["matrix"]}
        assert ranks == ranks_of(after, "first")
    folder = case.write(tmp_path / "without", rules=own)
    less = RUBRIC.format(scorer="weighted_mean", plan="false").replace('"sheet"', '"other"')
    (folder / "rubrics/other.toml").write_text(less)
    found = reported(report, one("criteria", criterion="plan", round="first"))
    assert found == naive(before, result_of(folder))
