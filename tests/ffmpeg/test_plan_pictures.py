"""What the planner's graphs show: places, fades and colours, number by number, on every FFmpeg of this machine."""

from pathlib import Path

import pytest

from domain.timeline import events
from tests.ffmpeg.films import HEIGHT, WIDTH, Laid, Workshop, colour, effect, flicks, frames, near
from tests.oracle.programs import Build, builds, run

pytestmark = pytest.mark.ffmpeg

BLUE = (32, 240, 118)  # #0000ff in BT.709, limited range
RED = (63, 102, 240)
ROSE, MOSS = (200, 90, 160), (60, 150, 100)


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("pictures"), build)
    made.flat("rose.mp4", ROSE)
    made.flat("moss.mp4", MOSS)
    made.flat("square.mp4", MOSS, size="180x180")
    return made


def mixed(below: tuple[int, ...], above: tuple[int, ...], weight: float) -> list[float]:
    return [one + (other - one) * weight for one, other in zip(below, above, strict=True)]


def test_a_fade_of_n_frames_shows_k_of_n_at_its_frame_k(workshop: Workshop) -> None:
    laid = [Laid("rose", 0, frames(30), fade_in=frames(10), fade_out=frames(8))]
    pixels = workshop.pixels(workshop.film(workshop.plan(laid, background="#0000ff")))
    for k in range(10):
        assert near(colour(pixels, k, 100, 100), mixed(BLUE, ROSE, k / 10)), k
    assert near(colour(pixels, 15, 100, 100), ROSE)
    for k in range(8):
        assert near(colour(pixels, 22 + k, 100, 100), mixed(ROSE, BLUE, k / 8)), k


def test_a_clip_fades_over_the_one_beneath(workshop: Workshop) -> None:
    laid = [Laid("moss", 0, frames(20)), Laid("rose", 0, frames(20), track=1, fade_in=frames(20))]
    pixels = workshop.pixels(workshop.film(workshop.plan(laid)))
    assert all(near(colour(pixels, k, 100, 100), mixed(MOSS, ROSE, k / 20)) for k in range(20))


def test_a_fade_longer_than_one_piece_goes_on_in_the_next(workshop: Workshop) -> None:
    still = workshop.source("still.png", "color=red:s=64x36", "-frames:v", "1")
    laid = [Laid(still, 0, frames(160), fit="stretch", fade_in=frames(160))]
    plan = workshop.plan(laid, background="#0000ff")
    assert [segment.frames for segment in plan.segments] == [120, 40]
    pixels = workshop.pixels(workshop.film(plan))
    for k in (0, 1, 60, 119, 120, 121, 159):
        assert near(colour(pixels, k, 100, 100), mixed(BLUE, RED, k / 160)), k


def test_the_whole_film_fades_to_its_background(workshop: Workshop) -> None:
    fall = effect("fade_out", duration=flicks(frames(10)))
    pixels = workshop.pixels(workshop.film(workshop.plan([Laid("rose", 0, frames(20))], [fall], "#0000ff")))
    assert near(colour(pixels, 9, 100, 100), ROSE)
    assert all(near(colour(pixels, 10 + k, 100, 100), mixed(ROSE, BLUE, k / 10)) for k in range(10))


def test_every_way_to_fit_a_square(workshop: Workshop) -> None:
    laid = [
        Laid("square", 0, frames(2), at=frames(2 * n), fit=fit) for n, fit in enumerate(("contain", "cover", "stretch"))
    ]
    pixels = workshop.pixels(workshop.film(workshop.plan(laid, background="#0000ff")))
    assert [near(colour(pixels, 0, x, 90), MOSS) for x in (66, 74, 160, 244, 252)] == [False, True, True, True, False]
    assert all(near(colour(pixels, frame, x, 90), MOSS) for frame in (2, 4) for x in (1, 160, 318))


