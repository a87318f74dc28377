from __future__ import annotations

import sys
from io import StringIO

import pytest

from review.cli.progress import doing


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(KeyError), doing("Reading"):
        raise KeyError
    assert terminal.getvalue() == "Reading…\r\x1b[K"


def test_progress_is_silent_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with doing("Reading"):
        pass
    assert capsys.readouterr() == ("", "")
