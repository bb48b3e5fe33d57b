"""Which way up a photograph was taken, from its Exif tags: FFmpeg's versions differ in whether they look."""

from typing import Literal

from domain.errors import Refused
from domain.library.media import Rotation

_TURNED: dict[int, Rotation] = {1: 0, 3: 180, 6: 90, 8: 270}
_ORIENTATION = 0x0112
_SHORT = 3


def rotation(head: bytes) -> Rotation:
    """How far a JPEG with this beginning is to be turned clockwise; 0 where it does not say.

    ``media_unreadable`` for one that is to be mirrored.
    """
    value = _orientation(head)
    if value in _TURNED:
        return _TURNED[value]
    if 1 < value <= 8:
        raise Refused("media_unreadable", "Its picture is stored mirrored", path="path")
    return 0


def _orientation(head: bytes) -> int:
    """The tag's value, 0 where there is none or where the tables make no sense."""
    tables = _tables(head)
    match tables[:2]:
        case b"II":
            return _find(tables, "little")
        case b"MM":
            return _find(tables, "big")
        case _:
            return 0


def _tables(head: bytes) -> bytes:
    """The TIFF structure inside a JPEG's Exif segment."""
    at = 2
    while head[:2] == b"\xff\xd8" and at + 4 <= len(head) and head[at] == 0xFF and head[at + 1] != 0xDA:
        length = int.from_bytes(head[at + 2 : at + 4], "big")
        if head[at + 1] == 0xE1 and head[at + 4 : at + 10] == b"Exif\0\0":
            return head[at + 10 : at + 2 + length]
        at += 2 + max(length, 2)
    return b""


def _find(tables: bytes, order: Literal["little", "big"]) -> int:
    def number(at: int, size: int) -> int:
        return int.from_bytes(tables[at : at + size], order)

    start = number(4, 4)
    for entry in range(number(start, 2)):
        at = start + 2 + 12 * entry
        if at + 12 > len(tables):
            return 0
        if (number(at, 2), number(at + 2, 2)) == (_ORIENTATION, _SHORT):
            return number(at + 8, 2)
    return 0
