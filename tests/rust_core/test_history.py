"""Undo and redo through the binding: whose edits, what stands on them, and what later edits keep."""

from typing import Any

import msgspec
import pytest

from domain.timeline import events as facts
from domain.timeline.history import listed
from rust_core import CoreError, History, Project, Rewrite
from tests.rust_core.story import SECOND, clip, created, packed, title, track

Row = tuple[int, str, str, bytes]


class Log:
    """A project's log as the event store would hold it."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.head = Project.empty()
        self.history = History()
        self.edit("ada", created(), track("v"), clip("a"))

    def edit(self, actor: str, *told: facts.TimelineFact) -> str:
        edit, payloads = f"edit{len(self.rows)}", packed(*told)
        self.head = self.head.apply(payloads)
        rows = [(self.head.version - len(payloads) + n, edit, actor, load) for n, load in enumerate(payloads, 1)]
        self.history.extend(rows)
        self.rows += rows
        return edit

    def target(self, rewrite: Rewrite) -> tuple[Project, list[tuple[str, str]]]:
        base = Project.empty().apply([row[3] for row in self.rows[: rewrite.base_version]])
        return rewrite.target(base, self.rows[rewrite.base_version :])

    def carry_out(self, actor: str, rewrite: Rewrite) -> list[tuple[str, str]]:
        target, masked = self.target(rewrite)
        told = [facts.EditRestored(edit) if counts else facts.EditReverted(edit) for edit, counts in rewrite.changes]
        decoded = [msgspec.msgpack.decode(fact, type=facts.TimelineFact) for fact in self.head.diff(target)]
        self.edit(actor, *told, *decoded)
        return masked

    def undo(self, actor: str | None, count: int = 1) -> list[tuple[str, str]]:
        return self.carry_out(actor or "ada", self.history.undo(actor, count))

    def redo(self, actor: str | None, count: int = 1) -> None:
        self.carry_out(actor or "ada", self.history.redo(actor, count))

    def revert(self, edit: str, *also: str) -> list[tuple[str, str]]:
        return self.carry_out("ada", self.history.revert(edit, also))

    def clip(self, name: str) -> facts.Clip:
        return msgspec.msgpack.decode(self.head.clip(name) or b"", type=facts.Clip)

    def states(self) -> dict[str, str]:
        return {line.edit: line.state for line in listed(self.history, 2**62, 1000, None, None)}


@pytest.fixture
def log() -> Log:
    return Log()


def refused(code: str) -> Any:
    return pytest.raises(CoreError, check=lambda error: error.code == code)


def test_each_undoes_their_own(log: Log) -> None:
    log.edit("ada", facts.ClipChanged("a", volume=1))
    log.edit("bob", facts.ClipChanged("a", fade_in=2))
    log.undo("ada")
    assert (log.clip("a").volume, log.clip("a").fade_in) == (1_000_000, 2)
    log.redo("ada")
    assert (log.clip("a").volume, log.clip("a").fade_in) == (1, 2)
    assert set(log.states().values()) == {"active"}


def test_anybody_may_undo_what_came_last(log: Log) -> None:
    log.edit("ada", facts.ClipChanged("a", volume=1))
    log.edit("bob", facts.ClipChanged("a", fade_in=2))
    log.undo(None)
    assert (log.clip("a").volume, log.clip("a").fade_in) == (1, 0)


def test_one_edit_is_one_step(log: Log) -> None:
    log.edit("ada", clip("b", at=1), facts.EffectAdded("b", title("t"), 0), facts.ClipChanged("a", volume=1))
    before = log.head.fingerprint()
    log.undo("ada")
    assert log.head.clip("b") is log.head.effect("t") is None
    log.redo("ada")
    assert log.head.fingerprint() == before


def test_a_removed_clip_comes_back_with_its_effects_in_order(log: Log) -> None:
    log.edit("ada", facts.EffectAdded("a", title("t1"), 0), facts.EffectAdded("a", title("t2"), 0))
    log.edit("ada", facts.ClipRemoved("a"))
    log.undo("ada")
    assert [each["id"] for each in msgspec.msgpack.decode(log.head.effects("a"))] == ["t2", "t1"]


def test_what_a_later_edit_overwrote_is_left_and_reported(log: Log) -> None:
    log.edit("ada", facts.ClipChanged("a", volume=1, fade_in=1))
    log.edit("bob", facts.ClipChanged("a", volume=2))
    assert log.undo("ada") == [("a", "volume")]
    assert (log.clip("a").volume, log.clip("a").fade_in) == (2, 0)


def test_what_a_later_edit_removed_stays_removed(log: Log) -> None:
    log.edit("ada", facts.ClipChanged("a", volume=1))
    log.edit("bob", facts.ClipRemoved("a"))
    assert log.undo("ada") == [("a", "volume")]
    assert log.head.clip("a") is None


def test_an_edit_that_others_stand_on_stays_and_they_are_named(log: Log) -> None:
    log.edit("ada", clip("b", at=1))
    on_it = log.edit("bob", facts.ClipChanged("b", volume=1))
    log.edit("bob", facts.ProjectRenamed("New"))
    also = log.edit("cy", facts.EffectAdded("b", title("t"), 0))
    with refused("edit_has_dependents") as error:
        log.undo("ada")
    assert error.value.ids == [on_it, also]
    log.undo(None, 4)
    assert log.head.clip("b") is None


def test_a_place_taken_since_is_a_dependent(log: Log) -> None:
    log.edit("ada", facts.ClipChanged("a", at=5 * SECOND))
    taken = log.edit("bob", clip("b", at=0))
    with refused("edit_has_dependents") as error:
        log.undo("ada")
    assert error.value.ids == [taken]


def test_undo_works_on_a_track_that_was_locked_since(log: Log) -> None:
    log.edit("ada", facts.ClipChanged("a", volume=1))
    log.edit("bob", facts.TrackChanged("v", locked=True))
    log.undo("ada")
    assert log.clip("a").volume == 1_000_000
    assert msgspec.msgpack.decode(log.head.track("v") or b"")["locked"]


def test_a_new_edit_by_its_author_ends_what_can_be_redone(log: Log) -> None:
    log.edit("ada", facts.ClipChanged("a", volume=1))
    log.undo("ada")
    log.edit("bob", facts.ProjectRenamed("New"))
    assert log.history.redo("ada", 1).changes
    log.edit("ada", facts.ProjectRenamed("Newer"))
    with refused("nothing_to_redo"):
        log.history.redo("ada", 1)


def test_nothing_is_left_to_undo(log: Log) -> None:
    for actor in ("ada", "bob", None):
        with refused("nothing_to_undo"):
            log.history.undo(actor, 1)
        with refused("nothing_to_redo"):
            log.history.redo(actor, 1)


def test_only_the_tail_is_replayed(log: Log) -> None:
    for number in range(50):
        log.edit("ada", facts.ClipChanged("a", volume=number))
    assert log.history.undo("ada", 1).base_version == log.head.version - 1
    log.undo("ada", 2)
    assert log.history.undo("ada", 1).base_version == log.head.version - 2 - 3 - 1


def test_a_log_with_a_gap_or_an_unknown_edit_is_refused(log: Log) -> None:
    version, load = log.head.version, packed(facts.ProjectRenamed("New"))[0]
    with refused("malformed_fact"):
        log.history.extend([(version + 2, "x", "ada", load)])
    with refused("unknown_edit"):
        log.history.extend([(version + 1, "x", "ada", packed(facts.EditReverted("nowhere"))[0])])
    log.edit("ada", facts.ProjectRenamed("New"))
    assert len(log.states()) == 2


def test_any_edit_can_be_reverted_whoever_made_it(log: Log) -> None:
    early = log.edit("ada", facts.ClipChanged("a", volume=1, fade_in=1))
    log.edit("bob", facts.ClipChanged("a", volume=2))
    assert log.revert(early) == [("a", "volume")]
    assert (log.clip("a").volume, log.clip("a").fade_in) == (2, 0)
    with refused("edit_not_active"):
        log.history.revert(early)


def test_dependents_are_named_and_can_go_along(log: Log) -> None:
    made = log.edit("ada", clip("b", at=1))
    on_it = log.edit("bob", facts.ClipChanged("b", volume=1))
    free = log.edit("bob", facts.ProjectRenamed("New"))
    deeper = log.edit("cy", facts.EffectAdded("b", title("t"), 0))
    with refused("edit_has_dependents") as error:
        log.revert(made)
    assert error.value.ids == [on_it, deeper]
    log.revert(made, on_it, deeper)
    assert log.head.clip("b") is None
    assert [log.states()[edit] for edit in (made, on_it, free, deeper)] == [
        "reverted",
        "reverted",
        "active",
        "reverted",
    ]


def test_a_revert_can_be_reverted(log: Log) -> None:
    early = log.edit("ada", facts.ClipChanged("a", volume=1))
    log.revert(early)
    undoing = log.rows[-1][1]
    before = log.head.fingerprint()
    log.revert(undoing)
    assert log.clip("a").volume == 1
    log.revert(log.rows[-1][1])
    assert log.head.fingerprint() == before


def test_what_has_nothing_to_stand_on_can_not_return(log: Log) -> None:
    made = log.edit("ada", clip("b", at=1))
    on_it = log.edit("bob", facts.ClipChanged("b", volume=1))
    log.revert(on_it)
    taking_back = log.rows[-1][1]
    log.revert(made)
    with refused("edit_cannot_return") as error:
        log.revert(taking_back)
    assert error.value.ids == [on_it]


def test_the_making_of_the_project_stays(log: Log) -> None:
    with refused("edit_not_revertible"):
        log.history.revert("edit0")
    with refused("unknown_edit"):
        log.history.revert("nowhere")


def test_an_edit_of_which_nothing_is_left_is_masked(log: Log) -> None:
    volume = log.edit("ada", facts.ClipChanged("a", volume=1))
    both = log.edit("ada", facts.ClipChanged("a", volume=2, fade_in=1))
    log.edit("bob", facts.ClipChanged("a", volume=3))
    made = log.edit("ada", clip("b", at=1), facts.EffectAdded("b", title("t"), 0))
    deeper = log.edit("cy", facts.EffectChanged("t", window=facts.Window(1, None)))
    removed = log.edit("bob", facts.ClipRemoved("b"))
    states = log.states()
    assert [states[edit] for edit in (volume, both, made, deeper, removed)] == [
        "masked",
        "active",
        "masked",
        "masked",
        "active",
    ]


def test_the_list_is_cut_by_version_actor_state_and_length(log: Log) -> None:
    names = [log.edit(actor, facts.ClipChanged("a", volume=n)) for n, actor in enumerate(("ada", "bob", "ada"))]

    def edits(before: int, limit: int, actor: str | None, state: Any) -> list[str]:
        return [line.edit for line in listed(log.history, before, limit, actor, state)]

    assert edits(2**62, 2, None, None) == [names[2], names[1]]
    assert edits(log.head.version, 9, "ada", None) == [names[0], "edit0"]
    assert edits(2**62, 9, None, "masked") == [names[1], names[0]]
