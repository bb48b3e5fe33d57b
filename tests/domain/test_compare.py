"""The difference of two documents: complete, the same from both sides, and in words."""

from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.ids import EditId
from domain.timeline.batch import decide_batch
from domain.timeline.commands import AnyOp, read_value
from domain.timeline.compare import compare
from domain.timeline.impact import impact
from rust_core import Project
from tests.domain.scenario import Shelf, clip, given, title, track
from tests.domain.test_any_op import BEFORE, documents

_DOCUMENT = msgspec.json.Decoder(float_hook=Decimal)


def between(before: Project, after: Project) -> list[Any]:
    return compare(_DOCUMENT.decode(before.document()), _DOCUMENT.decode(after.document()))


def lines(*batch: dict[str, Any]) -> list[str]:
    scene = given(track("v"), clip("a", 0, 4), title("t", "a")).when(*batch)
    return [difference.text for difference in between(scene.before, scene.after)]


def test_what_changed_is_said_with_both_values() -> None:
    assert lines({"op": "update_clip", "clip": "a", "at": "1.5", "volume": "0.5"}) == [
        "~ clip a: timeline_start 0 s -> 1.5 s, volume 1 -> 0.5"
    ]
    assert lines({"op": "update_effect", "effect": "t", "params": {"text": "New"}, "start": 1}) == [
        "~ effect t: start 0 s -> 1 s, params.text T -> New"
    ]
    assert lines({"op": "rename_project", "name": "New"}, {"op": "set_output", "width": 640}) == [
        "~ project: name scenario -> New, output.width 1920 -> 640"
    ]


def test_what_came_and_went_is_said_with_what_it_was() -> None:
    clip_line, effect_line = lines({"op": "remove_clip", "clip": "a"})
    assert clip_line == "- clip a: film 0 s to 4 s, on v at 0 s"
    assert effect_line.startswith("- effect t: text_overlay on a (fade_in=0 s, ")
    assert effect_line.endswith("text=T)")
    assert lines(clip("b", 5, 1), track("w")) == ["+ clip b: film 0 s to 1 s, on v at 5 s", "+ track w: video"]


def test_an_order_is_a_difference_of_what_is_ordered() -> None:
    scene = given(track("v"), track("w")).when({"op": "reorder_tracks", "tracks": ["w", "v"]})
    (difference,) = between(scene.before, scene.after)
    assert [(c.field, c.before, c.after) for c in difference.fields] == [("tracks", ["v", "w"], ["w", "v"])]


@settings(max_examples=300, deadline=None)
@drawn(st.lists(documents(), min_size=1, max_size=4))
def test_it_is_complete_and_the_same_from_both_sides(batch: list[dict[str, Any]]) -> None:
    try:
        ops = [msgspec.convert(document, AnyOp, dec_hook=read_value) for document in batch]
        decided = decide_batch(ops, BEFORE, Shelf(), EditId("any"))
    except (msgspec.ValidationError, Refused):
        return
    there, back = between(BEFORE, decided.project), between(decided.project, BEFORE)
    assert bool(there) == (BEFORE.fingerprint() != decided.project.fingerprint())
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(d.kind, d.id, opposite[d.change]) for d in there} == {(d.kind, d.id, d.change) for d in back}
    touched = impact(BEFORE, decided.project, decided.facts)
    made = {difference.id for difference in there if difference.change == "added"}
    assert made - set(touched.created) - set(touched.changed) == set()
