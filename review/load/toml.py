"""TOML files → models; what does not fit becomes problems that name the key by its dotted path."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from review.load.files import COMPETITION, is_blank
from review.load.suggest import closest, did_you_mean
from review.messages import Message
from review.model.problem import Place
from review.plugin.parts import OptionError
from review.text import LANGUAGES, translate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.load.files import Files
    from review.load.report import Report

AnyModel = TypeVar("AnyModel", bound=BaseModel)
Path = tuple["str | int", ...]

# What belongs above the first table of a competition.
TOP_KEYS = frozenset(
    ("proposals", "judges", "assignments", "decisions", "signatures", "seed", "state", "format")
)
# pydantic's word for what is wanted → ours.
WANTED = {
    "string": "wants_text",
    "int": "wants_whole_number",
    "decimal": "wants_number",
    "bool": "wants_true_or_false",
    "dict": "wants_table",
    "model": "wants_table",
    "tuple": "wants_list",
    "list": "wants_list",
}
BOUNDS = {
    "greater_than": ">",
    "greater_than_equal": "≥",
    "less_than": "<",
    "less_than_equal": "≤",
}
# The models say these in English; with a code of its own each is told in every language.
REASONS = (
    (r"either `tiers` or `count`, not both", "tiers_or_count"),
    (r"`min` \((?P<min>.+)\) must be below `max` \((?P<max>.+)\)", "scale_upside_down"),
    (r"criterion `(?P<criterion>.+)` is there twice", "criterion_twice"),
    (r"no criterion counts", "no_criterion_counts"),
    (r"criteria with different scales need .*", "scales_differ"),
    (r"`(?P<token>.+)` names no criterion .*; it has (?P<criteria>.+)", "tie_criterion_unknown"),
    (r"`(?P<token>.*)` is not a tie-break; known are (?P<known>.+)", "tie_unknown"),
)  # fmt: skip

# What these say is wrong is the kind of value.
KINDS = (
    (r"a finite number is wanted|a number is wanted, not true or false", "wants_number"),
    (r"a number of at most \d+ digits .*", "wants_fewer_digits"),
    (r"a title is text or a table of texts by language .*", "wants_title"),
)
SIGNS = {
    **dict.fromkeys("“”„", '"'), **dict.fromkeys("‘’", "'"), **dict.fromkeys("，、；", ","),
    **dict.fromkeys("：", "="), **dict.fromkeys("【［", "["), **dict.fromkeys("】］", "]"),
}  # fmt: skip
PATTERNS = {r"^(own|round:.+|fact:.+)$": ("own", "round:ID", "fact:COLUMN")}


def read_toml(files: Files, name: str) -> dict[str, Any] | None:
    """The tables of a TOML file, numbers exact; None where it cannot be read (reported)."""
    report = files.report
    try:
        return parsed(files.data(name), name, report)
    except FileNotFoundError:
        hint = Message("hint_init") if name == COMPETITION else None
        report.error("file_missing", Place(name), value=name, hint=hint)
    except OSError as error:
        report.error("file_unreadable", Place(name), detail=error.strerror or str(error))
    return None


def parsed(data: bytes, name: str, report: Report) -> dict[str, Any] | None:
    """The tables of a TOML text."""
    if is_blank(data):
        report.error("file_empty", Place(name))
        return None
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.error("toml_not_utf8", Place(name, row=line), hint=Message("hint_save_utf8"))
    except tomllib.TOMLDecodeError as error:
        tell_undecoded(str(error), data.decode("utf-8-sig"), name, report)
    return None


def tell_undecoded(told: str, text: str, name: str, report: Report) -> None:
    """What is wrong with a text that is no TOML: mostly a sign of a Chinese keyboard."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", told)
    if found is None:
        detail = told.removesuffix("(at end of document)").strip()
        report.error("toml_invalid", Place(name, row=text.count("\n") + 1), detail=detail)
        return
    line, column = int(found[1]), int(found[2])
    twice = re.match(r"Cannot declare \((.*)\) twice", told)
    if twice is not None:
        table = ".".join(name[1:-1] for name in re.findall(r"'[^']*'|\"[^\"]*\"", twice[1]))
        report.error("toml_table_twice", Place(name, row=line, column=table), table=table)
        return
    sign = foreign_sign(text.split("\n")[line - 1], column - 1)
    if sign is None:
        detail = told.replace(found[0], "").strip()
        report.error("toml_invalid", Place(name, row=line), detail=detail)
        return
    code = "toml_wide_space" if typed(sign) == " " else "toml_wide_sign"
    report.error(code, Place(name, row=line), value=sign, plain=typed(sign))


