"""Proving a log: every link of the chain, every edit against its facts, every kept answer, whatever store holds it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, Protocol, TypeVar

from adapters.eventstore.chain import answer_digest
from adapters.eventstore.edits import Head
from rust_core import Proof
from rust_core.rows import AnswerRow, ChainedRow, EditRow

BATCH = 1_000  # facts that are hashed while the next ones are read

_Row = TypeVar("_Row")
Progress = Callable[[int, int], None]
Found = tuple[int, str] | None


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong. ``position`` is None where it can't be pinned to a fact."""

    position: int | None
    what: str


@dataclass(frozen=True)
class VerifyReport:
    """What was proved: ``events`` facts of ``edits`` edits hold, up to ``head``. ``fault``: the first that does not."""

    ok: bool
    events: int
    edits: int
    head: Head
    fault: Fault | None


class Unreadable(Exception):
    """A store can't read on. What it gave before stands."""


class Evidence(Protocol):
    """One state of a store, to be proved. Rows come in the order of the log; reading may raise ``Unreadable``."""

    def facts(self) -> Iterator[ChainedRow]:
        """Every fact with its edit and its link."""

    def edits(self) -> Iterator[EditRow]:
        """Every edit."""

    def reached(self) -> int:
        """The last position that there seems to be, for the progress."""

    def counted(self) -> int:
        """How many facts the store has ever held."""

    def answers(self) -> Iterator[tuple[int | None, AnswerRow, bytes]]:
        """Every kept answer with the position of its edit and its digest."""

    def unanswered(self) -> Iterator[tuple[int, str]]:
        """Position and key of every edit whose kept answer is missing or another edit's."""

    def damage(self) -> str | None:
        """What is wrong with the store around its rows. Called in another thread while rows are read."""


class _Broken(Exception):
    def __init__(self, position: int | None, what: str) -> None:
        super().__init__(what)
        self.fault = Fault(position, what)


class _Source(Generic[_Row]):
    """Rows, some at a time. ``trouble`` is why there are no more, where that is not their end."""

    def __init__(self, rows: Iterator[_Row]) -> None:
        self._rows = rows
        self.trouble: str | None = None

    def take(self, count: int) -> list[_Row]:
        """The next ``count`` rows at most."""
        taken: list[_Row] = []
        try:
            taken.extend(islice(self._rows, max(0, count)))  # keeps those before an error
        except Unreadable as error:
            self.trouble = f"the file can't be read here: {error}"
        return taken


def verify(evidence: Evidence, progress: Progress | None, anchor: Head | None) -> VerifyReport:
    """Prove a whole log and stop at the first fault: in its facts, then in its answers, then around them."""
    proof, fault = Proof(anchor.position if anchor else 0), None
    with ThreadPoolExecutor(2, "verify") as others:
        around = others.submit(evidence.damage)
        try:
            _walk(evidence, proof, progress, others)
            if anchor:
                _check_anchor(proof, anchor)
            _check_answers(evidence)
            if damage := around.result():
                raise _Broken(None, damage)
        except _Broken as broken:
            fault = broken.fault
        except Unreadable as error:
            fault = Fault(proof.position + 1, f"the file can't be read: {error}")
    return VerifyReport(fault is None, proof.position, proof.edits, Head(proof.position, proof.chain), fault)


def _walk(evidence: Evidence, proof: Proof, progress: Progress | None, others: ThreadPoolExecutor) -> None:
    """Facts and edits side by side: a batch is hashed while the next one is read."""
    total, facts, edits = evidence.reached(), _Source(evidence.facts()), _Source(evidence.edits())
    hashed: Future[Found] | None = None
    spare = 0  # edits that will be left after the batch in hand, at least
    while taken := facts.take(BATCH):
        told = edits.take(len(taken) - spare)  # an edit has a fact, so more are not needed
        if hashed:
            _check(hashed.result())
        if progress and proof.position:
            progress(proof.position, total)
        spare = proof.waiting + len(told) - len(taken)
        hashed = others.submit(proof.take, told, taken, edits.trouble)
    if hashed:
        _check(hashed.result())
        if progress:
            progress(proof.position, total)
    if facts.trouble:
        raise _Broken(proof.position + 1, facts.trouble)
    _check(proof.take(edits.take(1), [], edits.trouble))
    _check(proof.end(evidence.counted()))


def _check(found: Found) -> None:
    if found:
        raise _Broken(*found)


def _check_anchor(proof: Proof, anchor: Head) -> None:
    """The log must have passed through a head that was kept elsewhere."""
    if anchor.position > proof.position:
        raise _Broken(proof.position + 1, f"the log was cut off: it is known to have reached {anchor.position}")
    if anchor.position and proof.anchored != anchor.chain:
        raise _Broken(anchor.position, "the log up to here is another one than the anchor was taken of")


def _check_answers(evidence: Evidence) -> None:
    """Every kept answer is whole, and every edit that was answered has its answer."""
    try:
        for position, row, kept in evidence.answers():
            if _digest(position, row) != kept:
                raise _Broken(position, f"the answer kept for key {row[1]!r} was changed")
        for position, key in evidence.unanswered():
            raise _Broken(position, f"the answer kept for key {key!r} is missing or another one's")
    except Unreadable as error:
        raise _Broken(None, f"the answers can't be read: {error}") from error


def _digest(position: int | None, row: AnswerRow) -> bytes:
    try:
        return answer_digest(row)
    except (TypeError, ValueError, OverflowError) as error:
        raise _Broken(position, f"a value here is none that was written: {error}") from error
