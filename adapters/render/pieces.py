"""Pieces of a film as their own headers have them."""

import os
import struct
from pathlib import Path

import msgspec

from domain.core import refusing
from domain.errors import Refused
from domain.render.plan import Expect, Unit
from rust_core import measure_picture, measure_sound

JOINED = frozenset({".mp4", ".mov", ".m4a"})  # files that the joiner reads
_LARGEST_HEADER = 16 << 20
_LARGEST_FRAME = 256 << 20


def header(path: Path) -> bytes:
    """The content of a file's ``moov`` box; ``result_wrong`` where it has none."""
    return _content(path, b"moov", _LARGEST_HEADER)


def only_sample(path: Path) -> bytes:
    """All that a file's ``mdat`` box holds: the frame, in a file of one; ``result_wrong`` where it has none."""
    return _content(path, b"mdat", _LARGEST_FRAME)


def _content(path: Path, wanted: bytes, largest: int) -> bytes:
    """What is in the first box of a name (ISO/IEC 14496-12, 4.2)."""
    with path.open("rb") as file:
        end = os.fstat(file.fileno()).st_size
        while len(head := file.read(8)) == 8:
            size, name = struct.unpack(">I4s", head)
            if size == 1:
                size = int.from_bytes(file.read(8)) - 8
            content, left = size - 8, end - file.tell()
            if not 0 <= content <= left or (name == wanted and content > largest):
                break
            if name == wanted:
                return file.read(content)
            file.seek(content, os.SEEK_CUR)
    raise Refused("result_wrong", f"A piece has no {wanted.decode()} box that can be read")


def check(path: Path, unit: Unit) -> None:
    """Refuses ``result_wrong``, naming the first difference, when a file is not what its unit should have made."""
    content = header(path)
    with refusing():
        packed, end = measure_picture(content) if unit.kind == "segment" else measure_sound(content)
    if end > path.stat().st_size:
        raise Refused("result_wrong", "The result ends before its last packet")
    differences(unit.expect, msgspec.msgpack.decode(packed, type=Expect))


def differences(planned: Expect, found: Expect) -> None:
    """Refuses ``result_wrong``, naming the first difference; what is not planned may be anything."""
    for name in Expect.__struct_fields__:
        due, there = getattr(planned, name), getattr(found, name)
        if due is not None and due != there:
            raise Refused("result_wrong", f"{name}: planned {due}, found {there}")
