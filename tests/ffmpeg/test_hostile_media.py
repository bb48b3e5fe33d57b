"""Files that lie, lead elsewhere or never end are refused with a reason, soon, and nothing else is read for them."""

import os
import random
import struct
import time
import zlib
from pathlib import Path

import pytest

from adapters.media.ffprobe import Prober
from adapters.media.paths import MediaRoots
from adapters.media.sniff import NotMediaError
from domain.errors import Refused
from tests.ffmpeg.footage import BUILDS, describe, make, picture, tone, tools_of
from tests.oracle.programs import Build

pytestmark = pytest.mark.ffmpeg
X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
FIRST = BUILDS[0].values[0]


async def refusal(path: Path, build: Build = FIRST) -> str:
    """Why a file is refused; it has to be within ten seconds."""
    started = time.monotonic()
    try:
        await describe(path, tools_of(build))
    except NotMediaError as other:
        return str(other)
    except Refused as refused:
        assert refused.code == "media_unreadable"
        assert "/" not in refused.message.replace("neither/nor", "")
        return refused.message
    finally:
        assert time.monotonic() - started < 10
    raise AssertionError(f"{path.name} was taken for media")


def playlists(secret: Path) -> dict[str, str]:
    segment = f"#EXTINF:1,\nfile://{secret}\n"
    return {
        "hls.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n{segment}#EXT-X-ENDLIST\n",
        "blank_first.mp4": f"\n \n#EXTM3U\n#EXT-X-TARGETDURATION:1\n{segment}",
        "concat.mp4": f"ffconcat version 1.0\nfile '{secret.name}'\n",
        "dash.mp4": f"<?xml version='1.0'?>\n<MPD><Period><BaseURL>file://{secret}</BaseURL></Period></MPD>",
        "plain.m3u8": f"#EXTM3U\n{segment}",
        "reference.mov": f"RTSPtext\r\nrtsp://127.0.0.1/{secret.name}",
    }


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return make(tmp_path / "secret.ts", *picture(), *X264)


async def test_a_playlist_dressed_as_video_is_never_followed(secret: Path) -> None:
    for name, text in playlists(secret).items():
        path = secret.with_name(name)
        path.write_text(text)
        assert await refusal(path) == "a playlist, which is never followed", name


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("demuxer", ["mov", "matroska", "mp3", "mpegts"])
async def test_even_past_our_own_judgement_ffmpeg_follows_nothing(secret: Path, demuxer: str, build: Build) -> None:
    path = secret.with_name("hls.mp4")
    path.write_text(playlists(secret)["hls.mp4"])
    with MediaRoots([path.parent]).open(str(path)) as file:
        try:
            listing = await Prober(tools_of(build), file, demuxer).listing()
        except Refused:
            return
    assert all(found.codec_type != "video" for found in listing.streams)


