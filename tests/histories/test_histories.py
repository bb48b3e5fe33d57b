"""What must hold of every history: thousands of them, of four actors, over the whole vocabulary of ops.

Two hundred histories a property; ``HISTORIES=5000 python -m pytest tests/histories`` takes as many as it says.
"""

import os
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.app.travel import When
from adapters.http.times import microseconds
from domain.errors import Refused
from domain.timeline.compare import compare
from domain.timeline.history import leading
from domain.timeline.state import apply
from tests.histories.vocabulary import TRY, clips, op
from tests.histories.world import ACTORS, Answer, Room, World, attempted, document, things

MANY = settings(
    max_examples=int(os.environ.get("HISTORIES", "200")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
BATCH = st.lists(TRY, min_size=1, max_size=3)
WHO = st.sampled_from(ACTORS)
WHOSE = st.none() | st.just("*") | WHO
NUMBER = st.integers(0, 999)
STEP = st.one_of(
    *(st.tuples(st.just("edit"), WHO, BATCH) for _ in range(4)),
    st.tuples(st.just("stale"), WHO, BATCH, st.integers(1, 6)),
    st.tuples(st.just("undo"), WHO, WHOSE, st.integers(1, 3)),
    st.tuples(st.just("redo"), WHO, WHOSE, st.integers(1, 3)),
    st.tuples(st.just("revert"), WHO, NUMBER, st.booleans()),
    st.tuples(st.just("restore"), WHO, NUMBER),
)
STEPS = st.lists(STEP, min_size=1, max_size=14)
EDITS = st.lists(st.tuples(st.just("edit"), WHO, BATCH), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("histories"))
    yield room
    room.close()


def begun(room: Room) -> World:
    """A project with something on it to work with."""
    world = World(room)
    lay = [
        {"op": "add_clip", "id": f"c{n}", "track": "v", "source": "film", "at": 2 * n, "out_point": 2} for n in (0, 1)
    ]
    fade = {"op": "add_effect", "id": "e", "clip": "c1", "type": "fade_in", "params": {"duration": 1}}
    world.edit("ada", [{"op": "add_track", "id": "v", "type": "video"}, *lay, fade])
    world.edit("bob", [{"op": "add_track", "id": "m", "type": "audio"}])
    return world


def asking(world: World, step: Any) -> Any:
    """A step as a call that takes ``dry``."""
    match step:
        case ("edit", who, batch):
            wanted = [op(world.document(), attempt) for attempt in batch]
            return lambda dry=False: world.edit(who, wanted, dry=dry)
        case ("stale", who, batch, age):
            base = version_before(world, age)
            seen = world.document(When(base))
            wanted = [op(seen, attempt) for attempt in batch]
            return lambda dry=False: world.edit(who, wanted, base=base, dry=dry)
        case ("undo" | "redo" as direction, who, whose, count):
            return lambda dry=False: world.step(direction, who, whose, count, dry=dry)
        case ("revert", who, number, cascade):
            edits = world.history()
            edit = edits[number % len(edits)].edit_id
            return lambda dry=False: world.revert(who, edit, cascade=cascade, dry=dry)
        case ("restore", who, number):
            versions = [entry.version for entry in world.history()]
            return lambda dry=False: world.restore(who, versions[number % len(versions)], dry=dry)
    raise AssertionError(step)


def version_before(world: World, edits: int) -> int:
    versions = [entry.version for entry in world.history()]
    return versions[min(edits, len(versions) - 1)]


def take(world: World, steps: Any) -> None:
    for step in steps:
        attempted(asking(world, step))


@MANY
@given(steps=STEPS)
def test_every_step_does_what_its_dry_run_said_and_nothing_else(room: Room, steps: Any) -> None:
    world = begun(room)
    for step in steps:
        call = asking(world, step)
        version, before = world.version, world.document()
        tried = attempted(lambda: call(dry=True))  # noqa: B023  # called at once
        assert (world.version, world.document()) == (version, before)
        done = attempted(call)
        if isinstance(done, Refused):
            assert isinstance(tried, Refused), (tried, done)
            assert (tried.code, tried.message, tried.ids) == (done.code, done.message, done.ids)
            assert (world.version, world.document()) == (version, before)
            refused_with_a_way_out(world, step, done)
        else:
            assert not isinstance(tried, Refused), tried
            assert {name: value for name, value in tried.items() if name != "dry_run"} == done
            says_what_it_did(before, world.document(), done)
    assert document(world.folded_anew()) == world.document()


def seen(clip: Any) -> Any:
    """A clip without how it hangs together with others, which no film shows."""
    return {field: value for field, value in clip.items() if field != "group"}


def says_what_it_did(before: Any, after: Any, done: Answer) -> None:
    """What is not named in the answer is as it was, and what shows otherwise shows in an invalidated stretch."""
    named = {*done["created"], *done["changed"]}
    old, new = things(before), things(after)
    for kind, name in old.keys() | new.keys():
        fields, now = old.get((kind, name)), new.get((kind, name))
        if kind == "project" or plain(fields, now) == plain(now, fields):
            continue
        within = {(fields or now or {}).get("clip"), (now or fields or {}).get("clip")}
        assert name in named or within & named, (kind, name, done)
    if before["tracks"] == after["tracks"]:
        return
    spans = [(stretch["start"], stretch["end"]) for stretch in done["invalidated"]]
    for found, other in ((before, after), (after, before)):
        others = {clip["id"]: seen(clip) for clip in clips(other)}
        for clip in clips(found):
            if others.get(clip["id"]) != seen(clip):
                start, end = clip["timeline_start"], clip["timeline_end"]
                assert any(first <= start and end <= last for first, last in spans), (clip, done)


def plain(fields: Any, other: Any) -> Any:
    """The fields of a thing; of a list only the order of what is in both, as effects say themselves that they came."""
    if fields is None or other is None:
        return fields
    kept = {name: value for name, value in fields.items() if not isinstance(value, list)}
    lists = {name: value for name, value in fields.items() if isinstance(value, list)}
    return kept | {name: [thing for thing in value if thing in other[name]] for name, value in lists.items()}


def refused_with_a_way_out(world: World, step: Any, refused: Refused) -> None:
    if refused.code == "edit_conflict":
        assert refused.extra["current_version"] == world.version
        assert refused.ids
        wanted = asking(world, step)
        suggested = [wanted_ops(wanted)[index] | changes for index, changes in refused.extra["suggested"]]
        if suggested:
            world.edit("ada", suggested, expected=world.version)
    if refused.code == "edit_has_dependents" and step[0] == "revert":
        _, who, number, _ = step
        edits = world.history()
        chosen = edits[number % len(edits)]
        assert all(entry.state != "reverted" for entry in edits if entry.edit_id in refused.ids)
        done = world.revert(who, chosen.edit_id, cascade=True)
        assert {*refused.ids} <= {*done["edits"]}


def wanted_ops(call: Any) -> Any:
    """The ops in a call."""
    return next(cell.cell_contents for cell in call.__closure__ if isinstance(cell.cell_contents, list))


@MANY
@given(steps=STEPS)
def test_the_document_is_a_replay_of_the_edits_that_count(room: Room, steps: Any) -> None:
    world = begun(room)
    for step in steps:
        attempted(asking(world, step))
        counting = {entry.edit_id for entry in world.history() if entry.state != "reverted"}
        records = room.heads.records(room.heads.head(world.id), 0)
        marks = ("edit_reverted", "edit_restored")
        plain = {edit for _, edit, _, fact in records if msgspec.msgpack.decode(fact)["type"].startswith(marks)}
        state = type(world.folded_anew()).empty()
        for edit in dict.fromkeys(record[1] for record in records):
            if edit in counting and edit not in plain:
                state = state.apply([record[3] for record in records if record[1] == edit])
        assert document(state) == world.document()


@MANY
@given(steps=STEPS, who=WHO, count=st.integers(1, 5))
def test_undone_and_redone_is_as_it_was(room: Room, steps: Any, who: str, count: int) -> None:
    world = begun(room)
    take(world, steps)
    before = world.document()
    undone = attempted(lambda: world.step("undo", who, None, count))
    if isinstance(undone, Refused):
        assert undone.code in ("nothing_to_undo", "edit_has_dependents")
        return
    redone = world.step("redo", who, None, len(undone["edits"]))
    assert redone["edits"] == undone["edits"][::-1]
    assert world.document() == before


@MANY
@given(steps=STEPS, one=NUMBER, other=NUMBER)
def test_a_difference_leads_from_one_version_to_the_other(room: Room, steps: Any, one: int, other: int) -> None:
    world = begun(room)
    take(world, steps)
    versions = [entry.version for entry in world.history()]
    (_, a), (_, b) = (room.travel.state(world.id, When(versions[n % len(versions)])) for n in (one, other))
    assert document(apply(a, leading(a, b))) == document(b)
    found = compare(document(a), document(b))
    assert bool(found) == (document(a) != document(b))
    state = things(document(a))
    for difference in found:
        name = (difference.kind, difference.id)
        if difference.change == "changed":
            state[name] = state[name] | {change.field: change.after for change in difference.fields}
        elif difference.change == "added":
            state[name] = difference.value or {}
        else:
            del state[name]
    assert without_lists(state) == without_lists(things(document(b)))


def without_lists(state: Any) -> Any:
    """Lists are of things that say for themselves that they came or went."""
    return {
        name: {field: value for field, value in fields.items() if not isinstance(value, list)}
        for name, fields in state.items()
    }


@MANY
@given(past=STEPS, work=STEPS)
def test_a_fork_merged_into_what_has_not_changed_is_the_fork(room: Room, past: Any, work: Any) -> None:
    world = begun(room)
    take(world, past)
    fork = world.fork("bob")
    take(fork, work)
    tried = world.merge("cy", fork, dry=True)
    done = world.merge("cy", fork)
    assert tried["replayed"] == done["replayed"] if "replayed" in done else "replayed" not in tried
    same(world, fork)
    assert world.merge("cy", fork)["edit_id"] is None


@MANY
@given(past=STEPS, version=NUMBER, since=STEPS)
def test_a_fork_of_any_version_catches_up_by_a_merge(room: Room, past: Any, version: int, since: Any) -> None:
    world = begun(room)
    take(world, past)
    versions = [entry.version for entry in world.history()]
    fork = world.fork("bob", When(versions[version % len(versions)]))
    take(world, since)
    fork.merge("cy", world)
    same(world, fork)
    assert fork.merge("cy", world)["edit_id"] is None


def same(one: World, other: World) -> None:
    """Two documents but for their names."""
    assert {**one.document(), "name": ""} == {**other.document(), "name": ""}


@MANY
@given(past=EDITS, here=STEPS, there=STEPS)
def test_a_merge_does_what_its_dry_run_said(room: Room, past: Any, here: Any, there: Any) -> None:
    world = begun(room)
    take(world, past)
    fork = world.fork("bob")
    take(fork, there)
    take(world, here)
    before = world.document()
    tried = world.merge("cy", fork, dry=True)
    conflicts = [outcome for outcome in tried.get("replayed", []) if outcome["outcome"] == "conflict"]
    if not conflicts:
        done = world.merge("cy", fork)
        assert done.get("replayed") == tried.get("replayed")
        says_what_it_did(before, world.document(), done)
        return
    refused = attempted(lambda: world.merge("cy", fork))
    assert isinstance(refused, Refused)
    assert refused.code == "merge_conflict"
    assert refused.ids == [outcome["edit_id"] for outcome in conflicts]
    assert world.document() == before
    if all(entry.edit_id != refused.ids[0] for entry in fork.history()):
        return  # all that differs, as one step
    world.merge("cy", fork, tuple(refused.ids))
    for outcome in conflicts:
        if suggested := outcome.get("suggested_ops"):
            world.edit("dee", suggested, dry=True)
    assert world.merge("cy", fork)["edit_id"] is None


@MANY
@given(past=EDITS, number=NUMBER)
def test_what_if_nothing_had_been_otherwise_is_what_is(room: Room, past: Any, number: int) -> None:
    world = begun(room)
    sent: dict[str, Any] = {}
    for step in past:
        call = asking(world, step)
        done = attempted(call)
        if not isinstance(done, Refused) and done["edit_id"]:
            sent[done["edit_id"]] = wanted_ops(call)
    if not sent:
        return
    edit = list(sent)[number % len(sent)]
    other, told = world.what_if("bob", edit, sent[edit])
    assert {outcome["outcome"] for outcome in told.get("replayed", [])} <= {"applied"}
    same(other, world)


@MANY
@given(steps=STEPS)
def test_a_value_is_what_the_edit_that_it_comes_from_made_it(room: Room, steps: Any) -> None:
    world = begun(room)
    take(world, steps)
    _, head = room.travel.state(world.id)
    states = {entry.edit_id: entry.state for entry in world.history()}
    for clip in clips(world.document()):
        found = room.loop.run_until_complete(room.comparing.blame(world.id, clip["id"], None, None)).items
        joins = {e["id"] for e in world.document()["transitions"] if clip["id"] in (e["from"], e["to"])}
        things = {clip["id"], *(e["id"] for e in clip["effects"]), *joins}
        assert {item.id for item in found if item.field is None} == things
        for item in found:
            assert states[item.edit.edit_id] != "reverted"
            _, then = room.travel.state(world.id, When(edit=item.edit.edit_id))
            now, value = ({} if state is None else state for state in (fields(head, item), fields(then, item)))
            assert value, item
            if item.field is not None and item.field != "effects":
                assert now.get(item.field) == value.get(item.field)  # one that a clip need not have is left out


def fields(state: Any, item: Any) -> Any:
    """A clip's fields, an effect's or a transition's, as the core has them."""
    packed = {"clip": state.clip, "effect": state.effect, "transition": state.transition}[item.kind](item.id)
    found = None if packed is None else msgspec.msgpack.decode(packed)
    return found["effect"] if found and item.kind == "effect" else found


@MANY
@given(steps=STEPS)
def test_every_edit_can_be_gone_back_to_by_its_version_its_id_and_its_time(room: Room, steps: Any) -> None:
    world = begun(room)
    seen = {world.version: world.document()}
    for step in steps:
        attempted(asking(world, step))
        seen[world.version] = world.document()
    for entry in world.history():
        if entry.version in seen:
            assert world.document(When(entry.version)) == seen[entry.version]
            assert world.document(When(edit=entry.edit_id)) == seen[entry.version]
            at = microseconds(entry.recorded_at, "at")
            assert document(room.travel.state(world.id, When(at_us=at))[1]) in seen.values()
