"""The library's view: entries as the API shows them, and the words that find them."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from domain.errors import Refused
from domain.library.events import (
    MediaChanged,
    MediaLost,
    MediaMoved,
    MediaNamed,
    MediaRefused,
    MediaRemoved,
    MediaTagged,
    MediaTouched,
)
from domain.library.media import FrameTable, Ratio
from projections import library
from projections.video import Video
from tests.projections.live import Live
from tests.projections.story import SECOND, Story, found, media_file


@pytest.fixture
def story() -> Story:
    return Story()


class Shelf(Live):
    """A library."""

    def entry(self, media: str) -> Video:
        return self.ask.video(media)

    def ids(self, query: str) -> list[str]:
        return [video.id for video in self.ask.search(query, 100).items]


@pytest.fixture
def shelf(story: Story, tmp_path: Path) -> Shelf:
    return Shelf(story, tmp_path, library.projection())


def test_an_entry_has_what_the_probe_said(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/Holiday/beach.mp4", {"title": "Sea"}))
    entry = shelf.entry("m1")
    assert (entry.filename, entry.path) == ("beach.mp4", "/media/Holiday/beach.mp4")
    assert (entry.kind, entry.status, entry.codec, entry.fps, entry.frames) == ("video", "ready", "h264", 25, 100)
    assert (entry.width, entry.height, entry.duration, entry.bitrate) == (1280, 720, Decimal(4), 2_000_000)
    assert entry.audio is not None
    assert (entry.audio.codec, entry.audio.duration) == ("aac", Decimal(4))
    assert entry.created_at == entry.scanned_at == "2023-11-14T22:13:20.000000Z"


def test_a_turned_picture_is_shown_upright(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/phone.mp4", rotation=90))
    entry = shelf.entry("m1")
    assert (entry.width, entry.height, entry.rotation) == (720, 1280, 90)


@pytest.mark.parametrize(
    ("times", "base", "fps"),
    [
        (range(0, 300 * 1001, 1001), Ratio(1, 30_000), "30000/1001"),
        ([n * 1001 // 30 for n in range(300)], Ratio(1, 1000), "30000/1001"),  # Matroska counts milliseconds
        ([n * 100 // 3 for n in range(300)], Ratio(1, 1000), 30),
        (range(0, 12_000, 40), Ratio(1, 1000), 25),
        ([0, 30, 80, 110, 160], Ratio(1, 1000), 25),  # no constant rate, but on average exactly that
        ([0, 30, 60, 150, 240], Ratio(1, 1000), "50/3"),
        ([0], Ratio(1, 1000), None),
    ],
)
def test_the_rate_is_the_usual_one_that_the_clock_could_mean(
    story: Story, shelf: Shelf, times: Iterable[int], base: Ratio, fps: int | str | None
) -> None:
    file = media_file("m1")
    assert file.video is not None
    picture = msgspec.structs.replace(file.video, frames=FrameTable.of(times, 1), time_base=base)
    story.tell("media-m1", found("m1", "/media/a.mkv", video=picture))
    assert shelf.entry("m1").fps == fps


def test_a_sound_file_and_a_still_have_what_they_have(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/song.m4a", kind="audio", video=None))
    story.tell("media-m2", found("m2", "/media/photo.jpg", kind="image", audio=None, duration=None))
    song, photo = shelf.entry("m1"), shelf.entry("m2")
    assert (song.kind, song.codec, song.width, song.fps) == ("audio", "aac", None, None)
    assert (photo.kind, photo.duration, photo.audio) == ("image", None, None)


def test_a_file_is_followed_through_its_life(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/old.mp4"))
    story.tell("media-m1", MediaLost("m1"))
    assert shelf.entry("m1").status == "lost"
    story.tell("media-m1", MediaMoved("m1", "/media/new.mp4", 7))
    entry = shelf.entry("m1")
    assert (entry.status, entry.filename, entry.duration) == ("ready", "new.mp4", Decimal(4))
    story.tell("media-m1", MediaChanged("m1", found("m1", "/media/new.mp4", duration=SECOND).description))
    story.tell("media-m1", MediaTouched("m1", 8))
    assert shelf.entry("m1").duration == Decimal(1)
    story.tell("media-m1", MediaRefused("m1", "/media/new.mp4", 5, 9, "media_unreadable", "no frames"))
    entry = shelf.entry("m1")
    assert (entry.status, entry.error and entry.error.code) == ("refused", "media_unreadable")
    assert entry.scanned_at > entry.created_at


def test_a_name_and_tags_are_no_scan(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/a.mp4"))
    story.tell("media-m1", MediaNamed("m1", "Opening"), MediaTagged("m1", ["blue", "sky"]))
    entry = shelf.entry("m1")
    assert (entry.name, entry.tags) == ("Opening", ("blue", "sky"))
    assert entry.scanned_at == entry.created_at


def test_a_file_that_was_never_readable_says_why(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", MediaRefused("m1", "/media/a.mp4", 5, 9, "media_unreadable", "truncated"))
    entry = shelf.entry("m1")
    assert (entry.kind, entry.duration, entry.error and entry.error.message) == (None, None, "truncated")


def test_words_of_name_folder_tags_title_and_codec_find_a_file(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/Ferien/STRAND_2024-07.mp4", {"artist": "Zoë Müller"}))
    story.tell("media-m1", MediaTagged("m1", ["Café"]), MediaNamed("m1", "Opening shot"))
    story.tell("media-m2", found("m2", "/media/other.mov"))
    for query in ("strand", "STRAND 2024", "ferien", "cafe", "opening", "zoe mul", "h264 strand", "2024-07", "str"):
        assert shelf.ids(query) == ["m1"], query
    for query in ("stra nd2", "trand", "strand other"):
        assert shelf.ids(query) == [], query
    assert sorted(shelf.ids("media")) == ["m1", "m2"]
    assert sorted(shelf.ids("aac")) == ["m1", "m2"]


def test_a_name_counts_more_than_a_folder(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/beach/a.mp4"))
    story.tell("media-m2", found("m2", "/media/b/beach.mp4"))
    assert shelf.ids("beach") == ["m2", "m1"]


def test_words_follow_the_file(story: Story, shelf: Shelf) -> None:
    story.tell("media-m1", found("m1", "/media/before.mp4"))
    story.tell("media-m1", MediaMoved("m1", "/media/after.mp4", 2))
    assert (shelf.ids("before"), shelf.ids("after")) == ([], ["m1"])
    story.tell("media-m1", MediaLost("m1"))
    assert shelf.ids("after") == ["m1"]
    story.tell("media-m1", MediaRemoved("m1"))
    assert shelf.ids("after") == []
    with pytest.raises(Refused, match="unknown_media"):
        shelf.entry("m1")
    assert shelf.ask.videos(10).items == []
    story.tell("media-m1", found("m1", "/media/after.mp4"))
    assert shelf.ids("after") == ["m1"]
