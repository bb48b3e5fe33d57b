"""A part of a film is that part of the whole film: the same frames, the same samples, from the same pieces."""

from pathlib import Path

import numpy as np
import pytest

from domain.render.plan import Range
from tests.oracle.film import open_film
from tests.oracle.programs import builds
from tests.oracle.recipes import NTSC
from tests.oracle.render import Darkroom
from tests.oracle.sources import Studio, decoded_sound
from tests.oracle.timeline import FLICKS, Lay, Row, Timeline, frames, seconds

pytestmark = pytest.mark.ffmpeg

CUTS = (0, 19, 40, 61)
FIRST, LAST = 19, 50  # from a cut to the middle of a piece


@pytest.fixture(scope="module")
def timeline(studio: Studio) -> Timeline:
    lays = [
        Lay(studio[name], seconds("0.5"), seconds("0.5") + frames(to - at, NTSC), frames(at, NTSC))
        for name, at, to in zip(("web", "ntsc", "film"), CUTS[:-1], CUTS[1:], strict=True)
    ]
    return Timeline((Row(tuple(lays)),), NTSC)


@pytest.mark.parametrize("preset", ["archive", "standard"])
def test_a_range_is_a_part_of_the_whole(preset: str, tmp_path: Path, timeline: Timeline) -> None:
    build = builds()[0]
    room = Darkroom(tmp_path, build, preset)
    part = Range(frames(FIRST, NTSC), frames(LAST, NTSC))
    (whole, _), (cut, _) = room.delivered(timeline), room.delivered(timeline, part)
    all_of_it, some = open_film(whole, build), open_film(cut, build)
    assert len(some.luma) == LAST - FIRST
    same = CUTS[2] if preset == "standard" else LAST  # what is cut within a piece is coded anew
    assert np.array_equal(some.luma[: same - FIRST], all_of_it.luma[FIRST:same])
    begin, end = (round(frames(frame, NTSC) * 48_000 / FLICKS) for frame in (FIRST, LAST))
    heard, there = decoded_sound(cut, build, 48_000), decoded_sound(whole, build, 48_000)
    due = there[begin:end]
    if preset == "archive":
        assert np.array_equal(heard[: end - begin], due)
    else:  # a decoder of AAC makes some of the noise up, from its own beginning on
        off = [np.mean(np.square(np.roll(due, shift, 0) - heard[: end - begin])) for shift in (-1, 0, 1)]
        assert off[1] < min(off[0], off[2]) / 10
    assert len(heard) - (end - begin) < 1024


def test_what_lies_whole_in_it_is_made_once(tmp_path: Path, timeline: Timeline) -> None:
    room = Darkroom(tmp_path, builds()[0], "standard")
    whole, part = room.plan(timeline), room.plan(timeline, Range(frames(FIRST, NTSC), frames(LAST, NTSC)))
    assert part.segments[0].key == whole.segments[1].key
    assert part.segments[1].key != whole.segments[2].key
    assert {chunk.key for chunk in part.sound} <= {chunk.key for chunk in whole.sound}
    assert sum(segment.frames for segment in part.segments) == part.frames == LAST - FIRST
