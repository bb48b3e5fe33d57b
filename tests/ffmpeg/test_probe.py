"""A file's frame table is what its decoder really shows, and its sound what is really heard, in every container."""

import hashlib
from pathlib import Path

import pytest

from adapters.media.sniff import HEAD_BYTES, sniff
from domain.errors import Refused
from domain.library.media import FLICKS_PER_SECOND, Ratio
from tests.ffmpeg.footage import BUILDS, SHIPPED, describe, make, picture, samples_of, shown_by, tone, tools_of
from tests.oracle.programs import Build

pytestmark = pytest.mark.ffmpeg
SECOND = FLICKS_PER_SECOND
X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
CONTAINERS = {
    "b_frames.mp4": [*picture(), *tone(), *X264, "-preset", "fast", "-bf", "3", "-c:a", "aac"],
    "film.mp4": [*picture("24000/1001"), *X264],
    "late_sound.mov": [*picture(), "-itsoffset", "0.5", *tone(), *X264, "-c:a", "pcm_s16le"],
    "late_picture.mp4": [*tone(), "-itsoffset", "0.7", *picture(), "-map", "0", "-map", "1", *X264, "-c:a", "aac"],
    "vfr.mkv": [*picture("60"), "-vf", "select='not(mod(n,7))+gt(mod(n,11),8)'", "-fps_mode", "vfr", *X264],
    "opus.webm": [*picture("25"), *tone(), "-c:v", "libvpx", "-b:v", "200k", "-c:a", "libopus"],
    "pal.avi": [*picture("25"), *tone(), "-c:v", "mpeg4", "-bf", "2", "-c:a", "mp3"],
    "broadcast.ts": [*picture("50"), *tone(), *X264, "-bf", "2", "-c:a", "mp2"],
    "dvd.mpg": [*picture("25"), *tone(), "-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2"],
    "web.flv": [*picture("30"), *tone(rate=44_100), "-c:v", "flv1", "-c:a", "mp3"],
    "moving.gif": [*picture("10", "1")],
    "moving.apng": [*picture("10", "1"), "-f", "apng"],
}
SOUNDS = {
    "cd.wav": [*tone(rate=44_100), "-c:a", "pcm_s16le"],
    "hires.flac": [*tone(rate=96_000), "-c:a", "flac"],
    "pop.mp3": [*tone(rate=44_100), "-c:a", "mp3"],
    "raw.aac": [*tone(), "-c:a", "aac"],
    "song.m4a": [*tone(), "-c:a", "aac"],
    "voice.ogg": [*tone(), "-c:a", "libopus"],
    "mac.aiff": [*tone(), "-c:a", "pcm_s16be"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("footage")


def made(folder: Path, name: str, recipe: list[str]) -> Path:
    path = folder / name
    return path if path.exists() else make(path, *recipe)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.iterdir() if path.suffix in (".mp4", ".mpg")))
async def test_the_table_of_the_shipped_footage_is_what_is_decoded(name: str, build: Build) -> None:
    found = (await describe(SHIPPED / name, tools_of(build))).content
    assert found.video
    assert list(found.video.frames.times()) == shown_by(build, SHIPPED / name, found.video)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("name", CONTAINERS)
async def test_the_table_of_any_container_is_what_is_decoded(name: str, build: Build, folder: Path) -> None:
    path = made(folder, name, CONTAINERS[name])
    found = (await describe(path, tools_of(build))).content
    assert found.kind == "video"
    assert found.video
    assert found.duration
    assert list(found.video.frames.times()) == shown_by(build, path, found.video)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("name", [*SOUNDS, "bunny_music.m4a", "voice_debian.wav"])
