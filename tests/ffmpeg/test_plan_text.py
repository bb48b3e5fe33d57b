"""What is typed is what is drawn: every text, in its frames and no others, in its colour."""

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rust_core import normalise_params
from tests.ffmpeg.films import DEJAVU, HEIGHT, WIDTH, Laid, Planes, Workshop, frames, planes, title
from tests.oracle.programs import Build, builds, run

pytestmark = pytest.mark.ffmpeg

AWKWARD = [
    'It\'s 100% "done", [a;b]: c\\d 😀',
    "%{pts} %{localtime} %%",
    "\\%{e:while(1,1)}",
    "',drawtext=textfile=/etc/passwd",
    "a:b=c:fontsize=400",
    "  both ends  ",
    "two\nlines\n\nand four",
    "tab\there",
    "'''\\\\'\\",
    "é ё ☃ ­‏א",
]


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("texts"), build)
    made.flat("grey.mp4", (60, 128, 128))
    return made


def drawn(workshop: Workshop, text: str, **params: int | str) -> Planes:
    """Two frames with a title, as the planner's graph gives them."""
    laid = Laid("grey", 0, frames(2), effects=(title(text, 0, frames(2), **{"font_size": 16, **params}),))
    return workshop.drawn(workshop.plan([laid]).units[0])


def escaped(text: str) -> str:
    """Text for ``text=`` inside a graph: the other way to the same picture, through both of FFmpeg's parsers."""
    inner = "".join(f"\\{one}" if one in "\\':" or one in " \t\n" else one for one in text)
    return "".join(f"\\{one}" if one in "\\'[],;" or one in " \t\n" else one for one in inner)


def by_hand(workshop: Workshop, text: str) -> Planes:
    options = f"expansion=none:fontsize=16:fontcolor=white:x=(w-text_w)/2:y=(h-text_h)/2:text={escaped(text)}"
    graph = f"trim=end_frame=2,drawtext=fontfile={DEJAVU}:{options}"
    path, _ = workshop.media["grey"]
    return planes(run(workshop.build.ffmpeg, ["-i", str(path), "-vf", graph, "-f", "rawvideo", "-"]))


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_is_drawn_as_typed(workshop: Workshop, text: str) -> None:
    ours, theirs = drawn(workshop, text), by_hand(workshop, text)
    assert ours[0].shape == (2, HEIGHT, WIDTH)
    assert ours[0].max() > 200
    assert np.array_equal(ours[0], theirs[0])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("ab'\\%{}:;,[]= \n\"#éж"), min_size=1, max_size=12))
def test_any_text_is_drawn_as_typed(workshop: Workshop, text: str) -> None:
    kept = text.strip("\n")
    if not kept.strip():
        return
    assert np.array_equal(drawn(workshop, text)[0], by_hand(workshop, kept)[0])


def test_every_line_ending_is_the_same(workshop: Workshop) -> None:
    plain = drawn(workshop, "one\ntwo")
    for typed in ("one\r\ntwo", "one\rtwo", "\none\ntwo\n"):
        params = normalise_params("text_overlay", msgspec.json.encode({"text": typed}))
        assert np.array_equal(drawn(workshop, msgspec.msgpack.decode(params)["text"])[0], plain[0])
    assert np.array_equal(drawn(workshop, "\none\ntwo\n")[0], plain[0])


def test_a_title_shows_in_its_frames_with_its_weights(workshop: Workshop) -> None:
    shown = title("HHH", frames(7), frames(12), font_size=80, fade_in=0, fade_out=0)
    faded = title("HHH", frames(7), frames(12), font_size=80, **dict.fromkeys(("fade_in", "fade_out"), 4 * 23_520_000))
    for one, weights in ((shown, [1.0] * 12), (faded, [0, 1 / 4, 2 / 4, 3 / 4, 1, 1, 1, 1, 1, 3 / 4, 2 / 4, 1 / 4])):
        plan = workshop.plan([Laid("grey", 0, frames(30), effects=(one,))])
        assert [segment.frames for segment in plan.segments] == [7, 12, 11]
        units = {unit.key: unit for unit in plan.units}
        before, during, after = (workshop.drawn(units[segment.key])[0] for segment in plan.segments)
        assert before.max() <= 62 and after.max() <= 62
        found = during.reshape(12, -1).max(axis=1)
        assert np.allclose(found, [60 + (235 - 60) * weight for weight in weights], atol=3)


def test_a_title_has_its_colour(workshop: Workshop) -> None:
    luma, blue, red = drawn(workshop, "HHHH", font_size=120, font_color="red")
    inked = (blue == 102) & (red == 240)
    assert inked[0].sum() > 500
    assert abs(int(np.median(luma[0, ::2, ::2][inked[0]])) - 63) <= 1


def test_a_coloured_title_fades_evenly(workshop: Workshop) -> None:
    one = title("HHH", 0, frames(10), font_size=120, font_color="#0000ff", fade_in=10 * 23_520_000)
    plan = workshop.plan([Laid("grey", 0, frames(10), effects=(one,))])
    blue = workshop.drawn(plan.units[0])[1].reshape(10, -1).max(axis=1)
    assert np.allclose(blue, [128 + (240 - 128) * k / 10 for k in range(10)], atol=2)


def test_text_reaches_beyond_a_narrow_picture(workshop: Workshop) -> None:
    workshop.flat("narrow.mp4", (60, 128, 128), size="60x180")
    laid = Laid("narrow", 0, frames(2), effects=(title("HHHHHHHH", 0, frames(2), font_size=40),))
    plan = workshop.plan([laid], background="#0000ff")
    luma, blue, _ = workshop.drawn(plan.units[0])
    row = luma[0, 70:110]
    assert row[:, :100].max() > 200  # drawn on the background
    assert near_blue(blue[0, 5, 5])


def near_blue(found: int) -> bool:
    """Whether the background shows through where there is neither picture nor text."""
    return abs(int(found) - 240) <= 2
