"""The tables of ``log.db``: append-only by trigger, gapless by trigger."""

from collections.abc import Callable

import apsw

from domain.errors import Refused

APPLICATION_ID = 0x53544F41  # "STOA": says in the file's header whose file it is
SCHEMA_VERSION = 2

_TABLES = [
    """CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    tag TEXT NOT NULL,
    payload BLOB NOT NULL,
    event_id TEXT NOT NULL,
    edit INTEGER NOT NULL,
    chain BLOB NOT NULL,
    UNIQUE (stream, version)
) STRICT""",
    """CREATE TABLE edits (
    first_position INTEGER PRIMARY KEY,
    edit_id TEXT NOT NULL UNIQUE,
    stream TEXT NOT NULL,
    first_version INTEGER NOT NULL,
    facts INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    command BLOB NOT NULL,
    rationale TEXT,
    correlation_id TEXT NOT NULL,
    causation_id TEXT,
    time_us INTEGER NOT NULL,
    answer_key TEXT,
    request_hash BLOB
) STRICT""",
    """CREATE TABLE answers (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    edit_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (actor, key)
) STRICT""",
    """CREATE TABLE snapshots (
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (stream, version, topic)
) STRICT""",
    """CREATE TABLE tracking (
    application_name TEXT PRIMARY KEY,
    notification_id INTEGER NOT NULL
) STRICT""",
]

# since version 2: the facts' own index is not alone in knowing where a stream ends
_EDITS_BY_STREAM = "CREATE UNIQUE INDEX edits_by_stream ON edits (stream, first_version)"

# SQLite fires no DELETE trigger for INSERT OR REPLACE, so an insert anywhere but at the end is refused as well.
_GROWS = """CREATE TRIGGER {table}_grow_at_the_end BEFORE INSERT ON {table}
WHEN NEW.{column} IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'the log grows only at its end'); END"""

_KEEPS = """CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"""

_TRIGGERS = [
    _GROWS.format(table="events", column="position"),
    _GROWS.format(table="edits", column="first_position"),
    *(
        _KEEPS.format(table=table, verb=verb)
        for table in ("events", "edits", "answers")
        for verb in ("UPDATE", "DELETE")
    ),
]

STATEMENTS = (*_TABLES, _EDITS_BY_STREAM, *_TRIGGERS)


def refuse_newer(connection: apsw.Connection) -> None:
    """Refuse ``log_newer`` where a newer version made the log."""
    version = connection.pragma("user_version")
    if connection.pragma("application_id") == APPLICATION_ID and version > SCHEMA_VERSION:
        known = f"this program knows logs up to schema version {SCHEMA_VERSION}"
        raise Refused("log_newer", f"The log has schema version {version}; {known}")


def create(connection: apsw.Connection, fill: Callable[[apsw.Connection], None] | None = None) -> None:
    """Make the tables of an empty file; bring an older log up to this version; check that any other file is a log.

    ``fill`` brings rows of another log into a new one, before there are triggers.
    """
    refuse_newer(connection)
    application, version = connection.pragma("application_id"), connection.pragma("user_version")
    if (application, version) == (APPLICATION_ID, SCHEMA_VERSION):
        return
    if (application, version) == (APPLICATION_ID, 1):
        with connection:
            connection.execute(_EDITS_BY_STREAM)
            connection.pragma("user_version", SCHEMA_VERSION)
        return
    if application or version or connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        raise Refused("log_unavailable", "The file is no log: another program made it")
    with connection:
        for statement in _TABLES:
            connection.execute(statement)
        if fill:
            fill(connection)
        for statement in (_EDITS_BY_STREAM, *_TRIGGERS):
            connection.execute(statement)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", SCHEMA_VERSION)


def missing(connection: apsw.Connection) -> list[str]:
    """Those of our tables, indexes and triggers that the file does not have exactly as they were made."""
    if (connection.pragma("application_id"), connection.pragma("user_version")) != (APPLICATION_ID, SCHEMA_VERSION):
        return ["the mark of a log in the file's header"]
    present = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
    return [statement.split("\n")[0].split(" (")[0] for statement in STATEMENTS if statement not in present]
