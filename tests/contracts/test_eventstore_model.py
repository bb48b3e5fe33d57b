"""Whatever is submitted in whatever order, the log answers as a list of accepted facts would."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.eventstore.edits import AlreadyAnswered, Answer
from adapters.eventstore.port import EventLog
from adapters.eventstore.postgres.log import PostgresLog
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from tests.contracts.eventstore import edit
from tests.postgres import Server

STREAMS = ["project-a", "project-b", "media-a"]
Attempt = tuple[str, int, int, str | None, bytes]
ATTEMPTS = st.tuples(
    st.sampled_from(STREAMS),
    st.integers(-1, 1),  # how far the expected version is off
    st.integers(0, 3),  # facts
    st.sampled_from([None, "key1", "key2"]),
    st.sampled_from([b"request1", b"request2"]),
)


class Model:
    """The accepted facts as (stream, version), and what each key was answered."""

    def __init__(self) -> None:
        self.facts: list[tuple[str, int]] = []
        self.answers: dict[str, tuple[bytes, bytes]] = {}

    def version(self, stream: str) -> int:
        return sum(name == stream for name, _ in self.facts)

    def attempt(self, stream: str, after: int, facts: int, key: str | None, request: bytes, body: bytes) -> str:
        if key in self.answers:
            return "again" if self.answers[key][0] == request else "key_reused"
        if facts and after != self.version(stream):
            return "version_conflict"
        self.facts += [(stream, after + number) for number in range(1, facts + 1)]
        if key:
            self.answers[key] = (request, body)
        return "accepted"


def outcome(log: EventLog, attempt: Attempt, after: int, body: bytes) -> str:
    stream, _, facts, key, request = attempt
    answer = Answer(key, request, 200, body) if key else None
    try:
        log.submit(edit(stream, after, *["a.1"] * facts, answer=answer)).result(30)
    except AlreadyAnswered:
        return "again"
    except Refused as refused:
        return refused.code
    return "accepted"


@settings(max_examples=40, deadline=None)
@given(st.lists(ATTEMPTS, max_size=15))
def test_the_log_is_a_list_of_accepted_facts(attempts: list[Attempt]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        follow(SqliteLog(Path(folder) / "log.db"), attempts)


@settings(max_examples=15, deadline=None)
@given(st.lists(ATTEMPTS, max_size=15))
def test_the_log_on_postgres_is_one_as_well(postgres: Server, attempts: list[Attempt]) -> None:
    follow(PostgresLog(postgres.database()), attempts)


def follow(log: EventLog, attempts: list[Attempt]) -> None:
    """Make the attempts at the log and at the model side by side."""
    model = Model()
    for number, attempt in enumerate(attempts):
        stream, off, facts, key, request = attempt
        after, body = max(0, model.version(stream) + off), f"body {number}".encode()
        assert outcome(log, attempt, after, body) == model.attempt(stream, after, facts, key, request, body)
    assert [(r.stream, r.version) for r in log.read_all(0, 100)] == model.facts
    assert [r.position for r in log.read_all(0, 100)] == list(range(1, len(model.facts) + 1))
    for stream in STREAMS:
        assert [r.version for r in log.read(stream)] == list(range(1, model.version(stream) + 1))
    for key, (request, body) in model.answers.items():
        kept = log.answer("ann", key)
        assert kept is not None
        assert (kept.request_hash, kept.body) == (request, body)
    assert log.streams() == sorted({stream for stream, _ in model.facts})
    assert log.verify().ok
    log.close()
