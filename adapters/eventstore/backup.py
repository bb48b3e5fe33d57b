"""A copy of a log that is being written: consistent, in one file, and proved before it gets its name."""

import os
from collections.abc import Callable
from pathlib import Path

import apsw

from adapters.eventstore.connection import Readers, sync_folder
from adapters.eventstore.edits import Head
from adapters.eventstore.evidence import evidence
from adapters.eventstore.refusals import refusing
from adapters.eventstore.verify import verify
from domain.errors import Refused


def backup(write: Callable[[apsw.Connection], None], target: Path) -> Head:
    """Copy a log to ``target``, which must not exist, and prove the copy. ``write`` fills the new file.

    The copy is whole or not there: it is made beside its place, synced, and then given its name.
    """
    if target.exists():
        raise Refused("output_exists", f"There is a file at {target} already")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with refusing():
            head = _copy(write, partial)
        _sync(partial)
        try:
            target.hardlink_to(partial)  # unlike rename, never replaces what came to be there meanwhile
        except FileExistsError:
            raise Refused("output_exists", f"There is a file at {target} already") from None
    finally:
        for leftover in (partial, *(partial.with_name(partial.name + end) for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)
    sync_folder(target.parent)
    return head


def from_file(readers: Readers) -> Callable[[apsw.Connection], None]:
    """Page by page out of a log file. Writers are not held up."""

    def write(copy: apsw.Connection) -> None:
        with readers.connection() as source, copy.backup("main", source, "main") as pages:
            pages.step(-1)  # all at once: a copy in steps begins anew whenever something is written

    return write


def _copy(write: Callable[[apsw.Connection], None], partial: Path) -> Head:
    copy = apsw.Connection(str(partial))
    try:
        write(copy)
        copy.pragma("journal_mode", "delete")  # one file, without a write-ahead log beside it
    finally:
        copy.close(True)
    copied = Readers(partial)
    try:
        with evidence(copied) as found:
            report = verify(found, None, None)
    finally:
        copied.close()
    if report.fault:
        raise Refused("log_corrupt", f"The copy does not prove itself at {report.fault.position}: {report.fault.what}")
    return report.head


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
