"""A project's document holds all of it: the ops made from it build the same project again."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.ids import EditId
from domain.timeline.batch import decide_batch
from domain.timeline.commands import AnyOp, read_value
from domain.timeline.decide.project import create
from domain.timeline.exchange import Building, ProjectPart
from domain.timeline.state import apply
from rust_core import Project
from tests.domain.scenario import Shelf, clip, given, title, track
from tests.domain.test_any_op import BEFORE, documents

_DOCUMENT = msgspec.json.Decoder(float_hook=Decimal)


def part(project: Project) -> ProjectPart:
    return msgspec.convert({"id": "p", **_DOCUMENT.decode(project.document())}, ProjectPart)


def built(document: ProjectPart) -> Project:
    building = Building(document, {})
    try:
        empty = apply(Project.empty(), create(document.name, building.output))
        return decide_batch(building.ops, empty, Shelf(), EditId("import")).project
    except Refused as refused:
        raise building.located(refused) from None


@settings(max_examples=300, deadline=None)
@drawn(st.lists(documents(), min_size=1, max_size=4))
def test_what_is_built_from_a_document_is_the_project(batch: list[dict[str, Any]]) -> None:
    try:
        ops = [msgspec.convert(document, AnyOp, dec_hook=read_value) for document in batch]
        project = decide_batch(ops, BEFORE, Shelf(), EditId("any")).project
    except (msgspec.ValidationError, Refused):
        return
    assert built(part(project)).fingerprint() == project.fingerprint()


def test_odd_times_and_locked_tracks_survive() -> None:
    scene = given(
        {"op": "set_output", "fps": "24000/1001"},
        track("v", name="Pictures", volume="0.3"),
        clip("a", {"frame": 7}, {"frame": 31}, in_point={"frame": 3}, transform={"x": "0.333333", "width": "0.5"}),
        title("t", "a", start={"frame": 1}, duration={"frame": 5}),
        {"op": "update_track", "track": "v", "locked": True},
    )
    assert built(part(scene.before)).fingerprint() == scene.before.fingerprint()


def test_a_fault_is_named_by_its_place_in_the_document() -> None:
    scene = given(track("v"), clip("a", 0, 4), clip("b", 6, 2), title("t", "b"))
    document = _DOCUMENT.decode(scene.before.document()) | {"id": "p"}
    document["tracks"][0]["clips"][1]["timeline_start"] = 1
    with pytest.raises(Refused) as refused:
        built(msgspec.convert(document, ProjectPart))
    assert (refused.value.code, refused.value.path) == ("clips_overlap", "project.tracks[0].clips[1].at")
    document["tracks"][0]["clips"][1]["timeline_start"] = "soon"
    with pytest.raises(Refused) as refused:
        built(msgspec.convert(document, ProjectPart))
    assert (refused.value.code, refused.value.path) == ("invalid_field", "project.tracks[0].clips[1]")
