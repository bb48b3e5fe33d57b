"""The demo's film as ops: which of the files at hand plays which part, and where it lies."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.cli.failure import Failed

TITLE = 'It\'s 100% "done", [a;b]: c\\d \N{GRINNING FACE}'

Op = dict[str, Any]
Video = dict[str, Any]


@dataclass(frozen=True)
class Cast:
    """Who plays what. ``music`` and ``still`` may be missing from a folder."""

    main: list[Video]
    corner: Video
    still: Video | None
    music: Video | None


def cast(videos: list[Video]) -> Cast:
    """Parts for the files of a library; refuses a folder with no moving picture of a second or more."""
    moving = [v for v in videos if v["kind"] == "video" and _seconds(v) >= 1]
    if not moving:
        raise Failed("no video of a second or more was found", "name a folder with at least one")
    moving.sort(key=lambda v: (-_seconds(v), v["path"]))
    stills = [v for v in videos if v["kind"] == "image"]
    sounds = sorted((v for v in videos if v["kind"] == "audio"), key=_seconds)
    return Cast(
        main=moving[:4],
        corner=moving[-1],
        still=stills[0] if stills else None,
        music=sounds[-1] if sounds else None,
    )


def _seconds(video: Video) -> Decimal:
    return Decimal(video["duration"] or 0)


def _part(video: Video, wanted: Decimal) -> tuple[Decimal, Decimal]:
    """In and out points: past the very start where the file is long enough, at most ``wanted`` seconds."""
    length = _seconds(video)
    start = Decimal("0.7") if length > wanted + 1 else Decimal(0)
    return start, min(start + wanted, length)


def picture_ops(parts: Cast) -> list[Op]:
    """The main track: a hard cut, a gap of a second, more clips, a still."""
    ops: list[Op] = [{"op": "add_track", "id": "main", "type": "video", "name": "Main"}]
    at = Decimal(0)
    for number, video in enumerate(parts.main):
        start, end = _part(video, Decimal("3.5"))
        ops.append(_clip(f"shot-{number + 1}", "main", video, at, in_point=start, out_point=end))
        at += end - start
        if number == 1:
            at += 1
    if parts.still:
        ops.append(_clip("photo", "main", parts.still, at, out_point=Decimal(2)))
    return ops


def corner_ops(parts: Cast) -> list[Op]:
    """A second video track in the upper right corner."""
    start, end = _part(parts.corner, Decimal("2.5"))
    box = {"x": Decimal("0.68"), "y": Decimal("0.04"), "width": Decimal("0.28"), "height": Decimal("0.28")}
    clip = _clip("corner-1", "corner", parts.corner, Decimal(1), in_point=start, out_point=end)
    return [{"op": "add_track", "id": "corner", "type": "video"}, clip | {"transform": box, "volume": 0}]


def title_ops() -> list[Op]:
    """A title with fades, in text that has broken other editors."""
    fade = Decimal("0.5")
    params = {"text": TITLE, "position": "bottom", "font_size": 44, "fade_in": fade, "fade_out": fade}
    title = {"op": "add_effect", "id": "title", "clip": "shot-1", "type": "text_overlay", "params": params}
    return [title | {"start": fade, "duration": Decimal("2.5")}]


def music_ops(parts: Cast, length: Decimal) -> list[Op]:
    """Music at 0.3 under everything, with a fade out."""
    if parts.music is None:
        return []
    clip = _clip("tune", "music", parts.music, Decimal(0), out_point=min(length, _seconds(parts.music)))
    track = {"op": "add_track", "id": "music", "type": "audio"}
    return [track, clip | {"volume": Decimal("0.3"), "fade_out": Decimal("1.5")}]


def ending_ops() -> list[Op]:
    """Picture and sound go out together at the end of the film."""
    return [{"op": "add_global_effect", "id": "ending", "type": "fade_out", "params": {"duration": Decimal(1)}}]


def _clip(name: str, track: str, video: Video, at: Decimal, **fields: Any) -> Op:
    return {"op": "add_clip", "id": name, "track": track, "source": video["id"], "at": at} | fields
