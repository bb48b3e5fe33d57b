"""Connections to the log's database: what durability stands on, and sessions that take the log's statements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, Cursor, errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row

from adapters.eventstore.connection import Durability
from adapters.eventstore.postgres.refusals import refusing
from adapters.eventstore.session import Taken
from domain.errors import Refused

POOL = 4
POOL_MOST = 16
CONNECT_SECONDS = 5
_NOTICED = {  # a peer that has gone without a word is noticed after about so many seconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,  # milliseconds
}
LOCK_SECONDS = 20
IDLE_SECONDS = 30  # a process that was stopped inside a transaction must not hold the log's lock for ever
_MUST_BE_ON = ("fsync", "full_page_writes")
_COMMITS = {"full": "on", "normal": "off"}


class Datastore(PostgresDatastore):
    """The eventsourcing library's pool, at the address of a URL, with this log's settings in every session."""

    def __init__(self, url: str, durability: Durability = "full") -> None:
        """Connects when it is first used. Refuses ``invalid_setting`` for what is no address."""
        self._durability = durability
        self.address = address(url)
        super().__init__(
            "", "", "", "", "",
            pool_size=POOL,
            max_overflow=POOL_MOST - POOL,
            pre_ping=True,
            lock_timeout=LOCK_SECONDS,
            idle_in_transaction_session_timeout=IDLE_SECONDS,
            originator_id_type="text",
        )  # fmt: skip
        self.pool.kwargs = {**self.address, "row_factory": self.pool.kwargs["row_factory"]}  # type: ignore[index]

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """What every new connection is told."""
        library, commits = super().after_connect_func(), _COMMITS[self._durability]

        def after_connect(connection: Connection[Any]) -> None:
            library(connection)
            connection.execute("SET search_path = public")
            # a server that waits for its standbys keeps doing so
            connection.execute(
                "SELECT set_config('synchronous_commit', %s, false) "
                "WHERE current_setting('synchronous_commit') <> 'remote_apply'",
                (commits,),
            )

        return after_connect

    def connect(self) -> Connection[Any]:
        """A connection outside of the pool, for whoever keeps one."""
        connection = psycopg.connect(**self.address, autocommit=True)
        self.after_connect_func()(connection)
        return connection


def address(url: str) -> dict[str, Any]:
    """The parts of a ``postgresql://`` URL as psycopg takes them. The refusal does not repeat it."""
    try:
        return {"connect_timeout": CONNECT_SECONDS, **_NOTICED, **conninfo_to_dict(url)}
    except psycopg.Error:
        raise Refused("invalid_setting", "STOAT_LOG is no postgresql:// address", "STOAT_LOG") from None


def check_server(connection: Connection[Any]) -> None:
    """Refuse a server that can lose what it has accepted."""
    for setting in _MUST_BE_ON:
        if connection.execute("SELECT current_setting(%s)", (setting,)).fetchone() != ("on",):
            raise Refused("log_not_durable", f"The PostgreSQL server runs with {setting} = off")


def answering(url: str) -> str:
    """The version of the server, which answers and is fit to hold a log."""
    with refusing(), Datastore(url).connect() as connection:
        check_server(connection)
        return str(connection.execute("SELECT current_setting('server_version')").fetchone()[0])  # type: ignore[index]


class PostgresSession:
    """A connection that takes the log's statements, which have question marks where PostgreSQL has %s."""

    def __init__(self, connection: Connection[Any]) -> None:
        """Not more than a way to speak: transactions and errors are whoever's who has the connection."""
        self._connection = connection

    def execute(self, statement: str, bindings: Sequence[Any] = (), /) -> Cursor[Any]:
        """Do one statement."""
        try:
            return self.cursor().execute(statement.replace("?", "%s").encode(), bindings or None)
        except errors.UniqueViolation as error:
            raise Taken(str(error)) from error

    def executemany(self, statement: str, bindings: Iterable[Sequence[Any]], /) -> None:
        """Do it once with each of the bindings."""
        try:
            self.cursor().executemany(statement.replace("?", "%s").encode(), bindings)
        except errors.UniqueViolation as error:
            raise Taken(str(error)) from error

    def cursor(self) -> Cursor[Any]:
        """For the library's own statements."""
        return self._connection.cursor(row_factory=tuple_row)


class PostgresSessions:
    """Sessions from the pool, one to a thread at a time. Any thread may use them."""

    def __init__(self, datastore: Datastore) -> None:
        """Over a datastore, which is closed by its owner."""
        datastore.pool.open()
        self._datastore = datastore
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[PostgresSession]:
        """A session to oneself. PostgreSQL's errors come out as refusals."""
        with refusing():
            if self._closed:
                raise Refused("log_unavailable", "The log is closed")
            with self._datastore.pool.connection() as connection:
                yield PostgresSession(connection)

    def close(self) -> None:
        """No more of them."""
        self._closed = True
