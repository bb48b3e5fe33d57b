"""A log that an earlier version wrote is proved, read and continued: schema and chain never change under it."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import apsw
import msgspec
import pytest

from adapters.eventstore.edits import Head
from adapters.eventstore.reading import open_log
from adapters.eventstore.schema import SCHEMA_VERSION
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from tests.contracts.eventstore import put

GOLDEN = Path(__file__).parents[1] / "golden" / "logs"
HEADS = dict.fromkeys(("1.sql", "2.sql"), "64ff7a450fb4da47b661e812ef3612f762ca44f3104c7368cfadf87e8888e790")


def restored(name: str, path: Path) -> SqliteLog:
    connection = apsw.Connection(str(path))
    connection.execute((GOLDEN / name).read_text())
    connection.close()
    return SqliteLog(path)


@pytest.mark.parametrize("name", HEADS)
def test_a_log_of_every_version_is_proved_and_continued(name: str, tmp_path: Path) -> None:
    log = restored(name, tmp_path / "log.db")
    report = log.verify(anchor=Head(4, bytes.fromhex(HEADS[name])))
    assert report.ok, report.fault
    assert [(r.position, r.version, r.tag, r.edit_id, r.actor) for r in log.read("project-p")] == [
        (1, 1, "project_renamed.1", "edit-1", "ann"),
        (2, 2, "project_deleted.1", "edit-1", "ann"),
        (4, 3, "edit_reverted.1", "edit-3", "bob"),
    ]
    first = log.edit("edit-1")
    assert first is not None
    assert (first.command.decode(), first.rationale, first.causation_id) == ('{"ops":["é"]}', "because", "c-0")
    answer = log.answer("ann", "key-1")
    assert answer is not None
    assert answer.body == b'{"version":2}'
    assert put(log, "project-p", 3, "next.1", edit_id="edit-next")[0].position == 5
    assert log.verify().ok
    log.close()
    again = open_log(tmp_path / "log.db")  # it is of the newest version by now
    assert again.verify().ok
    again.close()


@pytest.mark.parametrize("opened", [SqliteLog, open_log])
def test_a_log_of_a_newer_schema_is_refused_and_left_as_it_is(opened: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    restored("1.sql", path).close()
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", SCHEMA_VERSION + 1)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(Refused) as refusal:
        opened(path)
    assert refusal.value.code == "log_newer"
    assert str(SCHEMA_VERSION + 1) in refusal.value.message
    assert path.read_bytes() == before


def test_every_golden_log_has_its_head() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(HEADS)


def test_the_first_link_by_hand(tmp_path: Path) -> None:
    """The chain in a few lines, for whoever has to check it without this code."""

    def digest(content: bytes) -> bytes:
        return blake2b(content, digest_size=32).digest()

    log = restored("1.sql", tmp_path / "log.db")
    fact = log.read("project-p")[0]
    asked = ["edit-1", "edit", "ann", digest('{"ops":["é"]}'.encode()), "because", "c-1", "c-0", "key-1", b"\x01\x02"]
    edit = digest(msgspec.msgpack.encode(["edit.1", *asked, "project-p", 1, 1, 2, fact.time_us]))
    header = msgspec.msgpack.encode(["fact.1", 1, "project-p", 1, "project_renamed.1", fact.event_id, edit])
    assert fact.chain == digest(bytes(32) + header + digest(fact.payload))
    log.close()
