from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from review_plugins.exporters import charts
from tests.exporters import chart_cases

if TYPE_CHECKING:
    from tests.browser.conftest import Opens

pytestmark = pytest.mark.slow

STYLE = Path(charts.__file__).parents[1] / "templates/report.css"

#: Texts that stick out of their chart, and those smaller than eight pixels.
AMISS = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const around = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    const scale = Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b);
    return box.left < around.left - 1 || box.right > around.right + 1
      || box.top < around.top - 1 || box.bottom > around.bottom + 1
      || parseFloat(getComputedStyle(text).fontSize) * scale < 8;
  }).map(text => `${svg.querySelector('title').id}: ${text.textContent}`);
})"""


def page(language: str) -> str:
    """The charts as the report has them, under its policy."""
    style = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    drawn = "".join(
        f'<div class="chart-box">{each}</div>' for each in chart_cases.charts(language).values()
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy"'
        f" content=\"default-src 'none'; style-src 'sha256-{digest}'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>charts</title><style>{style}</style></head>"
        f"<body><main><section>{drawn}</section></main></body></html>"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_charts_keep_their_texts_inside_and_readable(
    language: str, width: int, scheme: str, desk: Opens, tmp_path: Path
) -> None:
    file = tmp_path / "charts.html"
    file.write_text(page(language), encoding="utf-8")
    window = desk(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    window.goto(file.as_uri())
    assert window.evaluate(AMISS) == []
    assert window.evaluate("document.documentElement.scrollWidth") == width
