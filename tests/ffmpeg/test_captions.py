"""Captions of a file stand on the picture on their frames and on no others, as bright and where they should be."""

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from domain.timeline import events
from rust_core import normalise_params
from tests.ffmpeg.films import HEIGHT, Laid, Planes, Workshop, effect, frames
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

GREY = 60
SRT = """1
00:00:00,100 --> 00:00:00,300
<i>HH</i>

2
00:00:00,300 --> 00:00:00,600
HHHH
H
"""
VTT = """WEBVTT

00:00.100 --> 00:00.500
H <00:00.200>HHHHHH
"""
ASS = """[Script Info]
[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.10,0:00:00.30,Default,{\\an8\\b1}HH
Dialogue: 0,0:00:00.30,0:00:00.60,Default,HHHH\\NH
"""


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("captions"), build)
    made.flat("grey.mp4", (GREY, 128, 128))
    return made


def captions(text: str, **params: object) -> events.Effect:
    asked = {"text": text, "outline_width": 0, "font_size": 20, **params}
    normal = msgspec.msgpack.decode(normalise_params("captions", msgspec.json.encode(asked)))
    return effect("captions", 0, None, **normal)


def drawn(workshop: Workshop, text: str, lasting: int = 24, **params: object) -> Planes:
    """The frames of a clip with captions, before they are encoded."""
    plan = workshop.plan([Laid("grey", 0, frames(lasting), effects=(captions(text, **params),))])
    units = {unit.key: unit for unit in plan.units}
    parts = [workshop.drawn(units[segment.key]) for segment in plan.segments]
    luma, blue, red = (np.concatenate(planes) for planes in zip(*parts, strict=True))
    return luma, blue, red


def inked(luma: NDArray[np.uint8]) -> list[int]:
    """How many pixels of each frame are letters."""
    return [int(count) for count in (luma > 140).reshape(len(luma), -1).sum(axis=1)]


@pytest.mark.parametrize("text", [SRT, ASS], ids=["srt", "ass"])
def test_each_caption_is_on_its_frames(workshop: Workshop, text: str) -> None:
    luma, _, _ = drawn(workshop, text)
    ink = inked(luma)
    assert ink[:3] == [0] * 3 and ink[18:] == [0] * 6  # 0.1 s to 0.6 s are the frames 3 to 17
    assert len(set(ink[3:9])) == len(set(ink[9:18])) == 1
    assert ink[9] == pytest.approx(2.5 * ink[3], rel=0.05)  # five letters after two
    assert luma[4].max() == 235


def test_lines_are_centred_below_each_other(workshop: Workshop) -> None:
    luma, _, _ = drawn(workshop, SRT, position="top")
    rows, columns = np.nonzero(luma[10] > 140)
    first, second = columns[rows < HEIGHT / 20 + 22], columns[rows >= HEIGHT / 20 + 22]
    for line in (first, second):
        assert line.min() + line.max() == pytest.approx(319, abs=3)
    baselines = [rows[rows < HEIGHT / 20 + 22].max() + 1, rows.max() + 1]
    assert baselines == pytest.approx([HEIGHT // 20 + 20, HEIGHT // 20 + 45], abs=1)


def test_captions_stand_at_the_bottom(workshop: Workshop) -> None:
    luma, _, _ = drawn(workshop, SRT)
    for frame in (4, 10):
        assert np.nonzero(luma[frame] > 140)[0].max() + 1 == pytest.approx(HEIGHT - HEIGHT // 20 - 5, abs=1)


def test_words_come_one_by_one_when_they_are_spoken(workshop: Workshop) -> None:
    ink = inked(drawn(workshop, VTT, words="one_by_one")[0])
    assert ink[:3] == [0] * 3 and ink[15:] == [0] * 9
    assert len(set(ink[3:6])) == len(set(ink[6:15])) == 1
    assert ink[6] == pytest.approx(6 * ink[3], rel=0.05)


def test_letters_line_and_box_have_their_colours(workshop: Workshop) -> None:
    _, blue, red = drawn(
        workshop, SRT, font_size=60, font_color="red", outline_width=6, outline_color="blue", box_opacity=0.5
    )
    seen = {(int(b), int(r)) for b, r in zip(blue[10].ravel(), red[10].ravel(), strict=True)}
    assert {(102, 240), (240, 118)} <= seen
    luma, _, _ = drawn(workshop, SRT, box_opacity=0.5, box_color="white")
    assert np.median(luma[10][luma[10] > 100]) == pytest.approx((235 + GREY) / 2, abs=2)
    assert (luma[0] == luma[23]).all()


def test_a_piece_stays_when_a_caption_that_it_does_not_show_changes(workshop: Workshop) -> None:
    long = "1\n00:00:00,000 --> 00:00:00,500\nA\n\n2\n00:00:09,000 --> 00:00:09,500\n{}\n"
    before, after = (
        workshop.plan([Laid("grey", 0, frames(20), effects=(captions(long.format(word)),))]) for word in "BC"
    )
    assert [segment.key for segment in before.segments] == [segment.key for segment in after.segments]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1\n00:00:02,000 --> 00:00:01,000\nx", "line 2"),
        ("nothing here", "line 1"),
        ("WEBVTT\n\nNOTE no", "no caption"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_line(workshop: Workshop, text: str, named: str) -> None:
    with pytest.raises(Exception, match=named):
        workshop.plan([Laid("grey", 0, frames(2), effects=(captions(text),))])
