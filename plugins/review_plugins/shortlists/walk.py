"""Down the standings: one walk that serves every rule, readable aloud.

Best first, each proposal is taken if a place, every cap and every floor allow it. Where a tie makes
the outcome depend on the order, the walk goes on with every case there is, and what differs
between them is undecided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal, TypeAlias

from review import Choice, Message
from review_plugins.shortlists.cases import Case
from review_plugins.shortlists.plan import Limits, Pool
from review_plugins.shortlists.ties import settle
from review_plugins.shortlists.words import NAMED, awaits_tie, chain, kept_for_floors, named, others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Entrant
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


@dataclass(frozen=True, slots=True)
class _Need:
    """The open floors of one attribute and one minimum; `case` has only floors like them."""

    by: str
    least: int
    keys: Sequence[Key]
    case: Case


class Walk:
    """The walk over one field.

    `ins`: reason by proposal; `rest`: the choice on everybody else; `floor_of`: the open floor that
    somebody who is in counted for; `cases`: what may be taken in the end, depending on open ties;
    `floors`: as far as each can be met; `short`: how many places they ask for in vain together.
    """

    def __init__(
        self, quotas: Quotas, size: int, line: str, inside: Message, beyond: Message
    ) -> None:
        self.ins: dict[str, Message] = {}
        self.rest: dict[str, Choice] = {}
        self.floor_of: dict[str, Key] = {}
        self.cases: list[Case] = []
        self.quotas = quotas
        self._size = size
        self._line = line
        self._inside = inside
        self.beyond = Choice("out", beyond)
        self._exact = True
        self._undecided: list[str] = []
        # Who does not fit never will: more is taken and fewer are to come.
        self._hopeless: set[Signature] = set()
        # What is said of them, until somebody comes in.
        self._refused: dict[Signature, Choice] = {}
        self._needs: list[_Need] | None = None
        # By attribute and minimum: how many places floors ask for in vain.
        self._short: dict[tuple[str, int], int] = {}
        # Proposals by the key whose cap they hold, or may hold.
        self._holders: defaultdict[Key, list[str]] = defaultdict(list)
        self._disputants: defaultdict[Key, list[str]] = defaultdict(list)

    def go(self, first: Sequence[Entrant], candidates: Sequence[Entrant]) -> None:
        """Take the `first` whatever the quotas say, then walk down the `candidates`, best first."""
        counts: Counter[Key] = Counter()
        for entrant in first:
            signature = self.quotas.signature(entrant)
            self._admit(entrant, signature, self._inside)
            counts.update(signature)
        signatures = [self.quotas.signature(entrant) for entrant in candidates]
        self.pool = Pool(signatures)
        limits = Limits(self.quotas.floors, self.quotas.caps)
        start = Case.start(limits, self.pool, max(0, self._size - len(first)), counts)
        self.cases, self.floors, self.short = [start], start.limits.floors, start.short
        # With every place left for everybody, no size excludes anyone.
        self._unlimited = len(candidates)
        pairs = zip(candidates, signatures, strict=True)
        left = start.places > 0
        for _, block in groupby(pairs, key=lambda pair: pair[0].rank):
            if left:
                self._block(list(block))
                left = any(case.places for case in self.cases)
            else:
                for entrant, signature in block:
                    self.rest[entrant.proposal] = self._refuse(signature)

    def allows(self, entrant: Entrant) -> bool:
        """Whether no cap speaks against letting `entrant` in as well, in some case at least."""
        signature = self.quotas.signature(entrant)
        return any(not any(case.full(key) for key in signature) for case in self.cases)

    # ---------------------------------------------------------------------------------- a block

    def _block(self, block: list[_Member]) -> None:
        waiting = []
        for entrant, signature in block:
            refusal = self._refusal(signature)
            if refusal is None:
                waiting.append((entrant, signature))
            else:
                self.rest[entrant.proposal] = refusal
                self._gone((signature,), self.cases)
        if waiting:
            signatures = [signature for _, signature in waiting]
            alone = self._exact and len(self.cases) == 1
            # One who is not refused then fits.
            if alone and (len(waiting) == 1 or self.cases[0].fits(signatures)):
                for entrant, signature in waiting:
                    self._take_in(entrant, signature, self._inside)
                # In place: a copy for each of a million would take as many steps squared.
                self.cases[0].add(signatures)
            else:
                self._decide(waiting, signatures)
            self._gone(signatures, self.cases)
            self._refused.clear()
            self._needs = None

    def _gone(self, signatures: Sequence[Signature], cases: Sequence[Case]) -> None:
        self.pool.take(signatures)
        for case in cases:
            case.gone(signatures)

    def _decide(self, waiting: list[_Member], signatures: Sequence[Signature]) -> None:
        exact = self._exact
        tied, cases = self._judge(signatures, self.cases)
        final = tied
        if self._line == "chain" and any(verdict.kind == "undecided" for verdict in tied):
            self._exact = exact
            final, cases = self._down_the_chain(waiting)
        earlier = tuple(self._undecided)
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
                self._take_in(entrant, signature, self._inside)
        if any(verdict.kind == "extended" for verdict in final):
            # There may be more places now than there were.
            self._hopeless.clear()
            self._short.clear()
        self.cases = cases

    def _down_the_chain(self, waiting: list[_Member]) -> tuple[list[_Verdict], list[Case]]:
        verdicts = [_OUT] * len(waiting)
        cases = self.cases
        keys = [entrant.line_key for entrant, _ in waiting]
        for key in sorted({key for key in keys if key is not None}) + [None] * (None in keys):
            members = [index for index, other in enumerate(keys) if other == key]
            signatures = [waiting[index][1] for index in members]
            found, cases = self._judge(signatures, cases)
            self._gone(signatures, cases)
            for index, verdict in zip(members, found, strict=True):
                rivals = frozenset(members[rival] for rival in verdict.rivals)
                verdicts[index] = _Verdict(verdict.kind, rivals)
        self.pool.put(signature for _, signature in waiting)
        return verdicts, cases

    def _judge(
        self, signatures: Sequence[Signature], cases: Sequence[Case]
    ) -> tuple[list[_Verdict], list[Case]]:
        """What is true of each member in every case, and the cases after the block."""
        if not self._exact and any(case.places for case in cases):
            return [_Verdict("undecided")] * len(signatures), list(cases)
        table = []
        after: dict[tuple[int, frozenset[tuple[Key, int]]], Case] = {}
        for case in cases:
            verdicts, following = self._judge_case(case, signatures)
            table.append(verdicts)
            for taken in following:
                after.setdefault((taken.places, frozenset(taken.counts.items())), taken)
        verdicts = [_in_all_cases(column) for column in zip(*table, strict=True)]
        self._exact = self._exact and len(after) <= CASES
        return verdicts, list(after.values())[:CASES]

    def _judge_case(
        self, case: Case, signatures: Sequence[Signature]
    ) -> tuple[list[_Verdict], list[Case]]:
        settled = settle(case, signatures)
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
        self, case: Case, signatures: Sequence[Signature], settled: Settled
    ) -> tuple[dict[int, _Verdict], list[Case]]:
        """Let in whom only the size excludes: the verdicts on who still is not, and the cases.

        Who is sure of a place has it first: an extension takes nothing away.
        """
        sure = [signatures[i] for i in settled.sure]
        rest = [s for i, s in enumerate(signatures) if i not in settled.sure]
        members = sorted(settled.rivals)
        wide = case.with_(sure, self._unlimited)
        self.pool.take(sure)
        wider = settle(wide, [signatures[i] for i in members])
        self._exact = self._exact and wider.exact
        tied = {
            members[position]: _Verdict("undecided", frozenset(members[rival] for rival in rivals))
            for position, rivals in wider.rivals.items()
        }
        self.pool.take(rest)
        after = []
        for taken in wider.after:
            # The extension's places are no places for others, unless floors still need them.
            used = len(sure) + self._unlimited - taken.places
            after.append(taken.with_((), max(0, case.places - used)))
            after[-1].gone(rest)
            after[-1].widen()
        self.pool.put(signatures)
        return tied, after

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

    def _take_in(self, entrant: Entrant, signature: Signature, reason: Message) -> None:
        """Admit, and remember the open floor that it may be for."""
        self._admit(entrant, signature, reason)
        for key in signature:
            if any(case.opens(key) for case in self.cases):
                self.floor_of[entrant.proposal] = key
                break

    def _refusal(self, signature: Signature) -> Choice | None:
        """Out, if there is no place in any case; None where there is one or may be."""
        if signature in self._refused:
            return self._refused[signature]
        if not self._exact:
            return None
        if signature not in self._hopeless:
            if any(case.fits((signature,)) for case in self.cases):
                return None
            self._hopeless.add(signature)
        return self._refuse(signature)

    def _refuse(self, signature: Signature) -> Choice:
        if signature not in self._refused:
            self._refused[signature] = self._why_not(signature)
        return self._refused[signature]

    def _why_not(self, signature: Signature) -> Choice:
        """A cap, the size, or floors that need what is left."""
        left = self.cases[0].places > 0
        cases = self.cases[:1] if left else self.cases
        for key in signature:
            if all(case.full(key) for case in cases):
                return self._cap_reached(key)
        return self._kept(signature) if left else self.beyond

    def _cap_reached(self, key: Key) -> Choice:
        cap, holders = self.quotas.caps[key], self._holders[key]
        if len(holders) < cap:
            holders = holders + self._disputants[key]
        params = {"by": key[0], "max": cap, "holders": named(holders)}
        return Choice("out", Message("cap_reached", params))

    def _kept(self, signature: Signature) -> Choice:
        needs = self._needs = self._open_needs() if self._needs is None else self._needs
        for need in needs:
            if not need.case.fits((signature,)):
                values = [value for _, value in need.keys]
                params = {"by": need.by, "min": need.least, "values": values}
                return Choice("out", Message("kept_for_floor", params))
        return Choice("out", kept_for_floors([key for need in needs for key in need.keys]))

    def _open_needs(self) -> list[_Need]:
        """The floors still open, together by attribute and by the minimum as declared."""
        case = self.cases[0]
        together: dict[tuple[str, int], list[Key]] = {}
        for key in case.open_floors():
            together.setdefault((key[0], self.quotas.floors[key]), []).append(key)
        needs = []
        for (by, least), keys in together.items():
            alike = [key for key, n in self.quotas.floors.items() if (key[0], n) == (by, least)]
            view = case.only(alike, self._short.get((by, least), 0))
            # What cannot be filled now cannot later, with fewer to come.
            self._short[by, least] = view.short
            needs.append(_Need(by, least, keys, view))
        return needs


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