async def test_a_playlist_behind_a_tag_is_not_followed(secret: Path) -> None:
    path = secret.with_name("song.mp3")
    path.write_bytes(b"ID3\x04\0\0\0\0\0\0" + playlists(secret)["hls.mp4"].encode())
    assert await refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.mp4", b"", "an empty file"),
        ("notes.nfo", b"Release: film\nSize: 1 GB\n" * 200, "text"),
        ("notes.mp4", "Grüße aus dem Text\n".encode(), "text"),
        ("page.mp4", b"<html><body>404</body></html>", "text"),
        ("noise.mp4", random.Random(1).randbytes(50_000), "no format that is known here"),
        ("program.mp4", b"\x7fELF\x02\x01\x01" + bytes(500), "no format that is known here"),
        ("photo.heic", b"\0\0\0\x18ftypheic" + bytes(500), "an HEIF picture, which can't be read"),
        ("header.mp4", b"\0\0\0\x18ftypisom" + bytes(500), "FFmpeg can't read it"),
        ("header.mkv", b"\x1a\x45\xdf\xa3" + bytes(500), "FFmpeg can't read it"),
        ("header.png", b"\x89PNG\r\n\x1a\n" + bytes(500), ""),
        ("header.jpg", b"\xff\xd8\xff\xe0" + bytes(500), ""),
        ("header.ogg", b"OggS" + bytes(500), ""),
        ("header.wav", b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(500), ""),
    ],
)
async def test_what_is_no_media_is_refused(name: str, content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert reason in await refusal(tmp_path / name)


@pytest.mark.parametrize("build", BUILDS)
async def test_a_file_that_is_cut_off_is_refused(build: Build, tmp_path: Path) -> None:
    front = ["-movflags", "+faststart"]
    photo = [*picture(size="640x480"), "-frames:v", "1"]
    recipes = {
        "front.mp4": [*picture(), *tone(), *X264, *front],
        "back.mp4": [*picture(), *X264],
        "film.mkv": [*picture(), *X264],
        "film.avi": [*picture(), *tone()],
        "song.m4a": [*tone(), *front],
        "song.wav": tone(),
        "song.flac": tone(),
        "song.aiff": tone(),
        "song.caf": tone(),
        "photo.jpg": photo,
        "photo.png": photo,
    }
    for name, recipe in recipes.items():
        path = make(tmp_path / name, *recipe)
        os.truncate(path, path.stat().st_size * 6 // 10)
        reason = await refusal(path, build)
        assert any(word in reason for word in ("cut off", "damaged")), (name, reason)


async def test_a_file_that_lacks_only_its_last_byte_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp4", *picture(), *X264, "-movflags", "+faststart")
    os.truncate(path, path.stat().st_size - 1)
    assert await refusal(path) == "The file is cut off before its end"


async def test_frames_that_do_not_decode_are_refused(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.mp4", *picture(), *X264, "-movflags", "+faststart").read_bytes()
    start = whole.index(b"mdat") + 4
    (tmp_path / "hollow.mp4").write_bytes(whole[:start] + bytes(len(whole) - start))
    assert "it is damaged" in await refusal(tmp_path / "hollow.mp4")
    song = make(tmp_path / "song.m4a", *tone(), "-movflags", "+faststart").read_bytes()
    start = song.index(b"mdat") + 4
    (tmp_path / "hollow.m4a").write_bytes(song[:start] + bytes(len(song) - start))
    assert "it is damaged" in await refusal(tmp_path / "hollow.m4a")


async def test_a_picture_beyond_all_screens_is_refused_without_being_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(bytes(20_001 * 2_000), 9)
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    assert path.stat().st_size < 100_000
    assert await refusal(path)


async def test_a_giant_made_of_holes_is_refused_unread(tmp_path: Path) -> None:
    path = make(tmp_path / "giant.mp4", *picture(), *X264, "-movflags", "+faststart")
    os.truncate(path, 1 << 40)
    assert "holes" in await refusal(path)


async def test_more_streams_than_anybody_has_are_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "many.mkv", *tone("0.1"), *(["-map", "0"] * 40), "-c:a", "pcm_s16le")
    assert await refusal(path)


async def test_ten_hours_of_nothing_between_two_frames_cost_nothing(tmp_path: Path) -> None:
    gap = ["-vf", "setpts='PTS+gte(N,1)*36000/TB'", "-fps_mode", "passthrough", *X264]
    path = make(tmp_path / "gap.mkv", *picture("1", "3"), *gap)
    started = time.monotonic()
    video = (await describe(path, tools_of(FIRST))).content.video
    assert video
    assert next(ticks for ticks, _ in video.frames.runs) > 35_000_000
    assert time.monotonic() - started < 10


async def test_a_file_of_another_length_than_it_had_when_opened_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", *tone())
    with MediaRoots([tmp_path]).open(str(path)) as file:
        from adapters.media.probe import probe

        with path.open("ab") as more:
            more.write(bytes(100))
        with pytest.raises(Refused, match="changed while it was read"):
            await probe(file, tools_of(FIRST))


@pytest.mark.parametrize(
    "name", ["film.mp4", "film.mkv", "film.mpg", "film.ts", "film.avi", "film.gif", "song.mp3", "song.ogg"]
)
async def test_damage_anywhere_is_used_or_refused_and_never_anything_else(name: str, tmp_path: Path) -> None:
    sound = [] if name.endswith(".gif") else tone("0.5")
    whole = make(tmp_path / name, *([] if name.startswith("song") else picture("25", "0.5")), *sound).read_bytes()
    dice = random.Random(name)
    for round_ in range(6):
        content = bytearray(whole)
        for _ in range(dice.randrange(1, 40)):
            content[dice.randrange(min(len(content), 4000) if round_ % 2 else len(content))] = dice.randrange(256)
        path = tmp_path / f"{round_}-{name}"
        path.write_bytes(content)
        try:
            found = await describe(path, tools_of(FIRST))
        except (NotMediaError, Refused):
            continue
        assert found.content.kind in ("video", "audio", "image")
