"""JSON: a list of objects, or `{"rows": [...]}`; numbers are taken as they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from review import Reader, Sheet
from review_plugins.readers.texts import problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class JsonReader(Reader):
    """One object per row, whose place is its JSON pointer; a list of texts is joined with `;`."""

    id = "json"
    title = {"en": "JSON", "zh-Hans": "JSON"}
    suffixes = (".json",)

    def read(self, path: Path, encoding: str | None = None) -> Sequence[Sheet]:
        prefix, records = rows_of(parse(path.read_bytes(), encoding or "utf-8-sig"))
        pointers = [f"{prefix}/{number}" for number in range(len(records))]
        names: dict[str, None] = {}
        texts = []
        for pointer, record in zip(pointers, records, strict=True):
            if not isinstance(record, dict):
                raise problem(
                    "json_row_not_object",
                    "a row must be an object",
                    "每一行都必须是对象",
                    pointer,
                )
            names.update(dict.fromkeys(record))
            texts.append({name: cell(value, pointer, name) for name, value in record.items()})
        cells = pl.DataFrame(
            {
                str(column): [name, *(row.get(name) for row in texts)]
                for column, name in enumerate(names)
            },
            schema={str(column): pl.String for column in range(len(names))},
        )
        return [Sheet(cells, "pointer", rows=["", *pointers])]


def parse(data: bytes, encoding: str) -> Any:
    """The value of a JSON text, numbers as text."""
    try:
        return json.loads(
            data.decode(encoding),
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            object_pairs_hook=distinct,
        )
    except json.JSONDecodeError as error:
        raise problem(
            "json_invalid",
            "not valid JSON in line {line}, column {column}: {detail}",
            "第 {line} 行第 {column} 列不是有效的 JSON：{detail}",
            line=error.lineno,
            column=error.colno,
            detail=error.msg,
        ) from None
    except (UnicodeDecodeError, LookupError):
        raise problem(
            "not_decodable",
            "the text is not valid {encoding}",
            "文本不是有效的 {encoding} 编码",
            encoding=encoding.upper().removesuffix("-SIG"),
        ) from None
    except RecursionError:
        raise problem("json_deep", "nested too deeply", "嵌套过深") from None


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are there once."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise problem(
            "json_key_twice",
            "the key “{key}” is there twice in one object",
            "同一对象中键“{key}”出现了两次",
            key=next(name for name in names if names.count(name) > 1),
        )
    return made


def rows_of(value: Any) -> tuple[str, list[Any]]:
    """The pointer before the rows, and the rows."""
    if isinstance(value, list):
        return "", value
    if isinstance(value, dict) and isinstance(value.get("rows"), list):
        return "/rows", value["rows"]
    raise problem(
        "json_no_rows",
        'a list of objects is wanted, or {{"rows": [...]}}',
        '需要对象列表，或 {{"rows": [...]}}',
    )


def cell(value: Any, pointer: str, name: str) -> str | None:
    """A value as text (ReadError for an object)."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value or None
        case list() if all(isinstance(item, str) for item in value):
            return ";".join(value) or None
        case _:
            raise problem(
                "json_cell_nested",
                "“{name}” must be text, a number or a list of texts",
                "“{name}”必须是文本、数字或文本列表",
                pointer,
                name=name,
            )
