"""What judges and proposals are called in sentences: their names and titles beside the ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHORT = 24
"""A title of at most so many characters stands beside the id."""
PROPOSALS = frozenset({"proposals", "proposal", "enters", "leaves", "leader"})
"""The parameters that hold ids of proposals."""


class Proposal(str):
    """The id of a proposal in a parameter that may hold something else."""

    __slots__ = ()


def judge_name(names: Mapping[str, str], judge: str) -> str:
    """A judge's id, and the name where there is another one."""
    name = names.get(judge, judge)
    return judge if name == judge else f"{judge} {name}"


def with_titles(
    sentences: Iterable[Message], titles: Mapping[str, Mapping[str, str]], most: int
) -> Iterator[Message]:
    """The sentences, with the title of a proposal where it is first told of, if that is short.

    Lists of more than `most` stay as they are.
    """
    calling = _Calling(titles, most)
    for sentence in sentences:
        yield calling.message(sentence)


class _Calling:
    """Puts titles beside ids, each once."""

    def __init__(self, titles: Mapping[str, Mapping[str, str]], most: int) -> None:
        self.most = most
        self.untold = {p: dict(t) for p, t in titles.items() if _is_short(p, t)}

    def message(self, message: Message) -> Message:
        params = {key: self._value(key, value) for key, value in message.params.items()}
        return Message(message.code, params, message.text)

    def _value(self, key: str, value: object) -> object:
        if key == "reason":
            return value
        if isinstance(value, Message):
            return self.message(value)
        if isinstance(value, list) and len(value) <= self.most:
            return [self._value(key, each) for each in value]
        if isinstance(value, str) and (key in PROPOSALS or isinstance(value, Proposal)):
            return self._titled(value)
        return value

    def _titled(self, proposal: str) -> object:
        title = self.untold.pop(proposal, None)
        if title is None:
            return proposal
        return Message("proposal_titled", {"id": proposal, "title": title})


def _is_short(proposal: str, title: Mapping[str, str]) -> bool:
    """Whether there is a title that says more than the id and is not too long in any language."""
    texts = [text for text in title.values() if text and text != proposal]
    return bool(texts) and max(map(len, texts)) <= SHORT
