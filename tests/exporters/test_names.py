from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from review_plugins.exporters.names import file_stems, sheet_name

ODD = [
    "a/b",
    "a_b",
    "A_B",
    "a:b",
    "..",
    "",
    "初赛",
    "x" * 300,
    "x" * 301,
    "a b",
    "final.1",
    ".hidden",
]


def test_file_stem_of_a_plain_id_is_the_id() -> None:
    assert file_stems(["selection", "初赛", "final.1"]) == {
        "selection": "selection", "初赛": "初赛", "final.1": "final.1",
    }  # fmt: skip


def test_file_stem_of_a_plain_id_stays_whatever_looks_like_it() -> None:
    stems = file_stems(["a/b", "a_b"])

    assert stems["a_b"] == "a_b"
    assert stems["a/b"].startswith("a_b-")


@given(st.lists(st.one_of(st.sampled_from(ODD), st.text()), unique=True))
def test_file_stems_are_safe_and_never_shared(ids: list[str]) -> None:
    ids = [i.encode(errors="replace").decode() for i in dict.fromkeys(ids)]
    stems = file_stems(dict.fromkeys(ids))

    assert len({stem.casefold() for stem in stems.values()}) == len(stems)
    assert [
        s for s in stems.values() if set(s) & set('/\\:*?"<>|\x00\n') or len(s.encode()) > 150
    ] == []


def test_file_stem_does_not_take_the_name_that_another_digest_gave() -> None:
    taken = file_stems(["a/b"])["a/b"]

    stems = file_stems(["a/b", taken])

    assert stems[taken] == taken
    assert stems["a/b"] != taken


def test_sheet_names_are_short_unique_and_without_forbidden_characters() -> None:
    taken: set[str] = set()

    names = [
        sheet_name(n, taken) for n in ("A" * 40, "a" * 40, "x[1]:*?/\\y", "'q'", "😀", "", "''")
    ]

    assert names == ["A" * 31, "a" * 27 + " (2)", "x_1______y", "q", "_", "_ (2)", "_ (3)"]
