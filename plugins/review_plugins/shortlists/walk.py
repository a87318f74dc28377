"""Down the standings: one walk that serves every rule, readable aloud.

Best first, each proposal is taken if a place, every cap and every floor allow it. Where a tie makes
the outcome depend on the order, the walk goes on with every case there is, and what differs
between them is undecided.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal, TypeAlias

from review import Choice, Message
from review_plugins.shortlists.board import Board
from review_plugins.shortlists.tally import Taken
from review_plugins.shortlists.ties import settle
from review_plugins.shortlists.words import NAMED, awaits_tie, chain, kept_for_floors, named, others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Entrant
    from review_plugins.shortlists.board import Need
    from review_plugins.shortlists.quotas import Key, Quotas, Signature
    from review_plugins.shortlists.ties import Settled

CASES = 64
"""With more cases than this nobody further down is decided as long as places are left."""

_Member: TypeAlias = "tuple[Entrant, Signature]"
_Kind: TypeAlias = Literal["in", "extended", "undecided", "out"]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of a member of a block; `rivals` are indices into the block."""

    kind: _Kind
    rivals: frozenset[int] = frozenset()


_IN, _OUT = _Verdict("in"), _Verdict("out")


class Walk:
    """The walk over one field.

    `ins`: reason by proposal; `rest`: the choice on everybody else; `floor_of`: the open floor that
    somebody who is in counted for; `cases`: what may be taken in the end, depending on open ties.
    """

    def __init__(
        self, quotas: Quotas, size: int, line: str, inside: Message, beyond: Message
    ) -> None:
        self.ins: dict[str, Message] = {}
        self.rest: dict[str, Choice] = {}
        self.floor_of: dict[str, Key] = {}
        self.cases = [Taken(size)]
        self._quotas = quotas
        self._line = line
        self._inside = inside
        self.beyond = Choice("out", beyond)
        self._exact = True
        self._undecided: list[str] = []
        self._refused: dict[Signature, Choice] = {}
        self._needs: list[Need] | None = None
        # Proposals by the key whose cap they hold, or may hold.
        self._holders: defaultdict[Key, list[str]] = defaultdict(list)
        self._disputants: defaultdict[Key, list[str]] = defaultdict(list)

    def go(self, first: Sequence[Entrant], candidates: Sequence[Entrant]) -> None:
        """Take the `first` whatever the quotas say, then walk down the `candidates`, best first."""
        for entrant in first:
            self._admit(entrant, self._quotas.signature(entrant), self._inside)
        start = self.cases[0].with_(self._quotas.signature(entrant) for entrant in first)
        start.places = max(0, start.places)
        self.cases = [start]
        signatures = [self._quotas.signature(entrant) for entrant in candidates]
        self.board = Board(self._quotas, start, signatures)
        # With every place left for everybody, no size excludes anyone.
        self._unlimited = len(candidates)
        pairs = zip(candidates, signatures, strict=True)
        for _, block in groupby(pairs, key=lambda pair: pair[0].rank):
            self._block(list(block))

    def allows(self, entrant: Entrant) -> bool:
        """Whether no cap speaks against letting `entrant` in as well, in some case at least."""
        signature = self._quotas.signature(entrant)
        return any(not any(self.board.full(case, key) for key in signature) for case in self.cases)

    # ---------------------------------------------------------------------------------- a block

    def _block(self, block: list[_Member]) -> None:
        waiting = []
        for entrant, signature in block:
            refusal = self._refusal(signature)
            if refusal is None:
                waiting.append((entrant, signature))
            else:
                self.rest[entrant.proposal] = refusal
                self.board.gone((signature,))
        if waiting:
            signatures = [signature for _, signature in waiting]
            if self._exact and len(self.cases) == 1 and self.board.fits(self.cases[0], signatures):
                self._admit_all(waiting)
                # In place: a copy for each of a million would take as many steps squared.
                self.cases[0].add(signatures)
            else:
                self._decide(waiting, signatures)
            self.board.gone(signatures)
            # As long as nobody comes in, whoever is refused stays refused, and all alike.
            self._refused.clear()
            self._needs = None

    def _admit_all(self, waiting: list[_Member]) -> None:
        floors = self._open_floors()
        for entrant, signature in waiting:
            self._admit(entrant, signature, self._inside)
            self._note_floor(entrant, signature, floors)

    def _decide(self, waiting: list[_Member], signatures: Sequence[Signature]) -> None:
        exact = self._exact
        tied, cases = self._judge(signatures, self.cases)
        final = tied
        if self._line == "chain" and any(verdict.kind == "undecided" for verdict in tied):
            self._exact = exact
            final, cases = self._down_the_chain(waiting)
        floors, earlier = self._open_floors(), tuple(self._undecided)
        for index, (entrant, signature) in enumerate(waiting):
            before, verdict = tied[index], final[index]
            rivals = verdict.rivals or before.rivals
            if verdict.kind == "undecided":
                reason = _tie("tie_at_line", waiting, rivals, index)
                self._dispute(entrant, signature, reason if rivals else awaits_tie(earlier))
            elif before.kind == "undecided":
                reason = _tie("chain_at_line", waiting, rivals, index, entrant.line_by or chain())
                if verdict.kind == "in":
                    self._admit(entrant, signature, reason)
                else:
                    self.rest[entrant.proposal] = Choice("out", reason)
            elif verdict.kind == "extended":
                self._admit(entrant, signature, _tie("tie_extended", waiting, rivals, index))
            else:
                self._admit(entrant, signature, self._inside)
                self._note_floor(entrant, signature, floors)
        self.cases = cases

    def _down_the_chain(self, waiting: list[_Member]) -> tuple[list[_Verdict], list[Taken]]:
        verdicts = [_OUT] * len(waiting)
        cases = self.cases
        keys = [entrant.line_key for entrant, _ in waiting]
        for key in sorted({key for key in keys if key is not None}) + [None] * (None in keys):
            members = [index for index, other in enumerate(keys) if other == key]
            found, cases = self._judge([waiting[index][1] for index in members], cases)
            for index, verdict in zip(members, found, strict=True):
                rivals = frozenset(members[rival] for rival in verdict.rivals)
                verdicts[index] = _Verdict(verdict.kind, rivals)
        return verdicts, cases

    def _judge(
        self, signatures: Sequence[Signature], cases: Sequence[Taken]
    ) -> tuple[list[_Verdict], list[Taken]]:
        """What is true of each member in every case, and the cases after the block."""
        if not self._exact and any(case.places for case in cases):
            return [_Verdict("undecided")] * len(signatures), list(cases)
        table = []
        after: dict[tuple[int, frozenset[tuple[Key, int]]], Taken] = {}
        for case in cases:
            verdicts, following = self._judge_case(case, signatures)
            table.append(verdicts)
            for taken in following:
                after.setdefault((taken.places, frozenset((+taken.counts).items())), taken)
        verdicts = [_in_all_cases(column) for column in zip(*table, strict=True)]
        self._exact = self._exact and len(after) <= CASES
        return verdicts, list(after.values())[:CASES]

    def _judge_case(
        self, case: Taken, signatures: Sequence[Signature]
    ) -> tuple[list[_Verdict], list[Taken]]:
        settled = settle(self.board, case, signatures)
        self._exact = self._exact and settled.exact
        verdicts = [_IN if i in settled.sure else _OUT for i in range(len(signatures))]
        for i, rivals in settled.rivals.items():
            verdicts[i] = _Verdict("undecided", rivals)
        if self._line != "extend" or not settled.rivals:
            return verdicts, list(settled.after)
        tied, after = self._extended(case, signatures, settled)
        for i, rivals in settled.rivals.items():
            verdicts[i] = tied.get(i) or _Verdict("extended", rivals)
        return verdicts, after

    def _extended(
        self, case: Taken, signatures: Sequence[Signature], settled: Settled
    ) -> tuple[dict[int, _Verdict], list[Taken]]:
        """Let in whom only the size excludes: the verdicts on who still is not, and the cases.

        Who is sure of a place has it first: an extension takes nothing away.
        """
        sure = [signatures[i] for i in settled.sure]
        rest = [s for i, s in enumerate(signatures) if i not in settled.sure]
        members = sorted(settled.rivals)
        wide = Taken(self._unlimited + len(sure), case.counts).with_(sure)
        self.board.gone(sure)
        wider = settle(self.board, wide, [signatures[i] for i in members])
        self._exact = self._exact and wider.exact
        tied = {
            members[position]: _Verdict("undecided", frozenset(members[rival] for rival in rivals))
            for position, rivals in wider.rivals.items()
        }
        for taken in wider.after:
            # The extension's places are no places for others, unless floors still need them.
            used = len(sure) + self._unlimited - taken.places
            taken.places = max(0, case.places - used)
            taken.places = self.board.places_needed(taken, rest)
        self.board.back(sure)
        return tied, list(wider.after)

    # ---------------------------------------------------------------------------------- in words

    def _admit(self, entrant: Entrant, signature: Signature, reason: Message) -> None:
        self.ins[entrant.proposal] = reason
        for key in signature:
            self._holders[key].append(entrant.proposal)

    def _dispute(self, entrant: Entrant, signature: Signature, reason: Message) -> None:
        self.rest[entrant.proposal] = Choice("undecided", reason)
        self._undecided.append(entrant.proposal)
        for key in signature:
            self._disputants[key].append(entrant.proposal)

    def _open_floors(self) -> set[Key]:
        return {key for case in self.cases for key in self.board.open(case)}

    def _note_floor(self, entrant: Entrant, signature: Signature, floors: set[Key]) -> None:
        key = next((key for key in signature if key in floors), None)
        if key is not None:
            self.floor_of[entrant.proposal] = key

    def _refusal(self, signature: Signature) -> Choice | None:
        """Out, if there is no place in any case; None where there is one or may be."""
        if signature in self._refused:
            return self._refused[signature]
        left = any(case.places for case in self.cases)
        if left and not self._exact:
            return None
        if any(self.board.fits(case, (signature,)) for case in self.cases):
            return None
        self._refused[signature] = self._why_not(signature)
        return self._refused[signature]

    def _why_not(self, signature: Signature) -> Choice:
        """A cap, the size, or floors that need what is left."""
        case = self.cases[0]
        cases = self.cases[:1] if case.places else self.cases
        for key in signature:
            if all(self.board.full(taken, key) for taken in cases):
                return self._cap_reached(key)
        return self._kept(case, signature) if case.places else self.beyond

    def _cap_reached(self, key: Key) -> Choice:
        cap, holders = self._quotas.caps[key], self._holders[key]
        if len(holders) < cap:
            holders = holders + self._disputants[key]
        params = {"by": key[0], "max": cap, "holders": named(holders)}
        return Choice("out", Message("cap_reached", params))

    def _kept(self, case: Taken, signature: Signature) -> Choice:
        if self._needs is None:
            self._needs = self.board.needs(case, self._quotas.floors)
        for need in self._needs:
            if self.board.kept_for(case, signature, need):
                values = [value for _, value in need.keys]
                params = {"by": need.by, "min": need.least, "values": values}
                return Choice("out", Message("kept_for_floor", params))
        return Choice("out", kept_for_floors([key for need in self._needs for key in need.keys]))


def _in_all_cases(column: Sequence[_Verdict]) -> _Verdict:
    kinds = {verdict.kind for verdict in column}
    rivals = next((verdict.rivals for verdict in column if verdict.rivals), frozenset[int]())
    if kinds == {"out"}:
        return _OUT
    if kinds <= {"in", "extended"}:
        return _Verdict("extended", rivals) if "extended" in kinds else _IN
    return _Verdict("undecided", rivals)


def _tie(
    code: str, waiting: list[_Member], rivals: frozenset[int], index: int, by: str | Message = ""
) -> Message:
    """A tie with the `rivals` of a member, by name unless they are too many."""
    count = len(rivals) - (index in rivals)
    with_: list[object] = [others(count)]
    if count <= NAMED:
        with_ = [waiting[rival][0].proposal for rival in sorted(rivals) if rival != index]
    return Message(code, {"with_": with_, "by": by} if by else {"with_": with_})