def foreign_sign(line: str, column: int) -> str | None:
    """The sign that stands for one of TOML: at the column told, else the first outside of texts."""
    outside = re.sub(r'"[^"]*"|\'[^\']*\'|#.*', "", line)
    return next((sign for sign in line[column : column + 1] + outside if typed(sign)), None)


def typed(sign: str) -> str | None:
    """What to type for a curly or full-width sign; None for others."""
    plain = SIGNS.get(sign) or unicodedata.normalize("NFKC", sign)
    return plain if not sign.isascii() and plain.isascii() and len(plain) == 1 else None


def checked(
    model: type[AnyModel], data: Mapping[str, Any], place: Place, report: Report
) -> AnyModel | None:
    """`data` as a model; None where it does not fit (reported below `place`)."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        tell_invalid(error, model, data, place, report)
        return None


def tell_invalid(
    error: ValidationError,
    model: type[BaseModel],
    data: Mapping[str, Any],
    place: Place,
    report: Report,
) -> None:
    """One problem for each key that is wrong; `place` is the file and key that `data` is at."""
    told: set[str] = set()
    for detail in error.errors(include_url=False):
        steps = list(walk(data, detail["loc"], missing=detail["type"] == "missing"))
        names = [name for name, _ in steps]
        path = ".".join(str(step) for step in (place.column, *names) if step is not None)
        if path not in told:
            told.add(path)
            known = fields_at(model, names[:-1])
            tell_one(detail, names, known, replace(place, column=path or None), report)


def tell_one(
    detail: Any, names: Sequence[str | int], known: Sequence[str], place: Place, report: Report
) -> None:
    """The problem of one key, by the kind of pydantic's error."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    key = str(names[-1]) if names else ""
    match kind:
        case "missing":
            report.error("key_missing", place, key=key)
        case "extra_forbidden" | "model_type" if kind == "extra_forbidden" or at_top(key, place):
            hint = at_top(key, place) or did_you_mean(key, known)
            report.error("key_unknown", place, value=key, hint=hint)
        case "literal_error":
            tell_choices(value, re.findall(r"'([^']*)'|(\d+)", context["expected"]), place, report)
        case "string_pattern_mismatch" if context["pattern"] in PATTERNS:
            tell_choices(value, PATTERNS[context["pattern"]], place, report)
        case _ if kind in BOUNDS:
            bound = next(iter(context.values()))
            report.error("value_bound", place, value=shown(value), bound=f"{BOUNDS[kind]} {bound}")
        case "too_short" | "string_too_short":
            # A list none of whose elements fits is too short as well.
            if not value:
                report.error("value_empty", place, key=key)
        case "value_error":
            tell_reason(context["error"], value, place, report)
        case "dict_type" if key in {"title", "description"}:
            tell_refused(Message("wants_title"), value, place, report)
        case _:
            wanted = WANTED.get(kind.partition("_")[0])
            tell_refused(Message(wanted) if wanted else detail["msg"], value, place, report)


def at_top(key: str, place: Place) -> Message | None:
    """A hint where a key of the whole competition stands below the header of a table."""
    below = place.file == COMPETITION and "." in (place.column or "")
    return Message("hint_at_top", {"key": key}) if below and key in TOP_KEYS else None


