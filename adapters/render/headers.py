"""Whether segments may be joined by copy: the film has one codec header, so theirs must be the same.

The plan asks for one header, but what an encoder writes is up to its build, and a store outlives builds.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from domain.errors import Refused

_BOX = 8  # size and name
_LARGE = 16  # the same with a size of 64 bits


def check_headers(segments: Iterable[Path]) -> None:
    """Refuses ``result_wrong``, naming the segment, where one has another header than the first."""
    first: bytes | None = None
    for path in segments:
        header = _header(path)
        if first not in (None, header):
            message = (
                f"Segment {path.stem} was made by another encoder than the first one: remove both and render again"
            )
            raise Refused("result_wrong", message)
        first = header


def _header(path: Path) -> bytes:
    """The H.264 configuration in an MP4 file."""
    with path.open("rb") as file:
        movie = _movie(file)
    place = movie.find(b"avcC")
    if place < 4:
        raise Refused("result_wrong", f"Segment {path.stem} has no codec header")
    return movie[place : place - 4 + int.from_bytes(movie[place - 4 : place])]


def _movie(file: BinaryIO) -> bytes:
    """What describes the streams; nothing where there is none."""
    while len(box := file.read(_BOX)) == _BOX:
        size, read = int.from_bytes(box[:4]), _BOX
        if size == 1:
            size, read = int.from_bytes(file.read(_LARGE - _BOX)), _LARGE
        if box[4:] == b"moov":
            return file.read(max(0, size - read))
        if size < read:
            break
        file.seek(size - read, 1)
    return b""
