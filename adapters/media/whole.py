"""Whether a file is as long as its own structure promises: what was cut off in copying is refused, not shortened."""

import os

from adapters.media.paths import Opened
from adapters.media.sniff import Format
from domain.errors import Refused

_MAX_BOXES = 10_000


def check_whole(file: Opened, head: bytes, form: Format) -> None:
    """``media_unreadable`` where the outermost structure reaches past the end of the file."""
    if form.demuxer == "mov":
        promised = _end_of_boxes(file)
    elif form.demuxer == "caf":
        promised = _end_of_caf(file)
    elif head[:4] in (b"RIFF", b"FORM"):
        promised = _end_of_chunk(head)
    else:
        return
    if promised > file.file_size:
        raise Refused("media_unreadable", "The file is cut off before its end", path="path")


def _end_of_chunk(head: bytes) -> int:
    """What the chunk around a RIFF or AIFF file says; what was written to a pipe could not know it."""
    said = int.from_bytes(head[4:8], "little" if head[:4] == b"RIFF" else "big")
    return said + 8 if 0 < said < 0x7FFF_0000 else 0


def _end_of_caf(file: Opened) -> int:
    """Where the last chunk of a Core Audio file ends; one of unknown length goes on to the end of the file."""
    at = 8
    for _ in range(_MAX_BOXES):
        header = os.pread(file.descriptor, 12, at)
        size = int.from_bytes(header[4:], "big", signed=True)
        if len(header) < 12 or size < 0:
            break
        at += 12 + size
    return at


def _end_of_boxes(file: Opened) -> int:
    """Where the last box of a QuickTime or MP4 file ends that FFmpeg needs."""
    at = end = 0
    for _ in range(_MAX_BOXES):
        header = os.pread(file.descriptor, 16, at)
        if len(header) < 8:
            break
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if size == 1 and len(header) == 16:
            size = int.from_bytes(header[8:], "big")
        if kind in (b"moov", b"mdat", b"moof"):
            end = at + size
        if size < 8:
            break  # 0: it goes on to the end of the file, however long that is
        at += size
    return end