async def test_sound_lasts_as_long_as_is_decoded(name: str, build: Build, folder: Path) -> None:
    path = made(folder, name, SOUNDS[name]) if name in SOUNDS else SHIPPED / name
    found = (await describe(path, tools_of(build))).content
    assert found.kind == "audio"
    assert found.video is None
    assert found.audio
    heard = samples_of(build, path) * SECOND // found.audio.sample_rate
    # where a codec pads its last frame, the decoder gives the padding too; a millisecond is for coarse clocks
    padding = 1152 * SECOND // found.audio.sample_rate if name.endswith((".mp3", ".aac", ".m4a")) else 0
    assert -SECOND // 1000 <= heard - found.audio.duration <= padding + SECOND // 1000
    assert found.duration == found.audio.start + found.audio.duration


@pytest.mark.parametrize("build", BUILDS)
async def test_source_time_zero_is_where_the_first_stream_begins(build: Build, folder: Path) -> None:
    late_sound = (await describe(made(folder, "late_sound.mov", CONTAINERS["late_sound.mov"]), tools_of(build))).content
    assert late_sound.audio
    assert late_sound.origin == 0
    assert abs(late_sound.audio.start - SECOND // 2) <= SECOND // 1000
    assert late_sound.duration == late_sound.audio.start + late_sound.audio.duration
    late_picture = (
        await describe(made(folder, "late_picture.mp4", CONTAINERS["late_picture.mp4"]), tools_of(build))
    ).content
    assert late_picture.video
    assert late_picture.audio
    assert late_picture.audio.start == 0
    base = late_picture.video.time_base
    first = late_picture.video.frames.first * SECOND * base.num // base.den - late_picture.origin
    assert abs(first - SECOND * 7 // 10) <= SECOND // 1000
    shipped = (await describe(SHIPPED / "city_405p25_silent.mpg", tools_of(build))).content
    assert shipped.origin == SECOND * 54 // 100


@pytest.mark.parametrize("build", BUILDS)
async def test_a_still_is_an_image_without_a_length(build: Build, tmp_path: Path) -> None:
    for name, codec in (
        ("a.png", "png"),
        ("a.bmp", "bmp"),
        ("a.tiff", "tiff"),
        ("a.gif", "gif"),
        ("a.webp", "libwebp"),
    ):
        path = make(tmp_path / name, *picture(), "-frames:v", "1", "-c:v", codec)
        found = (await describe(path, tools_of(build))).content
        assert (found.kind, found.duration, found.audio) == ("image", None, None), name
        assert found.video
        assert (found.video.width, found.video.height, len(found.video.frames)) == (64, 48, 1)
    shipped = (await describe(SHIPPED / "still_photo.jpg", tools_of(build))).content
    assert (shipped.kind, shipped.demuxer) == ("image", "jpeg_pipe")


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize(("told", "clockwise"), [("90", 270), ("180", 180), ("270", 90)])
async def test_a_phone_held_sideways(told: str, clockwise: int, build: Build, tmp_path: Path) -> None:
    upright = make(tmp_path / "upright.mp4", *picture(), *X264)
    turned = make(tmp_path / "turned.mp4", "-display_rotation", told, "-i", str(upright), "-c", "copy")
    video = (await describe(turned, tools_of(build))).content.video
    assert video
    assert (video.rotation, video.width, video.height) == (clockwise, 64, 48)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("how", ["-display_hflip", "-display_vflip"])
async def test_a_picture_stored_mirrored_is_refused(how: str, build: Build, tmp_path: Path) -> None:
    upright = make(tmp_path / "upright.mp4", *picture(), *X264)
    mirrored = make(tmp_path / "mirrored.mp4", how, "-i", str(upright), "-c", "copy")
    with pytest.raises(Refused, match="mirrored"):
        await describe(mirrored, tools_of(build))


@pytest.mark.parametrize("build", BUILDS)
async def test_pixels_that_are_not_square_and_colours_are_told(build: Build, tmp_path: Path) -> None:
    looks = "setsar=64/45,setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
    path = make(tmp_path / "a.mp4", *picture(), "-vf", looks, *X264)
    video = (await describe(path, tools_of(build))).content.video
    assert video
    assert video.sar == Ratio(64, 45)
    told = (video.color_range, video.color_space, video.color_primaries, video.color_transfer)
    assert told == ("tv", "bt709", "bt709", "bt709")


@pytest.mark.parametrize("build", BUILDS)
async def test_a_cover_picture_is_no_film(build: Build, tmp_path: Path) -> None:
    cover = make(tmp_path / "cover.png", *picture(), "-frames:v", "1")
    inputs = [*tone(), "-i", str(cover), "-map", "0", "-map", "1", "-disposition:v", "attached_pic"]
    for name, codec in (("song.m4a", "aac"), ("song.mp3", "mp3"), ("song.flac", "flac")):
        path = make(tmp_path / name, *inputs, "-c:a", codec, "-c:v", "png")
        found = (await describe(path, tools_of(build))).content
        assert (found.kind, found.video) == ("audio", None), name


@pytest.mark.parametrize("build", BUILDS)
async def test_what_the_file_says_of_itself_is_kept_in_bounds(build: Build, tmp_path: Path) -> None:
    said = ["-metadata", "title=Sea; 'sand' \\ 😀", "-metadata", f"comment={'x' * 900}", "-metadata", "encoder=secret"]
    found = await describe(make(tmp_path / "a.mkv", *tone(), *said), tools_of(build))
    assert found.metadata["title"] == "Sea; 'sand' \\ 😀"
    assert len(found.metadata["comment"]) == 500
    assert "encoder" not in found.metadata


async def test_the_hash_and_the_size_are_the_files(folder: Path) -> None:
    path = made(folder, "cd.wav", SOUNDS["cd.wav"])
    found = await describe(path, tools_of(BUILDS[0].values[0]))
    assert found.content.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found.file_size, found.mtime_ns) == (path.stat().st_size, path.stat().st_mtime_ns)
    assert found.bitrate == found.file_size * 8 * SECOND // (2 * SECOND)


@pytest.mark.parametrize(
    ("name", "demuxer"), [("opus.webm", "matroska"), ("broadcast.ts", "mpegts"), ("raw.aac", "aac")]
)
def test_the_name_does_not_decide_the_format(name: str, demuxer: str, folder: Path) -> None:
    path = made(folder, name, (CONTAINERS | SOUNDS)[name])
    assert sniff(path.read_bytes()[:HEAD_BYTES]).demuxer == demuxer


def exif(order: str, orientation: int) -> bytes:
    """The segment of a JPEG that says which way up it is."""
    mark, size = (b"II*\0", "little") if order == "little" else (b"MM\0*", "big")
    number = lambda value, length: value.to_bytes(length, size)  # noqa: E731
    entry = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + bytes(2)
    tables = b"Exif\0\0" + mark + number(8, 4) + number(1, 2) + entry + bytes(4)
    return b"\xff\xe1" + (len(tables) + 2).to_bytes(2, "big") + tables


@pytest.mark.parametrize("build", BUILDS)
async def test_a_photograph_taken_sideways(build: Build, tmp_path: Path) -> None:
    plain = (SHIPPED / "still_photo.jpg").read_bytes()
    for orientation, order, clockwise in ((1, "big", 0), (3, "little", 180), (6, "big", 90), (8, "little", 270)):
        path = tmp_path / f"{orientation}.jpg"
        path.write_bytes(plain[:2] + exif(order, orientation) + plain[2:])
        video = (await describe(path, tools_of(build))).content.video
        assert video
        assert video.rotation == clockwise


async def test_a_film_of_which_an_edit_list_shows_only_a_part(tmp_path: Path) -> None:
    whole = bytearray(make(tmp_path / "whole.mp4", *picture(seconds="4"), *X264).read_bytes())
    at = whole.index(b"elst")
    assert int.from_bytes(whole[at + 12 : at + 16], "big") == 4000
    whole[at + 12 : at + 16] = (1500).to_bytes(4, "big")
    path = tmp_path / "part.mp4"
    path.write_bytes(whole)
    for build in (case.values[0] for case in BUILDS):
        found = (await describe(path, tools_of(build))).content
        assert found.video
        assert list(found.video.frames.times()) == shown_by(build, path, found.video)
        assert len(found.video.frames) == 45