def tell_choices(value: Any, choices: Any, place: Place, report: Report) -> None:
    """A value that is none of those there are."""
    names = ["".join(choice) for choice in choices]
    close = closest(str(value), names)
    hint = None if close is None else Message("hint_did_you_mean", {"name": close})
    code = "value_choice" if len(names) > 1 else "value_only"
    report.error(code, place, value=shown(value), choices=names, hint=hint)


def tell_reason(error: ValueError, value: Any, place: Place, report: Report) -> None:
    """What a model says is wrong, under a code of its own where it is one of the things we know."""
    if isinstance(error, OptionError):
        tell_refused(error.message, value, place, report)
        return
    text = str(error)
    for pattern, code in REASONS:
        found = re.fullmatch(pattern, text)
        if found:
            told = found.groupdict()
            path = [place.column, *key_of(code, told, value)]
            column = ".".join(step for step in path if step) or None
            hint = hint_for_tie(**told) if "token" in told else None
            report.error(code, replace(place, column=column), hint=hint, **told)
            return
    wanted = next((code for pattern, code in KINDS if re.fullmatch(pattern, text)), None)
    texts = {language: translate(text, language) for language in LANGUAGES}
    tell_refused(Message(wanted) if wanted else texts, value, place, report)


def key_of(code: str, told: Mapping[str, str], rubric: Any) -> list[str]:
    """The key of a rubric that is wrong, where the model speaks of the rubric as a whole."""
    match code:
        case "scales_differ":
            return ["report"]
        case "no_criterion_counts":
            return ["criteria"]
        case "criterion_twice":
            return ["criteria", told["criterion"]]
        case "tie_criterion_unknown":
            return ["ties", str(list(rubric["ties"]).index(told["token"]) + 1)]
        case _:
            return []


def hint_for_tie(token: str, known: str = "", criteria: str = "") -> Message | None:
    """The tie-break that may have been meant; the message has the list."""
    kind, _, rest = token.partition(":")
    forms = {word.partition(":")[0]: word for word in reversed(known.split(", "))}
    close = closest(rest, criteria.split(", ")) if criteria else closest(kind, forms)
    if close is None:
        return None
    if criteria:
        name = f"{kind}:{close}"
    else:
        form = forms[close]
        name = f"{close}:{rest}" if rest and ":" in form else form
    return Message("hint_did_you_mean", {"name": name})


def tell_refused(reason: object, value: Any, place: Place, report: Report) -> None:
    """A value that does not fit, and why; tables and lists are not quoted."""
    if isinstance(value, dict | list | tuple):
        report.error("table_refused", place, reason=reason)
    else:
        report.error("value_refused", place, value=shown(value), reason=reason)


def walk(data: Any, location: Path, *, missing: bool) -> Iterator[tuple[str | int, Any]]:
    """The steps of pydantic's location that are keys of the data: (name, value there).

    Elements of lists are named by their `id`, else counted from 1; members of unions are left out.
    """
    for number, step in enumerate(location):
        if isinstance(step, int) and isinstance(data, list | tuple):
            data = data[step] if step < len(data) else None
            name = data.get("id") if isinstance(data, dict) else None
            yield (name if isinstance(name, str) and name else step + 1), data
        elif isinstance(data, dict) and step in data:
            data = data[step]
            yield step, data
        elif missing and number == len(location) - 1:
            yield step, None


def fields_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that the model at a path knows."""
    models = [model]
    for step in path:
        found = [
            inner
            for outer in models
            for name, field in outer.model_fields.items()
            if step in {name, field.alias}
            for inner in models_in(field.annotation)
        ]
        # An element of a list, or a key that the user chose, is no field: the models stay.
        models = found or models
    return [field.alias or name for m in models for name, field in m.model_fields.items()]


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def shown(value: Any) -> str:
    """A value of TOML as it is quoted in a message."""
    return str(value).lower() if isinstance(value, bool) else str(value)
