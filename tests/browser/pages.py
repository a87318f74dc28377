"""What every page has to be: accessible, and to be used with a thumb on a small phone."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tools.vendor import File, Package, fetch

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Package(
    "axe-core",
    "4.14.1",
    (
        File(
            "axe.min.js",
            "axe.min.js",
            "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
        ),
    ),
)
# Fetched once a checkout; `make clean` removes it.
CACHE = Path(__file__).parents[2] / "build/npm"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

RUN_AXE = """async (tags) => {
  const {violations} = await axe.run(document, {runOnly: tags});
  return violations.flatMap(({id, nodes}) => nodes.map(
    ({html, failureSummary}) => `${id}: ${html}\\n${failureSummary}`));
}"""

# Axe lets targets of 24 px pass, and such as it takes for hidden. A radio button or a checkbox
# is hit on its label as well. A link within a sentence is as high as its line (WCAG 2.5.8, inline).
SMALL_TARGETS = """(least) => {
  const selector = `a[href], area[href], button, input:not([type=hidden]), select, textarea,
    summary, [tabindex]:not([tabindex^="-"]), [role=button], [role=link], [role=tab],
    [contenteditable=""], [contenteditable=true]`;
  const box = (element) => element.getBoundingClientRect();
  const hit = (element) => {
    const inLabel = ['radio', 'checkbox', 'file'].includes(element.type) && element.labels;
    const boxes = [element, ...(inLabel || [])].map(box);
    return [
      Math.max(...boxes.map(({right}) => right)) - Math.min(...boxes.map(({left}) => left)),
      Math.max(...boxes.map(({bottom}) => bottom)) - Math.min(...boxes.map(({top}) => top)),
    ];
  };
  const shown = (element) => [element, ...(element.labels || [])].some(
    (one) => one.checkVisibility({visibilityProperty: true}) && box(one).width > 1);
  const blockOf = (node) => {
    let around = node.parentElement;
    while (getComputedStyle(around).display === 'inline') around = around.parentElement;
    return around;
  };
  const inText = (element) => {
    if (getComputedStyle(element).display !== 'inline') return false;
    const block = blockOf(element);
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      const isLetters = text.data.trim() && !text.parentElement.closest(selector);
      if (isLetters && blockOf(text) === block) return true;
    }
    return false;
  };
  return [...document.querySelectorAll(selector)]
    .filter((element) => shown(element) && !inText(element))
    .map((element) => [element, ...hit(element)])
    // Half a pixel: sizes in rem become fractions of a device's pixels.
    .filter(([, width, height]) => Math.min(width, height) < least - 0.5)
    .map(([{outerHTML}, width, height]) =>
      `${Math.round(width)}x${Math.round(height)} px: ${outerHTML.slice(0, 200)}`);
}"""

# What is wide may scroll in a box of its own.
WIDER = """(width) => {
  const page = document.documentElement;
  if (page.clientWidth === width && page.scrollWidth <= width) return [];
  const boxed = (element) => element.parentElement.closest('body *') && (
    getComputedStyle(element.parentElement).overflowX !== 'visible'
    || boxed(element.parentElement));
  const wide = [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > width && !boxed(element))
    .map(({outerHTML}) => outerHTML.slice(0, 200));
  return [`${page.scrollWidth} px in a window of ${page.clientWidth} px`, ...wide];
}"""


@cache
def _axe() -> str:
    (file,) = AXE.files
    stored = CACHE / f"{AXE.npm}-{AXE.version}" / file.name
    if not stored.exists():
        content = fetch(AXE)[file]
        assert hashlib.sha256(content).hexdigest() == file.sha256, f"{AXE.npm} is not what it was"
        stored.parent.mkdir(parents=True, exist_ok=True)
        fresh = stored.with_suffix(f".{os.getpid()}")  # other workers may be at it
        fresh.write_bytes(content)
        fresh.replace(stored)
    return stored.read_text(encoding="utf-8")


def _nothing(found: list[str]) -> None:
    assert not found, "\n".join(found)


def axe(page: Page) -> None:
    """Assert that axe-core finds nothing against WCAG 2.2 A and AA."""
    # Evaluated and not added as a script, which the page's own security policy forbids.
    page.evaluate(_axe())
    _nothing(page.evaluate(RUN_AXE, list(WCAG)))


def targets(page: Page, least: int = 44) -> None:
    """Assert that whatever can be hit is `least` px wide and high, unless it stands in text."""
    _nothing(page.evaluate(SMALL_TARGETS, least))


def no_sideways_scroll(page: Page, width: int = 320) -> None:
    """Assert that a page fits a window of `width` px; the window then is as it was."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": width, "height": before["height"]})
    try:
        _nothing(page.evaluate(WIDER, width))
    finally:
        page.set_viewport_size(before)
