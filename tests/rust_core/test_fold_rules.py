"""Every rule of the fold, broken once: the code, the field and the ids; and nothing has changed."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.errors import RULES
from domain.timeline import events as facts
from rust_core import CoreError, Project
from tests.rust_core.story import (
    FILM,
    MUSIC,
    OUTPUT,
    SECOND,
    SILENT,
    STILL,
    clip,
    created,
    fade,
    film,
    folded,
    packed,
    title,
    track,
)

TEN_DAYS = 864_000 * SECOND


def effect(made: facts.Effect, on: str = "a", index: int = 0) -> facts.EffectAdded:
    return facts.EffectAdded(on, made, index)


def output(**fields: Any) -> facts.OutputSet:
    return facts.OutputSet(replace(OUTPUT, **fields))


def retitled(**params: Any) -> facts.Effect:
    made = title("e")
    return replace(made, params=made.params | params)


def windowed(made: facts.Effect, start: int, duration: int | None) -> facts.Effect:
    return replace(made, window=facts.Window(start, duration))


BROKEN: list[tuple[str, str | None, facts.TimelineFact]] = [
    ("project_exists", None, created()),
    ("unknown_track", "track", clip("b", "nowhere", at=5)),
    ("unknown_track", "track", facts.ClipChanged("a", track="nowhere")),
    ("unknown_track", None, facts.TrackRemoved("nowhere")),
    ("unknown_clip", None, facts.ClipRemoved("nowhere")),
    ("unknown_clip", None, facts.ClipChanged("nowhere", at=0)),
    ("unknown_clip", "clip", effect(title("e"), on="nowhere")),
    ("unknown_effect", None, facts.EffectRemoved("nowhere")),
    ("unknown_effect", None, facts.GlobalEffectRemoved("nowhere")),
    ("unknown_effect_type", "type", effect(replace(title("e"), effect_type="explode"))),
    ("invalid_id", "id", track("not an id")),
    ("invalid_id", "id", clip("", at=5)),
    ("invalid_id", "source", clip("b", at=5, source=replace(FILM, media="../etc"))),
    ("id_taken", "id", track("a")),
    ("id_taken", "id", clip("v", at=5)),
    ("id_taken", "id", effect(title("a"))),
    ("clips_overlap", "at", clip("b", at=0.5)),
    ("clips_overlap", "at", facts.ClipAdded(replace(clip("b").clip, at=SECOND - 1))),
    ("clips_overlap", "at", facts.ClipAdded(replace(clip("b").clip, at=1, out_point=1))),
    ("empty_range", "out_point", facts.ClipChanged("a", out_point=0)),
    ("empty_range", "out_point", facts.ClipChanged("a", in_point=5 * SECOND)),
    ("outside_source", "out_point", facts.ClipChanged("a", out_point=20 * SECOND + 1)),
    ("outside_timeline", "at", facts.ClipChanged("a", at=-1)),
    ("outside_timeline", "in_point", facts.ClipChanged("a", in_point=-1)),
    ("outside_timeline", "at", facts.ClipChanged("a", at=TEN_DAYS)),
    ("outside_timeline", "at", facts.ClipChanged("a", at=2**62)),
    ("outside_timeline", "out_point", facts.ClipChanged("a", out_point=-(2**63))),
    ("wrong_kind", "track", clip("b", at=5, source=MUSIC)),
    ("wrong_kind", "track", clip("b", "s", at=5, source=SILENT)),
    ("wrong_kind", "track", clip("b", "s", at=5, source=STILL)),
    ("wrong_kind", "type", effect(title("e"), on="m")),
    ("out_of_range", "fade_out", facts.ClipChanged("a", fade_out=SECOND + 1)),
    ("out_of_range", "fade_in", facts.ClipChanged("a", fade_in=SECOND // 2 + 1, fade_out=SECOND // 2)),
    ("out_of_range", "fade_in", facts.ClipChanged("a", fade_in=-1)),
    ("out_of_range", "fade_in", facts.ClipChanged("a", fade_in=2**63 - 1, fade_out=2**63 - 1)),
    ("out_of_range", "volume", facts.ClipChanged("a", volume=-1)),
    ("out_of_range", "volume", facts.TrackChanged("v", volume=10_000_001)),
    ("out_of_range", "transform.width", facts.ClipChanged("a", transform=facts.Transform(0, 0, 0, 1))),
    (
        "out_of_range",
        "transform.x",
        facts.ClipChanged("a", transform=facts.Transform(10_000_001, 0, 1_000_000, 1_000_000)),
    ),
    ("out_of_range", "source.duration", facts.ClipChanged("a", source=replace(FILM, duration=-1))),
    ("out_of_range", "index", track("w", index=3)),
    ("out_of_range", "index", effect(title("e"), index=1)),
    ("out_of_range", "output.width", output(width=1281)),
    ("out_of_range", "output.height", output(height=14)),
    ("out_of_range", "output.sample_rate", output(sample_rate=44_000)),
    ("out_of_range", "output.sample_rate", output(sample_rate=192_000)),
    ("out_of_range", "output.background", output(background="#12345")),
    ("out_of_range", "output.background", output(background="black,drawtext")),
    ("out_of_range", "name", facts.ProjectRenamed("x" * 201)),
    ("out_of_range", "name", facts.ProjectRenamed("a\nb")),
    ("out_of_range", "params.font_size", effect(retitled(font_size=7))),
    ("out_of_range", "params.text", effect(retitled(text="a\0b"))),
    ("out_of_range", "params.text", effect(retitled(text=" \n"))),
    ("out_of_range", "params.text", effect(retitled(text="x" * 2001))),
    ("out_of_range", "params.text", effect(retitled(text="\n".join("x" * 51)))),
    ("out_of_range", "params.font_color", effect(retitled(font_color="white,drawtext=textfile=/etc/passwd"))),
    ("out_of_range", "params.position", effect(retitled(position="middle"))),
    ("out_of_range", "params.duration", effect(fade("e", duration=0))),
    ("bad_parameter", "params.font_size", effect(retitled(font_size="48"))),
    ("bad_parameter", "params.size", effect(retitled(size=48))),
    ("bad_parameter", "params.fade_out", effect(windowed(retitled(fade_in=SECOND, fade_out=1), 0, SECOND))),
    ("bad_parameter", "params.duration", effect(replace(fade("e"), params={}))),
    ("bad_parameter", "duration", effect(windowed(fade("e"), 0, SECOND))),
    ("bad_parameter", "type", facts.GlobalEffectAdded(title("e"), 0)),
    ("outside_timeline", "start", effect(windowed(title("e"), -1, None))),
    ("out_of_range", "duration", effect(windowed(title("e"), 0, 0))),
    ("not_a_permutation", "tracks", facts.TracksOrdered(["v"])),
    ("not_a_permutation", "tracks", facts.TracksOrdered(["v", "s", "v"])),
    ("not_a_permutation", "effects", facts.EffectsOrdered("a", ["nowhere"])),
    ("not_a_permutation", "effects", facts.GlobalEffectsOrdered(["nowhere"])),
    ("malformed_fact", None, facts.TrackRemoved("v")),
    ("invalid_id", "id", facts.EditReverted("")),
]


@pytest.fixture(scope="module")
def project() -> Project:
    """A clip ``a`` on video track ``v`` and one ``m`` on sound track ``s``."""
    return film(clip("a"), track("s", "audio", index=1), clip("m", "s", source=MUSIC))


@pytest.mark.parametrize(("code", "path", "fact"), BROKEN, ids=[f"{n}-{case[0]}" for n, case in enumerate(BROKEN)])
def test_what_breaks_a_rule_is_refused(code: str, path: str | None, fact: facts.TimelineFact, project: Project) -> None:
    before = project.document()
    with pytest.raises(CoreError) as refused:
        folded(facts.ProjectRenamed("not kept"), fact, onto=project)
    assert (refused.value.code, refused.value.path) == (code, path)
    assert refused.value.code in RULES
    assert refused.value.message == str(refused.value)
    assert project.document() == before


def test_an_overlap_names_both_clips(project: Project) -> None:
    with pytest.raises(CoreError) as refused:
        folded(clip("b", at=0.5), onto=project)
    assert set(refused.value.ids) == {"a", "b"}


@pytest.mark.parametrize(
    "fact",
    [
        facts.ClipChanged("a", volume=1),
        facts.ClipRemoved("a"),
        clip("b", at=5),
        facts.EffectAdded("a", title("e2"), 0),
        facts.EffectChanged("e", window=facts.Window(1, None)),
        facts.EffectRemoved("e"),
        facts.EffectsOrdered("a", ["e"]),
        facts.ClipChanged("other", track="v", at=9 * SECOND),
    ],
)
def test_what_lies_on_a_locked_track_stays(fact: facts.TimelineFact) -> None:
    locked = film(
        clip("a"),
        facts.EffectAdded("a", title("e"), 0),
        track("w"),
        clip("other", "w"),
        facts.TrackChanged("v", locked=True),
    )
    with pytest.raises(CoreError) as refused:
        folded(fact, onto=locked)
    assert refused.value.code == "track_locked"
    assert "v" in refused.value.ids
    opened = folded(facts.TrackChanged("v", locked=False), fact, facts.TrackChanged("v", locked=True), onto=locked)
    assert msgspec.msgpack.decode(opened.track("v") or b"")["locked"]


def test_nothing_happens_before_a_project_is_created_or_after_it_is_deleted() -> None:
    for project in (Project.empty(), film(facts.ProjectDeleted())):
        with pytest.raises(CoreError) as refused:
            folded(track("w"), onto=project)
        assert refused.value.code == "unknown_project"
        assert not project.exists
        assert project.output() is None
        for ask in (project.document, lambda project=project: project.name):
            with pytest.raises(CoreError, match="project"):
                ask()


def test_limits_count_what_is_there_at_the_end() -> None:
    full = film(*(track(f"t{number}") for number in range(199)))
    swapped = folded(track("one-more"), facts.TrackRemoved("t0"), onto=full)
    assert len(msgspec.msgpack.decode(swapped.tracks())) == 200
    with pytest.raises(CoreError) as refused:
        folded(track("one-more"), onto=full)
    assert refused.value.code == "limit_exceeded"


def test_a_clip_has_at_most_a_hundred_effects() -> None:
    told = [facts.EffectAdded("a", fade(f"e{number}"), 0) for number in range(101)]
    assert folded(*told[:100], onto=film(clip("a"))).version == 103
    with pytest.raises(CoreError) as refused:
        folded(*told, onto=film(clip("a")))
    assert refused.value.code == "limit_exceeded"


@pytest.mark.parametrize(
    "payload", [b"", b"\x80", b"\xc1", b"\x81\xa4type\xa3odd", b"x" * 1000, b"\xdf\xff\xff\xff\xff"]
)
def test_bytes_that_are_no_fact_are_refused(payload: bytes) -> None:
    with pytest.raises(CoreError) as refused:
        Project.empty().apply([payload])
    assert refused.value.code in ("malformed_fact", "unknown_fact")


def test_a_payload_is_read_as_strictly_as_python_reads_it(project: Project) -> None:
    array = msgspec.msgpack.decode(packed(facts.ClipChanged("a", transform=facts.CANVAS))[0])
    array["transform"] = list(array["transform"].values())
    nil = {"type": "clip_changed.1", "clip": "a", "at": None}
    partial = {"type": "effect_changed.1", "effect": "a", "window": {"start": 0}}
    for odd in (array, nil, partial):
        payload = msgspec.msgpack.encode(odd)
        with pytest.raises(msgspec.ValidationError):
            msgspec.msgpack.decode(payload, type=facts.TimelineFact)
        with pytest.raises(CoreError) as refused:
            project.apply([payload])
        assert refused.value.code == "malformed_fact"
