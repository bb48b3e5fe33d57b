"""The tables of a log's database: append-only by trigger, gapless by trigger.

``stored_events`` is the eventsourcing library's table with three more columns; ``events`` is the same under the log's
own names. Texts are compared by bytes, as SQLite does.
"""

from psycopg import Connection

from domain.errors import Refused

SCHEMA_VERSION = 1
EVENTS_TABLE = "stored_events"
_MAKING = 0x53544F41  # the advisory lock of whoever makes the tables: "STOA"

_TABLES = """
CREATE TABLE stored_events (
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    notification_id bigint PRIMARY KEY,
    event_id text NOT NULL,
    edit bigint NOT NULL,
    chain bytea NOT NULL,
    UNIQUE (originator_id, originator_version)
);
CREATE VIEW events AS SELECT notification_id AS position, originator_id AS stream, originator_version AS version,
    topic AS tag, state AS payload, event_id, edit, chain FROM stored_events;
CREATE TABLE edits (
    first_position bigint PRIMARY KEY,
    edit_id text COLLATE "C" NOT NULL UNIQUE,
    stream text COLLATE "C" NOT NULL,
    first_version bigint NOT NULL,
    facts bigint NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    command bytea NOT NULL,
    rationale text,
    correlation_id text NOT NULL,
    causation_id text,
    time_us bigint NOT NULL,
    answer_key text,
    request_hash bytea,
    UNIQUE (stream, first_version)
);
CREATE TABLE answers (
    actor text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL,
    status bigint NOT NULL,
    body bytea NOT NULL,
    edit_id text NOT NULL,
    digest bytea NOT NULL,
    UNIQUE (actor, key)
);
CREATE TABLE snapshots (
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (stream, version, topic)
);
CREATE TABLE log (schema_version bigint NOT NULL, reached bigint NOT NULL);
INSERT INTO log VALUES (1, 0); -- this version of the tables; the last position that was committed
CREATE FUNCTION log_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
"""

_GROWS = """CREATE FUNCTION {table}_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.{column} IS DISTINCT FROM (SELECT coalesce(max(notification_id), 0) + 1 FROM stored_events) THEN
        RAISE EXCEPTION 'the log grows only at its end';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_grow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_grows();"""
_KEEPS = """CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION log_keeps();"""
_GROWING = {"stored_events": "notification_id", "edits": "first_position"}
_KEPT = ("stored_events", "edits", "answers")
_TRIGGERS = {f"{table}_grow" for table in _GROWING} | {f"{table}_keep" for table in _KEPT}
_ENABLED = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"


def create(connection: Connection) -> None:
    """Make the tables of an empty database; check that any other database holds a log of this version."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))  # two processes may start at once
        if not _is_there(connection, "stored_events"):
            connection.execute(_TABLES)
            for table, column in _GROWING.items():
                connection.execute(_GROWS.format(table=table, column=column).encode())
            for table in _KEPT:
                connection.execute(_KEEPS.format(table=table).encode())
    check(connection)


def check(connection: Connection) -> None:
    """Refuse a database that holds no log of this version."""
    found = connection.execute("SELECT schema_version FROM log").fetchone() if _is_there(connection, "log") else None
    if found != (SCHEMA_VERSION,):
        message = f"The database holds no log of version {SCHEMA_VERSION}: another program or version made its tables"
        raise Refused("log_unavailable", message)


def missing(connection: Connection) -> list[str]:
    """Those of the triggers that are gone or disabled."""
    return sorted(_TRIGGERS - {name for (name,) in connection.execute(_ENABLED)})


def _is_there(connection: Connection, table: str) -> bool:
    found = connection.execute("SELECT to_regclass('public.' || %s) IS NOT NULL", (table,)).fetchone()
    return found == (True,)
