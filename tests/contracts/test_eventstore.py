"""What the log promises to those who append to it and read it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from adapters.eventstore.edits import AlreadyAnswered, Answer
from adapters.eventstore.port import EventLog
from adapters.eventstore.snapshots import MOST_STRETCHES, NEWEST_KEPT, STRETCH, thinned
from domain.errors import Refused
from tests.contracts.eventstore import edit, put, refused, tags


def asked(key: str, request: bytes = b"r1", body: bytes = b"done") -> Answer:
    return Answer(key, request, 200, body)


# appending and reading


def test_what_was_appended_is_read(log: EventLog) -> None:
    written = put(log, "project-p", 0, "a.1", "b.1", actor="ann", correlation_id="c9", causation_id="c8")
    assert [(r.position, r.version, r.tag, r.payload) for r in written] == [
        (1, 1, "a.1", b"a.1"),
        (2, 2, "b.1", b"b.1"),
    ]
    assert {(r.actor, r.correlation_id, r.causation_id, r.edit_id) for r in written} == {
        ("ann", "c9", "c8", written[0].edit_id)
    }
    assert abs(written[0].time_us / 1e6 - time.time()) < 5
    assert log.read("project-p") == written == log.read_all(0, 10)
    assert (log.version("project-p"), log.position(), log.chain_head()) == (2, 2, written[-1].chain)


def test_an_empty_log_answers(log: EventLog) -> None:
    assert (log.position(), log.chain_head(), log.version("x"), log.streams()) == (0, bytes(32), 0, [])
    assert (log.read("x"), log.read_all(0, 5), log.edits("x"), log.edit("e"), log.answer("a", "k")) == (
        [],
        [],
        [],
        None,
        None,
    )
    assert log.nearest_snapshot("x", 5, "f") is None
    assert log.verify().ok


def test_parts_of_a_stream_and_of_the_log_are_read(log: EventLog) -> None:
    put(log, "project-p", 0, "a.1", "b.1", "c.1")
    put(log, "media-m", 0, "d.1")
    put(log, "project-p", 3, "e.1")
    assert tags(log.read("project-p", after=1, upto=3)) == ["b.1", "c.1"]
    assert tags(log.read("project-p", after=3)) == ["e.1"]
    assert tags(log.read_all(3, 10)) == ["d.1", "e.1"]
    assert tags(log.read_all(0, 2)) == ["a.1", "b.1"]
    assert tags(log.read_all(1, 2, prefix="project-")) == ["b.1", "c.1"]
    assert tags(log.read_all(0, 9, prefix="media-")) == ["d.1"]


def test_streams_are_listed_by_prefix(log: EventLog) -> None:
    for stream in ("project-b", "media-m", "project-a", "projects", "render-r"):
        put(log, stream, 0, "a.1", "b.1")
    assert log.streams("project-") == ["project-a", "project-b"]
    assert log.streams() == ["media-m", "project-a", "project-b", "projects", "render-r"]
    assert log.streams("z") == []


def test_edits_tell_who_asked_for_what(log: EventLog) -> None:
    put(log, "project-p", 0, "a.1", "b.1", edit_id="e1", command=b'{"op":1}', rationale="why", kind="undo")
    put(log, "project-q", 0, "a.1", edit_id="e2")
    put(log, "project-p", 2, "c.1", edit_id="e3")
    first, third = log.edits("project-p")
    assert (first.edit_id, first.first_version, first.last_version) == ("e1", 1, 2)
    assert (first.kind, first.command, first.rationale, first.actor) == ("undo", b'{"op":1}', "why", "ann")
    assert (third.edit_id, third.first_version, third.last_version) == ("e3", 3, 3)
    assert log.edits("project-p", after=2) == [third]
    assert log.edits("project-p", limit=1) == [first]
    assert log.edit("e3") == third


def test_a_version_is_found_by_time(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    for version, second in enumerate((10, 20, 15, 30)):  # the clock was set back once
        monkeypatch.setattr("adapters.eventstore.append.time.time_ns", lambda second=second: second * 10**9)
        put(log, "project-p", version, "a.1")
    at = [log.version_at("project-p", second * 10**6) for second in (9, 10, 14, 15, 29, 30, 99)]
    assert at == [0, 1, 1, 3, 3, 4, 4]


# versions, ids and keys


def test_an_edit_for_another_version_is_refused(log: EventLog) -> None:
    put(log, "project-p", 0, "a.1", "b.1")
    for stale in (0, 1, 3):
        refusal = refused(log, edit("project-p", stale, "c.1"))
        assert (refusal.code, refusal.extra) == ("version_conflict", {"current_version": 2})
    assert log.position() == 2
    assert put(log, "project-p", 2, "c.1")[0].position == 3


def test_an_edit_id_is_used_once(log: EventLog) -> None:
    put(log, "project-p", 0, "a.1", edit_id="same")
    assert refused(log, edit("project-q", 0, "a.1", edit_id="same")).code == "id_taken"
    assert log.position() == 1


def test_an_answer_is_kept_with_its_edit(log: EventLog) -> None:
    def body(records: object) -> bytes:
        return repr([(r.position, r.version) for r in records]).encode()  # type: ignore[attr-defined]

    put(log, "project-p", 0, "a.1", "b.1", edit_id="e1", answer=Answer("key", b"hash", 201, body))
    kept = log.answer("ann", "key")
    assert kept is not None
    assert (kept.request_hash, kept.status, kept.body, kept.edit_id) == (b"hash", 201, b"[(1, 1), (2, 2)]", "e1")
    assert log.answer("bob", "key") is None


def test_the_same_request_twice_is_answered_as_before(log: EventLog) -> None:
    put(log, "project-p", 0, "a.1", answer=asked("k", body=b"first"))
    with pytest.raises(AlreadyAnswered) as again:
        put(log, "project-p", 0, "a.1", answer=asked("k", body=b"second"))
    assert again.value.answer.body == b"first"
    assert log.position() == 1


def test_a_key_of_another_request_is_refused(log: EventLog) -> None:
    put(log, "project-p", 0, "a.1", answer=asked("k"))
    assert refused(log, edit("project-p", 1, "b.1", answer=asked("k", request=b"r2"))).code == "key_reused"
    put(log, "project-p", 1, "b.1", actor="bob", answer=asked("k", request=b"r2"))


def test_a_refused_edit_keeps_no_answer(log: EventLog) -> None:
    refused(log, edit("project-p", 7, "a.1", answer=asked("k")))
    assert log.answer("ann", "k") is None


def test_a_request_that_changed_nothing_keeps_its_answer(log: EventLog) -> None:
    assert put(log, "project-p", 0, answer=asked("k", body=b"nothing new")) == []
    kept = log.answer("ann", "k")
    assert kept is not None
    assert kept.body == b"nothing new"
    assert log.position() == 0
    assert log.verify().ok


def test_a_body_that_cannot_be_made_refuses_the_edit(log: EventLog) -> None:
    def broken(_: object) -> bytes:
        raise KeyError("no such thing")

    with pytest.raises(KeyError):
        put(log, "project-p", 0, "a.1", answer=Answer("k", b"r", 200, broken))
    assert (log.position(), log.answer("ann", "k")) == (0, None)
    put(log, "project-p", 0, "a.1")


# groups of edits


def test_a_refusal_harms_no_other_edit_of_its_group(log: EventLog) -> None:
    with stopped(log):  # all of these are waiting when the writer gets to them
        good = log.submit(edit("project-p", 0, "a.1", "b.1"))
        stale = log.submit(edit("project-p", 0, "c.1"))
        after = log.submit(edit("project-p", 2, "d.1"))
    assert [r.position for r in good.result(20) + after.result(20)] == [1, 2, 3]
    assert isinstance(stale.exception(20), Refused)
    assert log.verify().events == 3


def test_edits_are_taken_in_the_order_of_the_calls(log: EventLog) -> None:
    futures = [log.submit(edit("project-p", version, f"t{version}.1")) for version in range(600)]
    assert [future.result(10)[0].version for future in futures] == list(range(1, 601))


def test_a_cancelled_edit_is_not_written(log: EventLog) -> None:
    with stopped(log):
        kept, dropped = log.submit(edit("project-p", 0, "a.1")), log.submit(edit("project-q", 0, "b.1"))
        assert dropped.cancel()
    assert kept.result(20)
    put(log, "project-p", 1, "c.1")
    assert log.streams() == ["project-p"]


def test_of_two_writers_on_one_version_one_wins(log: EventLog) -> None:
    def race(version: int, start: threading.Barrier) -> str:
        start.wait()
        try:
            put(log, "project-p", version, "a.1")
        except Refused as refusal:
            return refusal.code
        return "won"

    with ThreadPoolExecutor(4) as pool:
        for version in range(50):
            start = threading.Barrier(4)
            outcomes = sorted(future.result() for future in [pool.submit(race, version, start) for _ in range(4)])
            assert outcomes == ["version_conflict"] * 3 + ["won"]
    assert log.verify().events == 50


# followers


def test_followers_are_told_after_each_commit(log: EventLog) -> None:
    seen: list[int] = []
    told = threading.Event()

    def follow(position: int) -> None:
        assert log.read_all(position - 1, 1)[0].position == position  # committed and visible by now
        seen.append(position)
        told.set()
        raise RuntimeError("a follower's defect stops nobody")

    log.on_commit(follow)
    for version in range(2):
        told.clear()
        put(log, "project-p", version, "a.1")
        assert told.wait(20)
    assert seen == [1, 2]


def test_waiting_ends_with_the_commit(log: EventLog) -> None:
    assert not log.wait(1, timeout=0.01)
    threading.Timer(0.05, lambda: put(log, "project-p", 0, "a.1")).start()
    started = time.monotonic()
    assert log.wait(1, timeout=40)
    assert time.monotonic() - started < 20


# snapshots


def test_the_nearest_snapshot_of_this_fold_code_is_found(log: EventLog) -> None:
    for version in (100, 200, 300):
        log.save_snapshot("project-p", version, "f1", f"state {version}".encode()).result(20)
    assert log.nearest_snapshot("project-p", 250, "f1") == (200, b"state 200")
    assert log.nearest_snapshot("project-p", 300, "f1") == (300, b"state 300")
    assert log.nearest_snapshot("project-p", 99, "f1") is None
    assert log.nearest_snapshot("project-p", 300, "f2") is None
    log.save_snapshot("project-p", 300, "f2", b"new").result(20)
    assert log.nearest_snapshot("project-p", 300, "f1") is None


def test_old_snapshots_are_thinned() -> None:
    versions = list(range(500, 20_001, 500))
    left = sorted(set(versions) - set(thinned(versions)))
    assert left[-NEWEST_KEPT:] == versions[-NEWEST_KEPT:]
    assert [version // STRETCH for version in left[:-NEWEST_KEPT]] == list(range(17))
    assert thinned(versions[:NEWEST_KEPT]) == []


def test_a_stream_of_any_length_has_few_snapshots_and_none_is_far() -> None:
    kept: list[int] = []
    for version in range(500, 1_000_001, 500):
        kept.append(version)
        kept = sorted(set(kept) - set(thinned(kept)))
        assert len(kept) <= MOST_STRETCHES + NEWEST_KEPT + 1
        gaps = [after - before for before, after in pairwise([0, *kept])]
        assert max(gaps) <= max(STRETCH, 4 * version // MOST_STRETCHES)


class stopped:  # noqa: N801 - reads as a statement
    """Holds the writer back while a group of edits gathers behind it."""

    def __init__(self, log: EventLog) -> None:
        self.log, self.go, self.here = log, threading.Event(), threading.Event()

    def __enter__(self) -> None:
        self.log._database.write(lambda _: (self.here.set(), self.go.wait(60)))
        assert self.here.wait(20)

    def __exit__(self, *_: object) -> None:
        self.go.set()
