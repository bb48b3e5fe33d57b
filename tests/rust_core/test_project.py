"""What facts come to: lookups, the document, snapshots and many versions at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.time import to_seconds
from domain.timeline import events as facts
from rust_core import FOLD_FINGERPRINT, CoreError, Project
from tests.rust_core.story import FILM, OUTPUT, SECOND, clip, created, fade, film, folded, packed, title, track


def unpacked(payload: bytes | None, kind: Any) -> Any:
    assert payload is not None
    return msgspec.msgpack.decode(payload, type=kind)


@pytest.fixture(scope="module")
def project() -> Project:
    """Two tracks, two clips, two effects on one and one on the film."""
    return film(
        clip("b", at=2, length=3),
        clip("a", at=0.5),
        track("music", "audio", index=1, name="Music"),
        facts.EffectAdded("a", title("t", "100% [a;b]"), 0),
        facts.EffectAdded("a", fade("f", "fade_in"), 0),
        facts.GlobalEffectAdded(fade("end"), 0),
    )


def test_values_come_back_in_the_shape_of_the_facts(project: Project) -> None:
    assert unpacked(project.output(), facts.Output) == OUTPUT
    assert [each.id for each in unpacked(project.tracks(), list[facts.Track])] == ["v", "music"]
    assert unpacked(project.track("music"), facts.Track).name == "Music"
    assert unpacked(project.clip("a"), facts.Clip) == clip("a", at=0.5).clip
    assert [each.id for each in unpacked(project.clips(), list[facts.Clip])] == ["a", "b"]
    assert unpacked(project.clips("music"), list[facts.Clip]) == []
    assert unpacked(project.effects("a"), list[facts.Effect]) == [fade("f", "fade_in"), title("t", "100% [a;b]")]
    assert unpacked(project.effects(None), list[facts.Effect]) == [fade("end")]
    place = unpacked(project.effect("t"), dict[str, Any])
    assert (place["clip"], place["index"], place["effect"]["id"]) == ("a", 1, "t")
    assert unpacked(project.effect("end"), dict[str, Any])["clip"] is None


def test_what_is_not_there_is_none_or_refused_by_its_kind(project: Project) -> None:
    assert project.track("a") is project.clip("v") is project.effect("a") is None
    for ask, code in ((project.clips, "unknown_track"), (project.effects, "unknown_clip")):
        with pytest.raises(CoreError) as refused:
            ask("nowhere")
        assert refused.value.code == code


def test_the_document_is_in_peoples_units(project: Project) -> None:
    document = json.loads(project.document(), parse_float=Decimal)
    assert document["output"] == {
        "width": 1280,
        "height": 720,
        "fps": "30000/1001",
        "sample_rate": 48_000,
        "background": "#102030",
    }
    main, music = document["tracks"]
    assert (main["type"], music["type"], music["name"]) == ("video", "audio", "Music")
    first = main["clips"][0]
    assert (first["id"], first["track"], first["source"], first["kind"]) == ("a", "v", "med_film", "video")
    assert (first["timeline_start"], first["timeline_end"]) == (Decimal("0.5"), Decimal("1.5"))
    assert (first["start_frame"], first["end_frame"]) == (15, 45)
    assert first["effects"][1] == {
        "id": "t",
        "type": "text_overlay",
        "params": {
            "fade_in": 0,
            "fade_out": 0,
            "font_color": "white",
            "font_size": 48,
            "position": "center",
            "text": "100% [a;b]",
        },
        "start": 0,
        "duration": None,
        "keyframes": {},
    }
    assert document["global_effects"][0]["params"] == {"duration": 1}
    assert (document["version"], document["name"], document["duration"], document["frames"]) == (8, "Film", 5, 150)
    assert (project.version, project.duration, project.frames) == (8, 5 * SECOND, 150)


@given(at=st.integers(0, 10**15), length=st.integers(1, 20 * SECOND), volume=st.integers(0, 10_000_000))
def test_the_documents_decimals_name_the_exact_value(at: int, length: int, volume: int) -> None:
    placed = clip("a").clip
    placed = msgspec.structs.replace(placed, at=min(at, 864_000 * SECOND - length), out_point=length, volume=volume)
    document = json.loads(film(facts.ClipAdded(placed)).document(), parse_float=Decimal, parse_int=Decimal)
    shown = document["tracks"][0]["clips"][0]
    assert shown["timeline_start"] == to_seconds(placed.at)
    assert shown["out_point"] == to_seconds(length)
    assert shown["volume"] == Decimal(volume) / 1_000_000


def test_clips_may_touch_and_may_cross_within_an_edit() -> None:
    swapped = folded(
        facts.ClipChanged("a", at=SECOND),
        facts.ClipChanged("b", at=0),
        onto=film(clip("a"), clip("b", at=1)),
    )
    assert [each.id for each in unpacked(swapped.clips("v"), list[facts.Clip])] == ["b", "a"]


def test_ids_may_be_used_again_for_another_kind_of_thing() -> None:
    project = film(clip("x"), facts.EffectAdded("x", title("e"), 0), facts.ClipRemoved("x"))
    project = folded(track("x"), track("e"), onto=project)
    assert project.clip("x") is project.effect("e") is None
    assert len(unpacked(project.tracks(), list[facts.Track])) == 3


def test_a_track_goes_when_its_clips_are_gone() -> None:
    emptied = folded(facts.ClipRemoved("a"), facts.TrackRemoved("v"), onto=film(clip("a")))
    assert unpacked(emptied.tracks(), list[facts.Track]) == []
    assert (emptied.duration, emptied.frames) == (0, 0)


def test_an_older_version_stays_what_it_was(project: Project) -> None:
    before = project.document()
    later = folded(facts.ClipRemoved("a"), facts.ProjectRenamed("Other"), onto=project)
    assert later.name == "Other"
    assert project.document() == before
    assert project.diff(later) == packed(facts.ProjectRenamed("Other"), facts.ClipRemoved("a"))
    assert folded(onto=later.apply(later.diff(project))).fingerprint() == project.fingerprint()
    assert project.diff(project) == []


def test_the_fingerprint_is_of_the_document_and_not_of_its_version(project: Project) -> None:
    there_and_back = folded(facts.ProjectRenamed("Other"), facts.ProjectRenamed("Film"), onto=project)
    assert there_and_back.version == project.version + 2
    assert there_and_back.fingerprint() == project.fingerprint() != folded(created()).fingerprint()
    assert len(project.fingerprint()) == 32


def test_a_snapshot_of_another_fold_or_a_damaged_one_is_not_used(project: Project) -> None:
    snapshot = project.snapshot()
    opened = Project.restore(snapshot)
    assert (opened.document(), opened.version) == (project.document(), project.version)
    other = snapshot.replace(FOLD_FINGERPRINT.encode(), b"0" * len(FOLD_FINGERPRINT))
    for unusable in (other, snapshot[:-1], snapshot + b"\0", b"", snapshot[:60]):
        with pytest.raises(CoreError) as refused:
            Project.restore(unusable)
        assert refused.value.code == "snapshot_unusable"


def test_snapshots_open_of_every_kind_of_project() -> None:
    locked = film(clip("a"), facts.EffectAdded("a", title("t"), 0), facts.TrackChanged("v", locked=True))
    for project in (Project.empty(), film(facts.ProjectDeleted()), locked):
        opened = Project.restore(project.snapshot())
        assert (opened.exists, opened.version) == (project.exists, project.version)
        assert opened.fingerprint() == project.fingerprint()


def test_a_deleted_project_stays_deleted() -> None:
    here, gone = film(), film(facts.ProjectDeleted())
    assert here.diff(gone) == packed(facts.ProjectDeleted())
    with pytest.raises(CoreError, match="deleted"):
        gone.diff(here)


def test_threads_fold_one_project_at_once(project: Project) -> None:
    edits = packed(*(facts.ClipChanged("a", volume=number) for number in range(2000)))
    with ThreadPoolExecutor(4) as threads:
        ends = list(threads.map(lambda _: project.apply(edits).fingerprint(), range(8)))
    assert len(set(ends)) == 1


def test_the_longest_project_is_folded_and_shown() -> None:
    told = [clip(f"c{number}", at=number, source=FILM) for number in range(20_000)]
    project = folded(created(), track("v"), *told)
    assert len(unpacked(project.clips(), list[facts.Clip])) == 20_000
    assert json.loads(project.document())["frames"] == project.frames == round(20_000 * 30_000 / 1001)
    with pytest.raises(CoreError) as refused:
        folded(clip("more", at=20_000), onto=project)
    assert refused.value.code == "limit_exceeded"