def test_a_picture_lies_in_its_corner_and_may_reach_over_the_edge(workshop: Workshop) -> None:
    corner = events.Transform(500_000, 500_000, 400_000, 400_000)
    beyond = events.Transform(-250_000, 0, 500_000, 1_000_000)
    laid = [
        Laid("moss", 0, frames(8)),
        Laid("rose", 0, frames(4), track=1, transform=corner),
        Laid("rose", 0, frames(4), at=frames(4), track=1, transform=beyond, fit="cover"),
    ]
    pixels = workshop.pixels(workshop.film(workshop.plan(laid)))
    inside = [(162, 92), (286, 92), (162, 160), (286, 160)]
    outside = [(156, 92), (162, 86), (292, 160), (286, 166)]
    assert all(near(colour(pixels, 1, *at), ROSE) for at in inside)
    assert all(near(colour(pixels, 1, *at), MOSS) for at in outside)
    assert [near(colour(pixels, 5, x, 90), ROSE) for x in (2, 76, 84)] == [True, True, False]


def test_every_kind_of_colour_becomes_bt709(workshop: Workshop) -> None:
    full = ("-c:v", "libx264", "-qp", "4", "-colorspace", "bt709", "-color_range", "pc")
    white = "color=white:s=320x180:r=30:d=1,format=yuvj420p,lutyuv=y=255,setparams=range=pc:colorspace=bt709"
    laid = [
        Laid(workshop.flat("older.mp4", (81, 90, 240), space="smpte170m"), 0, frames(2)),
        Laid(workshop.source("red.png", "color=red:s=64x36", "-frames:v", "1"), 0, frames(2), at=frames(2)),
        Laid(
            workshop.source("half.png", "color=red@0.5:s=64x36,format=rgba", "-frames:v", "1"),
            0,
            frames(2),
            at=frames(4),
        ),
        Laid(workshop.source("white.mp4", white, *full), 0, frames(2), at=frames(6)),
    ]
    pixels = workshop.pixels(workshop.film(workshop.plan(laid, background="#0000ff")))
    due = [RED, RED, mixed(BLUE, RED, 0.5), (235, 128, 128)]
    for number, numbers in enumerate(due):
        assert near(colour(pixels, 2 * number, 160, 90), numbers, 3), number


def test_every_segment_says_the_same_of_itself(workshop: Workshop) -> None:
    still = workshop.source("plain.png", "color=green:s=64x36", "-frames:v", "1")
    laid = [Laid("rose", 0, 1), Laid(still, 0, 1, at=1), Laid("square", 0, 1, at=3)]
    film = workshop.film(workshop.plan(laid))
    fields = "pix_fmt,color_range,color_space,color_transfer,color_primaries,sample_aspect_ratio,r_frame_rate,nb_frames"
    shown = run(workshop.build.ffprobe, ["-show_entries", f"stream={fields}", "-of", "default=nk=1:nw=1", str(film)])
    assert sorted(shown.decode().split()) == sorted(["yuv420p", "tv", "bt709", "bt709", "bt709", "1:1", "30/1", "120"])
    stamps = run(workshop.build.ffprobe, ["-show_entries", "packet=pts_time", "-of", "csv=p=0", str(film)]).split()
    assert sorted(round(float(stamp.strip(b",")) * 30, 3) for stamp in stamps) == list(range(120))


def test_segments_of_any_source_have_one_header(workshop: Workshop) -> None:
    """Joining keeps the first segment's header for all: a source's chroma position must not get into its own."""
    laid = []
    for number, place in enumerate(("left", "center", "topleft")):
        tags = (
            "-colorspace",
            "bt709",
            "-color_range",
            "tv",
            "-bsf:v",
            f"h264_metadata=chroma_sample_loc_type={number}",
        )
        graph = f"testsrc=d=1:s={WIDTH}x{HEIGHT}:r=30,setparams=range=tv:colorspace=bt709"
        name = workshop.source(f"{place}.mp4", graph, "-c:v", "libx264", "-pix_fmt", "yuv420p", *tags)
        laid.append(Laid(name, 0, frames(10), at=frames(10 * number)))
    plan = workshop.plan(laid)
    headers = {header(workshop, workshop.unit(unit, {})) for unit in plan.units if unit.kind == "segment"}
    assert len(plan.segments) == 3
    assert len(headers) == 1


def header(workshop: Workshop, segment: Path) -> str:
    """The H.264 parameter sets of a file, in hex."""
    told = ("-v", "error", "-show_data", "-show_entries", "stream=extradata", "-of", "csv=p=0")
    return run(workshop.build.ffprobe, [*told, str(segment)]).decode()
