"""Films joined by copy, as every FFmpeg of this machine reads them: frame for frame their pieces, without a warning."""

import json
import subprocess
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import pytest

from adapters.render.join import join
from adapters.render.pieces import check
from domain.errors import Refused
from domain.render.plan import Plan
from tests.ffmpeg.films import FPS, Laid, Workshop, frames
from tests.oracle.programs import Build, builds, run

pytestmark = pytest.mark.ffmpeg

NOISE = "anoisesrc=r=48000:a=0.3:seed=7:d=14"


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("joined"), build)
    made.source("moving.mp4", f"testsrc2=s=320x180:r={FPS}:d=10", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    made.source("noise.wav", NOISE, "-ac", "2")
    return made


@pytest.fixture(scope="module")
def plan(workshop: Workshop) -> Plan:
    """Pieces of one frame, of two, of more than a group of pictures, with B-frames and without; sound in two chunks."""
    lengths = [1, 120, 2, 3, 200, 1, 1, 9]
    starts = [sum(lengths[:n]) for n in range(len(lengths))]
    laid = [
        Laid("moving", frames(7 * n), frames(count), at=frames(start))
        for n, (count, start) in enumerate(zip(lengths, starts, strict=True))
    ]
    return workshop.plan([*laid, Laid("noise", 0, frames(sum(lengths)), track=1)])


def pieces(workshop: Workshop, plan: Plan) -> dict[str, Path]:
    return {unit.key: workshop.unit(unit, {}) for unit in plan.units}


def test_every_frame_is_its_pieces_frame_in_its_place(workshop: Workshop, plan: Plan) -> None:
    film = workshop.film(plan)
    made = pieces(workshop, plan)
    alone = [workshop.pixels(made[segment.key])[0] for segment in plan.segments]
    assert np.array_equal(workshop.pixels(film)[0], np.concatenate(alone))
    entries = ["-select_streams", "v", "-show_entries", "frame=best_effort_timestamp_time", "-of", "json"]
    found = json.loads(run(workshop.build.ffprobe, [*entries, str(film)]))["frames"]
    times = [Fraction(frame["best_effort_timestamp_time"]) for frame in found]
    assert all(abs(time - frames(number)) < Fraction(1, 1000) for number, time in enumerate(times))
    assert len(times) == plan.frames


def test_without_loss_it_is_bit_for_bit_one_pass_through_the_same_graph(workshop: Workshop) -> None:
    """A clip that is cut into three pieces, beside the first piece's graph made as long as all of it."""
    plan = workshop.plan([Laid("moving", frames(11), frames(270))], preset="archive")
    assert [segment.frames for segment in plan.segments] == [120, 120, 30]
    first = plan.units[0]
    longer = [word.replace("end_frame=120", "end_frame=270") if isinstance(word, str) else word for word in first.argv]
    longer[longer.index("-frames:v") + 1] = "270"
    at_once = workshop.unit(msgspec.structs.replace(first, key="0" * 64, argv=longer), {})
    for joined, single in zip(workshop.pixels(workshop.film(plan)), workshop.pixels(at_once), strict=True):
        assert np.array_equal(joined, single)


def test_nothing_is_said_while_it_is_decoded(workshop: Workshop, plan: Plan) -> None:
    film = workshop.film(plan)
    argv = [str(workshop.build.ffmpeg), "-v", "warning", "-xerror", "-err_detect", "explode", "-i", str(film)]
    done = subprocess.run([*argv, "-f", "null", "-"], capture_output=True, check=True, text=True)
    assert done.stderr == ""


def test_its_lengths_are_exact(workshop: Workshop, plan: Plan) -> None:
    film = workshop.film(plan)
    streams = json.loads(run(workshop.build.ffprobe, ["-show_streams", "-of", "json", str(film)]))["streams"]
    picture, sound = streams
    assert Fraction(picture["duration_ts"]) * Fraction(picture["time_base"]) == frames(plan.frames)
    assert (sound["duration_ts"], sound["time_base"]) == (plan.samples, "1/48000")
    assert (picture["nb_frames"], picture["r_frame_rate"]) == (str(plan.frames), f"{FPS}/1")


def test_the_header_comes_first_and_the_hashes_are_those_of_the_files(workshop: Workshop, plan: Plan) -> None:
    made = pieces(workshop, plan)
    film = workshop.folder / "again.mp4"
    film.unlink(missing_ok=True)
    joined = join(plan, made, film)
    content = film.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert joined.sha256 == sha256(content).hexdigest()
    assert joined.pieces == {key: sha256(made[key].read_bytes()).hexdigest() for key in plan.pieces}


def test_a_piece_of_another_encoder_is_refused(workshop: Workshop, plan: Plan) -> None:
    made = pieces(workshop, plan)
    first, *_, last = plan.segments
    argv = ["-y", "-i", str(made[last.key]), "-c:v", "libx264", "-bf", "0", "-video_track_timescale", str(FPS)]
    strange = workshop.folder / "strange.mp4"
    run(workshop.build.ffmpeg, [*argv, str(strange)])
    with pytest.raises(Refused, match="codec header is another") as refusal:
        join(plan, {**made, last.key: strange}, workshop.folder / "never.mp4")
    assert refusal.value.code == "result_wrong"
    short = {**made, first.key: made[last.key]}
    with pytest.raises(Refused, match="9 frames, 1 are due"):
        join(plan, short, workshop.folder / "never.mp4")
    assert not (workshop.folder / "never.mp4").exists()


def test_a_result_is_measured_by_its_header(workshop: Workshop, plan: Plan) -> None:
    made = pieces(workshop, plan)
    for unit in plan.units:
        check(made[unit.key], unit)
    picture, sound = plan.units[0], plan.units[-1]
    longer = msgspec.structs.replace(picture, expect=msgspec.structs.replace(picture.expect, frames=2))
    with pytest.raises(Refused, match="frames: planned 2, found 1"):
        check(made[picture.key], longer)
    with pytest.raises(Refused, match="another kind"):
        check(made[picture.key], sound)


def test_a_result_that_ends_before_its_last_packet_is_refused(tmp_path: Path, workshop: Workshop, plan: Plan) -> None:
    unit = plan.units[0]
    whole = pieces(workshop, plan)[unit.key].read_bytes()
    header = whole[whole.index(b"moov") - 4 :]
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(header)  # the packets are said to lie behind it
    with pytest.raises(Refused, match="ends before its last packet"):
        check(cut, unit)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"moov",
        b"\0\0\0\0moov",
        b"\0\0\0\x10moovabcdefgh",
        b"\xff\xff\xff\xffmoov",
        b"\0\0\0\1free" + 8 * b"\xff",
        b"\0\0\0\1moov" + 8 * b"\0",
    ],
)
def test_what_has_no_header_is_refused(tmp_path: Path, workshop: Workshop, plan: Plan, content: bytes) -> None:
    strange = tmp_path / "strange.mp4"
    strange.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        join(plan, {**pieces(workshop, plan), plan.segments[0].key: strange}, tmp_path / "never.mp4")
    assert refusal.value.code == "result_wrong"
