"""The files and folders that films can be, as data: what each holds, and what writes it."""

from typing import Literal

from domain.render.formats.encoders import PictureCodec, SoundCodec
from domain.timeline.events import Shape

ContainerName = Literal[
    "mp4", "mov", "mkv", "webm", "m4a", "mp3", "opus", "flac", "wav", "gif", "png", "jpg",
    "png_sequence", "jpg_sequence", "hls", "dash",
]  # fmt: skip


class Container(Shape, frozen=True, kw_only=True):
    """A file, or a folder with a ``main`` file in it. ``words`` are FFmpeg's for writing it by copy.

    ``suffixes`` are what its name may end in; a folder's has none. Without ``picture``, or ``sound``, it has no place
    for any. ``still``: it holds one frame. ``fastest`` is the most frames a second that it can count.
    """

    name: ContainerName
    suffixes: tuple[str, ...]
    media_type: str
    words: tuple[str, ...]
    picture: tuple[PictureCodec, ...] = ()
    sound: tuple[SoundCodec, ...] = ()
    main: str | None = None
    still: bool = False
    fastest: int | None = None

    @property
    def suffix(self) -> str:
        """What its name ends in where nobody chose one."""
        return self.suffixes[0] if self.suffixes else ""


_LOSSLESS: tuple[SoundCodec, ...] = ("flac", "pcm_s16", "pcm_s24")
_PARTS_S = 4  # the length of the parts of a package
_HLS = (
    "-f", "hls", "-hls_time", str(_PARTS_S), "-hls_list_size", "0", "-hls_playlist_type", "vod",
    "-hls_segment_type", "fmp4", "-hls_flags", "independent_segments", "-hls_fmp4_init_filename", "init.mp4",
    "-hls_segment_filename", "part_%05d.m4s",
)  # fmt: skip
_DASH = (
    "-f", "dash", "-seg_duration", str(_PARTS_S), "-use_template", "1", "-use_timeline", "1",
    "-init_seg_name", "init_$RepresentationID$.m4s", "-media_seg_name", "part_$RepresentationID$_$Number%05d$.m4s",
)  # fmt: skip

CONTAINERS: dict[ContainerName, Container] = {
    container.name: container
    for container in (
        Container(
            name="mp4",
            suffixes=(".mp4",),
            media_type="video/mp4",
            words=("-movflags", "+faststart", "-f", "mp4"),
            picture=("h264", "hevc", "av1", "vp9"),
            sound=("aac",),
        ),
        Container(
            name="mov",
            suffixes=(".mov",),
            media_type="video/quicktime",
            words=("-movflags", "+faststart", "-f", "mov"),
            picture=("h264", "hevc", "prores"),
            sound=("aac", "alac", "pcm_s16", "pcm_s24"),
        ),
        Container(
            name="mkv",
            suffixes=(".mkv",),
            media_type="video/x-matroska",
            words=("-f", "matroska"),
            picture=("h264", "hevc", "av1", "vp9", "prores", "ffv1"),
            sound=("aac", "opus", "mp3", *_LOSSLESS),
        ),
        Container(
            name="webm",
            suffixes=(".webm",),
            media_type="video/webm",
            words=("-f", "webm"),
            picture=("vp9", "av1"),
            sound=("opus",),
        ),
        Container(
            name="m4a",
            suffixes=(".m4a",),
            media_type="audio/mp4",
            words=("-movflags", "+faststart", "-f", "mp4"),
            sound=("aac", "alac"),
        ),
        Container(name="mp3", suffixes=(".mp3",), media_type="audio/mpeg", words=("-f", "mp3"), sound=("mp3",)),
        Container(name="opus", suffixes=(".opus",), media_type="audio/ogg", words=("-f", "opus"), sound=("opus",)),
        Container(name="flac", suffixes=(".flac",), media_type="audio/flac", words=("-f", "flac"), sound=("flac",)),
        Container(
            name="wav",
            suffixes=(".wav",),
            media_type="audio/wav",
            words=("-rf64", "auto", "-f", "wav"),
            sound=("pcm_s16", "pcm_s24"),
        ),
        Container(
            name="gif",
            suffixes=(".gif",),
            media_type="image/gif",
            words=("-f", "gif"),
            picture=("gif",),
            fastest=50,  # its clock counts hundredths, and viewers take one hundredth for ten
        ),
        Container(
            name="png",
            suffixes=(".png",),
            media_type="image/png",
            words=("-f", "image2", "-update", "1"),
            picture=("png",),
            still=True,
        ),
        Container(
            name="jpg",
            suffixes=(".jpg", ".jpeg"),
            media_type="image/jpeg",
            words=("-f", "image2", "-update", "1"),
            picture=("jpeg",),
            still=True,
        ),
        Container(
            name="png_sequence",
            suffixes=(),
            media_type="image/png",
            words=("-start_number", "0", "-f", "image2"),
            picture=("png",),
            main="frame_%08d.png",
        ),
        Container(
            name="jpg_sequence",
            suffixes=(),
            media_type="image/jpeg",
            words=("-start_number", "0", "-f", "image2"),
            picture=("jpeg",),
            main="frame_%08d.jpg",
        ),
        Container(
            name="hls",
            suffixes=(),
            media_type="application/vnd.apple.mpegurl",
            words=_HLS,
            picture=("h264",),
            sound=("aac",),
            main="index.m3u8",
        ),
        Container(
            name="dash",
            suffixes=(),
            media_type="application/dash+xml",
            words=_DASH,
            picture=("h264",),
            sound=("aac",),
            main="manifest.mpd",
        ),
    )
}


def fitting(path: str, container: Container) -> bool:
    """Whether a file's name ends as what is in it."""
    name = path.rpartition("/")[2].lower()
    if container.suffixes:
        return name.endswith(container.suffixes) and len(name) > len(container.suffix)
    return "." not in name
