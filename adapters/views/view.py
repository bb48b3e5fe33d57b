"""One projection's file: whole edits go in, in batches, and the position moves in the same transaction as the rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from adapters.eventstore.edits import Record
from adapters.views.dump import Difference, first_difference
from adapters.views.log import BATCH, Log, WholeEdit, whole_edits
from adapters.views.tables import Parked, Standing, count_parked, create, park, parked, stand_at, standing
from domain.errors import Refused
from projections.projection import Projection

BUSY_MS = 10_000
WAL_KEPT_BYTES = 16 * 1024 * 1024

# Faults of the machine or the file, never of a fact.
MACHINE = (
    apsw.BusyError,
    apsw.CantOpenError,
    apsw.CorruptError,
    apsw.FullError,
    apsw.IOError,
    apsw.LockedError,
    apsw.NoMemError,
    apsw.NotADBError,
    apsw.PermissionsError,
    apsw.ProtocolError,
    apsw.ReadOnlyError,
)
DAMAGE = (apsw.CorruptError, apsw.NotADBError)


class Overtaken(Exception):
    """Another process has moved this view meanwhile."""


class View:
    """A projection and its rows. One thread at a time; another process may write to the same file."""

    def __init__(self, connection: apsw.Connection, projection: Projection, *, indexed: bool = True) -> None:
        """Make the tables of an empty database; see ``open_view`` and ``private_view``."""
        self.projection = projection
        self._connection = connection
        create(connection, projection, indexed=indexed)

    def index(self, statement: str) -> None:
        """Add an index of the projection's that a private view began without."""
        self._connection.execute(statement)

    def standing(self) -> Standing:
        """Where it stands."""
        return standing(self._connection)

    def is_current(self) -> bool:
        """Whether this code filled it: if not, it can be read while another is built, and must not be continued."""
        at = self.standing()
        return (at.version, at.basis) == (self.projection.version, self.projection.basis)

    def follows(self, log: Log) -> bool:
        """Whether what it has folded is the beginning of this log, and not of another one or of a longer one."""
        at = self.standing()
        if at.position == 0:
            return True
        last = log.read_all(at.position - 1, 1)
        return bool(last) and last[0].chain == at.chain

    def parked(self) -> list[Parked]:
        """The first hundred facts that it could not digest."""
        return parked(self._connection)

    def count_parked(self) -> int:
        """How many facts it could not digest."""
        return count_parked(self._connection)

    def advance(self, log: Log, limit: int = BATCH, upto: int | None = None) -> bool:
        """Take the next edits, none of which ends after ``upto``; False where there are none.

        A batch that fails is taken again piece by piece, and what fails alone is parked. Raises ``MACHINE`` errors, and
        then nothing has changed; and ``unknown_fact`` where a newer version wrote what comes next. That is not parked,
        since a newer program can digest it: the position stays before it.
        """
        at = self.standing().position
        edits = [edit for edit in whole_edits(log, at, limit) if upto is None or edit[-1].position <= upto]
        if not edits:
            return False
        try:
            self._take(at, edits)
        except Overtaken:
            pass
        except MACHINE:
            raise
        except Exception:  # noqa: BLE001 - whatever a projection trips over, it must not stop the facts behind it
            self._take_apart(at, edits)
        return True

    def difference_from(self, live: apsw.Connection) -> Difference | None:
        """The first row in which a live database of the same projection is not as this one."""
        return first_difference(live, self._connection, self.projection)

    def replace_with(self, rebuilt: "View", log: Log) -> None:
        """Become an exact copy of another view, in one transaction: readers see the old rows or the new ones.

        The other view first takes what this one has taken since, so nobody is ever set back.
        """
        with self._connection.backup("main", rebuilt._connection, "main") as copy:
            copy.step(0)  # takes the write lock: from here on nobody moves this view
            stood = self._stood()
            while rebuilt.standing().position < stood and rebuilt.advance(log):
                pass
            copy.step(-1)

    def _stood(self) -> int:
        """Where the file stands, read beside a copy that holds its write lock; 0 where that can't be read any more."""
        beside = apsw.Connection(self._connection.filename, flags=apsw.SQLITE_OPEN_READONLY)
        try:
            return standing(beside).position
        except DAMAGE:
            return 0
        finally:
            beside.close(True)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close(True)

    def _take(self, at: int, edits: Sequence[WholeEdit]) -> None:
        with self._moving(at, edits[-1][-1]):
            batch = self.projection.begin(self._connection)
            for edit in edits:
                batch.apply(edit)
            batch.finish()

    def _take_apart(self, at: int, edits: Sequence[WholeEdit]) -> None:
        """Piece by piece, each in a transaction of its own; what can't be digested is parked."""
        for edit in edits:
            for piece in [edit] if self.projection.whole_edits else [[record] for record in edit]:
                try:
                    self._take(at, [piece])
                except Overtaken:
                    return
                except MACHINE:
                    raise
                except Exception as error:
                    if isinstance(error, Refused) and error.code == "unknown_fact":
                        raise
                    self._park(at, piece, error)
                at = piece[-1].position

    def _park(self, at: int, piece: WholeEdit, error: Exception) -> None:
        with self._moving(at, piece[-1]):
            for record in piece:
                park(self._connection, record, f"{type(error).__name__}: {error}")

    @contextmanager
    def _moving(self, at: int, last: Record) -> Iterator[None]:
        """A transaction that moves the position from ``at`` to ``last``."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self.standing().position != at:
                raise Overtaken
            yield
            stand_at(self._connection, last.position, last.chain)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def open_view(path: Path, projection: Projection) -> View:
    """The view in a file, made if it is missing. A damaged file is dropped: everything in it is in the log as well."""
    try:
        return View(_connect(path), projection)
    except DAMAGE:
        drop(path)
        return View(_connect(path), projection)


def private_view(projection: Projection) -> View:
    """An empty view in a temporary file without a name: it is gone when it is closed, or when the process dies.

    It has no indexes yet; whoever fills it adds them when it is full.
    """
    return View(apsw.Connection(""), projection, indexed=False)


def drop(path: Path) -> None:
    """Remove a view's file. Readers that hold it open notice by its inode."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _connect(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    connection.set_busy_timeout(BUSY_MS)
    connection.pragma("journal_mode", "wal")
    connection.pragma(
        "synchronous", "NORMAL"
    )  # a power cut may take the last batches and their position: they come again
    connection.pragma("journal_size_limit", WAL_KEPT_BYTES)
    return connection
