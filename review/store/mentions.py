"""Whether a text holds another as words of its own: `Bo` is not in `Board`, 王强 is in 评委王强."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Letters and digits of scripts that put spaces between words.
_SPACED = "[0-9A-Za-z\u00aa-\u02ff\u0370-\u1fff]"


class Mentions:
    """Looks for some texts in others; blank ones are in nothing."""

    def __init__(self, texts: Iterable[str | None]) -> None:
        wanted = {text.strip() for text in texts if text}
        escaped = {json.dumps(text, ensure_ascii=False)[1:-1] for text in wanted}
        parts = [_bounded(text) for text in sorted(wanted | escaped, key=len, reverse=True) if text]
        self._pattern = re.compile("|".join(parts)) if parts else None

    def __call__(self, *texts: str) -> bool:
        """Whether any of the texts holds any of those that are looked for, plain or in JSON."""
        pattern = self._pattern
        return pattern is not None and any(pattern.search(text) for text in texts)


def _bounded(text: str) -> str:
    before = f"(?<!{_SPACED})" if re.match(_SPACED, text) else ""
    after = f"(?!{_SPACED})" if re.match(_SPACED, text[-1]) else ""
    return f"{before}{re.escape(text)}{after}"
