"""What the application needs of a log: damage is refused as ``log_corrupt``, other trouble as ``log_unavailable``."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from adapters.eventstore.edits import Edit, EditRecord, Head, Record, StoredAnswer
from adapters.eventstore.verify import VerifyReport


class EventLog(Protocol):
    """A log to write to and to read from. Any thread may call any of it; every answer is of one consistent state."""

    def place(self) -> str:
        """Where the log is, for people; without secrets."""

    @property
    def shared(self) -> bool:
        """Whether other processes may write to it too: what was read of it may then be out of date at any time."""

    @property
    def leads(self) -> bool:
        """Whether this process does what only one process on the log may do. It may come and go; two never have it."""

    def submit(self, edit: Edit) -> "Future[list[Record]]":
        """Append an edit; the future has its records once they are durable. Edits are taken in the order of the calls.

        The future may raise ``Refused``: version_conflict (with ``current_version``), id_taken, key_reused,
        storage_full, log_unavailable, outcome_unknown; and ``AlreadyAnswered`` when the same request was accepted
        before.
        """

    def read(self, stream: str, after: int = 0, upto: int | None = None) -> list[Record]:
        """The facts of a stream with versions in ``(after, upto]``, in order and without a gap."""

    def read_all(self, after: int, limit: int, prefix: str = "") -> list[Record]:
        """Facts after a position in the order of the log; with ``prefix``, those of streams that begin with it."""

    def version(self, stream: str) -> int:
        """The version of a stream's last fact; 0 where there is none."""

    def version_at(self, stream: str, time_us: int) -> int:
        """The version of a stream after the last edit that was made at or before a time (UTC, microseconds)."""

    def position(self) -> int:
        """The last durable position that this process knows of, at least its own last; 0 of an empty log."""

    def head(self) -> Head:
        """The last position and its chain hash, as one state of the log."""

    def chain_head(self) -> bytes:
        """The chain hash at the last position."""

    def streams(self, prefix: str = "") -> list[str]:
        """The names of the streams that begin with ``prefix``, sorted."""

    def tags(self) -> list[str]:
        """Every tag that a fact in the log has, each once, in no order. Reads the whole log."""

    def edits(self, stream: str, after: int = 0, limit: int = 100) -> list[EditRecord]:
        """The edits of a stream whose first fact has a version greater than ``after``, oldest first."""

    def edit(self, edit_id: str) -> EditRecord | None:
        """One edit."""

    def answer(self, actor: str, key: str) -> StoredAnswer | None:
        """What an actor's idempotency key was answered with."""

    def nearest_snapshot(self, stream: str, version: int, fingerprint: str) -> tuple[int, bytes] | None:
        """The newest snapshot at or below a version that this fold code made: its version and state."""

    def save_snapshot(self, stream: str, version: int, fingerprint: str, state: bytes) -> "Future[None]":
        """Keep a state that the fold code of this fingerprint made; those of other fold code are dropped."""

    def wait(self, position: int, timeout: float) -> bool:
        """Block until the log reaches a position; False when it did not in ``timeout`` seconds."""

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """Call with the last position after the log has grown, in a thread of the log's: it must be quick."""

    def verify(self, progress: Callable[[int, int], None] | None = None, anchor: Head | None = None) -> VerifyReport:
        """Prove the whole log as it is at this moment. ``progress`` is called with facts done and facts in all."""

    def backup(self, target: Path) -> Head:
        """Write a consistent, verified copy to a new file while writing goes on; answers with the copy's head."""

    def close(self) -> None:
        """Write what was submitted, then give up the log."""
