"""Whether a part keeps its contract: what `review plugins check` and `check_part` tell.

Each finding is a sentence about the part. What is expected of every kind: it says in both languages
what it is, takes its options strictly, and gives the same answer whatever the order of the rows,
the names of the judges and of the proposals, and the rounds that are computed beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from review.errors import PluginError
from review.messages import Message
from review.plugin.kinds import Kind, title_of
from review.plugin.manager import Plugins
from review.plugin.parts import Options
from review.testing.files import exporter_findings, reader_findings, rubric_findings
from review.testing.judging import award_findings, rule_findings, scorer_findings
from review.testing.use import kind_of
from review.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from review.plugin.parts import Part

_BEHAVIOUR: dict[Kind, Callable[[Any, dict[str, Any]], Iterator[Message]]] = {
    Kind.SCORER: scorer_findings,
    Kind.SHORTLIST: rule_findings,
    Kind.AWARD: award_findings,
    Kind.READER: reader_findings,
    Kind.EXPORTER: exporter_findings,
}


def check_part(part: type[Part], options: Mapping[str, Any] | None = None) -> None:
    """Assert that a part keeps its contract; the error lists every finding.

    `options`: some that it takes, needed where one has neither a default nor an example.
    """
    found = findings(part, options)
    assert not found, "\n".join(  # noqa: S101 -- for tests: pytest shows it as a failure
        [f"{part.__qualname__}:", *(f"- {finding.render('en')}" for finding in found)]
    )


def findings(
    part: type[Part] | Path,
    options: Mapping[str, Any] | None = None,
    plugins: Plugins | None = None,
) -> list[Message]:
    """Everything that is wrong with a part, or with a rubric file.

    `options` as for `check_part`; `plugins` know the scorer of a rubric (default: those installed).
    """
    if not isinstance(part, type):
        return list(rubric_findings(part, plugins or Plugins.load()))
    given = examples(part) if options is None else dict(options)
    found = [*_words(part), *_options(part, given)]
    return found or list(_behaviour(part, given))


def _behaviour(part: type[Part], options: dict[str, Any]) -> Iterator[Message]:
    """What the part does; a part that raises says so and nothing else."""
    try:
        yield from _BEHAVIOUR[kind_of(part)](part, options)
    except Exception as error:  # noqa: BLE001 -- whatever a part raises is a finding
        cause = error.__cause__ if isinstance(error, PluginError) and error.__cause__ else error
        yield Message("check_raised", {"error": f"{type(cause).__name__}: {cause}"})


def _words(part: type[Part]) -> Iterator[Message]:
    title = title_of(part)
    for language in LANGUAGES:
        if not title.get(language, "").strip():
            yield Message("check_title", {"language": language})
    if not (part.__doc__ or "").strip():
        yield Message("check_docstring")


def examples(part: type[Part]) -> dict[str, Any]:
    """The first example of each option that has no default: `Field(examples=[…])`."""
    return {
        field.alias or name: field.examples[0]
        for name, field in part.Options.model_fields.items()
        if field.is_required() and field.examples
    }


def _options(part: type[Part], options: dict[str, Any]) -> Iterator[Message]:
    if not issubclass(part.Options, Options):
        yield Message("check_options_model")
        return
    try:
        made = part.Options.model_validate(options)
    except ValidationError as error:
        for each in error.errors():
            name = ".".join(map(str, each["loc"]))
            yield Message("check_option_example", {"option": name, "error": each["msg"]})
        return
    if _again(part.Options, made) != made:
        yield Message("check_options_round_trip", {"options": repr(made)})


def _again(model: type[BaseModel], made: BaseModel) -> BaseModel | None:
    """The options written down as JSON and read again."""
    try:
        return model.model_validate_json(made.model_dump_json(by_alias=True, warnings=False))
    except ValueError:
        return None
