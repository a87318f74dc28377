"""Rules as TOML: models with every default left out, numbers exact."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import tomli_w

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model.competition import Competition
    from review.model.rubric import Rubric

_SHORTLIST_KEYS = frozenset(("rule", "line", "options"))
_PART_KEYS = frozenset(("name", "options"))


def competition_toml(
    competition: Competition,
    tables: Mapping[str, Any],
    facts: Mapping[str, str],
    marks: Mapping[str, str],
    compared: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> bytes:
    """competition.toml. Optional tables stand under their usual names, so they go unnamed.

    `tables`: the sources of proposals and judges. `facts`: the path of each fact table. `marks`:
    the path by round, of those that have marks. `compared`: for the others that are judged, the
    paths of `comparisons` and `rankings`.
    """
    data = _tidy(competition.model_dump(by_alias=True, exclude_defaults=True))
    for unnamed in ("assignments", "decisions"):
        data.pop(unnamed, None)
    data.update(tables)
    conflicts = {k: v for k, v in data.pop("conflicts", {}).items() if k != "path"}
    if conflicts:
        data["conflicts"] = conflicts
    for name, path in facts.items():
        data["facts"][name]["path"] = _source({**data["facts"][name]["path"], "path": path})
    for round_ in data["rounds"]:
        for key in ("marks", "comparisons", "rankings"):
            round_.pop(key, None)
        if round_["id"] in marks:
            round_["marks"] = marks[round_["id"]]
        round_.update(compared.get(round_["id"], {}))
        if "shortlist" in round_:
            round_["shortlist"] = _flat(round_["shortlist"], _SHORTLIST_KEYS)
    return tomli_w.dumps(_in_order(data)).encode()


def rubric_toml(rubric: Rubric) -> bytes:
    """A rubric with all that it took from others."""
    data = _tidy(rubric.model_dump(exclude_defaults=True))
    if "scorer" in data:
        scorer = _flat(data["scorer"], _PART_KEYS)
        data["scorer"] = scorer["name"] if set(scorer) == {"name"} else scorer
    return tomli_w.dumps(data).encode()


def source(path: str, keys: Mapping[str, object]) -> Any:
    """Where a table is: its path alone where that says it all."""
    return _source({"path": path, **keys})


def _source(keys: dict[str, Any]) -> Any:
    return keys["path"] if set(keys) == {"path"} else keys


def _in_order(data: dict[str, Any]) -> dict[str, Any]:
    """What a reader looks for first comes first."""
    first = ("format", "id", "title", "seed", "state", "proposals", "judges", "signatures")
    return {key: data[key] for key in (*first, *data) if key in data}


def _tidy(value: Any) -> Any:
    """Whole numbers without a point; a part's own options stay as they are."""
    if isinstance(value, dict):
        return {k: v if k == "options" else _tidy(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_tidy(inner) for inner in value]
    if isinstance(value, Decimal) and value.as_tuple().exponent == 0:
        return int(value)
    return value


def _flat(use: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Options beside the keys of a use, but for those that have the name of such a key."""
    options = use.get("options", {})
    beside = {key: value for key, value in options.items() if key not in known}
    nested = {key: value for key, value in options.items() if key in known}
    if nested and known == _PART_KEYS:
        beside, nested = {}, options  # a part takes its options in one of the two ways
    return {
        **{key: value for key, value in use.items() if key != "options"},
        **beside,
        **({"options": nested} if nested else {}),
    }
