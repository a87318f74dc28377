"""Words as they are compared: whatever their case, width and spaces."""

from __future__ import annotations

import re
from functools import lru_cache

from review.model.types import fold

CHINESE = r"[\u3400-\u9fff\uf900-\ufaff]"
BETWEEN = re.compile(rf"(?<={CHINESE}) (?={CHINESE})")


@lru_cache(maxsize=1 << 14)
def loose(text: str) -> str:
    """A text as it is compared, where a space between Chinese characters is for looks: `王 强`."""
    folded = fold(text)
    return BETWEEN.sub("", folded) if " " in folded else folded


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in a text."""
    return re.search(CHINESE, text) is not None
