"""The first worksheet: who won and how it was computed, English beside Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.exporters.document import warnings
from review_plugins.exporters.plain import award_rules, round_rules
from review_plugins.exporters.styles import LINE_HEIGHT, TITLE_HEIGHT, row_height, set_up_page
from review_plugins.exporters.tables import round_title
from review_plugins.exporters.words import LANGUAGES, say, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter.worksheet import Worksheet

    from review import Result
    from review_plugins.exporters.styles import Styles
    from review_plugins.exporters.tables import Text

_WIDTH = 74


def write_summary(sheet: Worksheet, styles: Styles, result: Result) -> None:
    """Title, state, digests, winners and rules, English on the left and Chinese on the right."""
    set_up_page(sheet, result, 1, 0)
    sheet.set_column(0, len(LANGUAGES) - 1, _WIDTH)
    look = {"text_wrap": True, "valign": "top"}
    title = styles.bare(bold=True, font_size=18, font_color="#8C1C24", **look)
    heading = styles.bare(bold=True, font_size=13, bottom=1, **look)
    _put(sheet, 0, titled(result.title, result.competition), title, 2 * LINE_HEIGHT)
    row = 1
    for head, lines in _sections(result):
        _put(sheet, row, head, heading, TITLE_HEIGHT)
        for row, line in enumerate(lines, row + 1):  # noqa: B020 -- goes on below
            _put(sheet, row, line, styles.bare(**look))
        row += 2


def _put(sheet: Worksheet, row: int, text: Text, look: object, height: float = LINE_HEIGHT) -> None:
    sheet.set_row(row, row_height(((text[lang], _WIDTH) for lang in LANGUAGES), height))
    for column, language in enumerate(LANGUAGES):
        sheet.write_string(row, column, text[language], look)


def _sections(result: Result) -> Iterator[tuple[Text, Sequence[Text]]]:
    yield word(result.state), [word(f"{result.state}_note"), *warnings(result)]
    if result.awards:
        yield word("awards"), list(_winners(result))
    for of in result.rounds:
        title = say("computed_of", round=round_title(result, of.id))
        yield title, round_rules(result, of)
    if result.awards:
        yield say("computed_of", round=word("awards")), award_rules(result)
    digests = [dict.fromkeys(LANGUAGES, digest) for digest in (result.content, result.rules)]
    yield word("content"), digests[:1]
    yield word("rules"), digests[1:]


def _winners(result: Result) -> Iterator[Text]:
    for award in result.awards:
        name = titled(award.title, award.id)
        for winner in award.winners:
            prize = titled(winner.tier_title, winner.group or "")
            yield say(
                "winner_line",
                award=name,
                prize=say("prize", prize=prize) if prize["en"] else dict.fromkeys(LANGUAGES, ""),
                title=titled(winner.title, winner.proposal),
                proposal=winner.proposal,
            )
        if award.vacant:
            yield say("vacant_line", award=name, count=award.vacant)
