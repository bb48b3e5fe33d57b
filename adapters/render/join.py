"""Pieces joined into a film by copy. Every byte of a piece is read once: hashed, and written where it belongs.

What the film's header says, and which bytes follow it, is the core's to say (``rust_core/src/join``).
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec

from adapters.render.pieces import header
from domain.core import refusing
from domain.errors import Refused
from domain.render.plan import Plan
from domain.timeline.events import Rate
from rust_core import join as join_headers

_BUFFER = 1 << 20


class _Kept(msgspec.Struct):
    skip: int
    packets: int


class _Order(msgspec.Struct):
    """``rust_core::join::Order``."""

    fps: Rate
    sample_rate: int
    samples: int
    lead: int
    pictures: list[int]
    sounds: list[_Kept]


@dataclass(frozen=True)
class Joined:
    """The hex SHA-256 of a film, and of every piece as it was read, by its key."""

    sha256: str
    pieces: dict[str, str]


def join(plan: Plan, paths: Mapping[str, Path], film: Path) -> Joined:
    """Write what a plan joins by copy to a new file; ``paths`` has the file of every piece.

    Blocks. Refuses ``result_wrong`` where the pieces are not what was planned or do not go together. Whether they are
    the right ones is for the caller to see by their hashes. OSError where a piece can't be read or the film written.
    """
    names = plan.joined
    headers = [header(paths[key]) for key in names]
    pictures = [] if plan.whole_picture else [segment.frames for segment in plan.segments]
    order = _Order(
        plan.output.fps,
        plan.output.sample_rate,
        plan.samples,
        plan.lead,
        pictures,
        [_Kept(chunk.skip, chunk.packets) for chunk in plan.sound],
    )
    try:
        with refusing():
            head, ranges = join_headers(msgspec.msgpack.encode(order), headers)
    except Refused as refusal:
        guilty = "".join(f" ({names[int(number)]}: remove it and render again)" for number in refusal.ids)
        raise Refused(refusal.code, refusal.message + guilty) from None
    whole, seen = hashlib.sha256(head), dict[str, str]()
    buffer = memoryview(bytearray(_BUFFER))
    with ExitStack() as stack:
        out = stack.enter_context(film.open("xb"))
        out.write(head)
        under_way: dict[bool, tuple[int, _Source]] = {}  # one of picture and one of sound
        for index, offset, length in ranges:
            sound = index >= len(pictures)
            at, source = under_way.get(sound, (-1, None))
            if source is None or at != index:
                if source:
                    seen[names[at]] = source.finish()
                source = _Source(paths[names[index]], buffer)
                stack.callback(source.close)
                under_way[sound] = index, source
            for part in source.read(offset, length):
                whole.update(part)
                out.write(part)
        seen |= {names[at]: source.finish() for at, source in under_way.values()}
    return Joined(whole.hexdigest(), seen)


class _Source:
    """A piece that is read once, from its beginning to its end, and hashed on the way."""

    def __init__(self, path: Path, buffer: memoryview) -> None:
        """Reads through ``buffer``, which others may share: what was read is good until somebody reads on."""
        self._file = path.open("rb", buffering=0)
        self._hash = hashlib.sha256()
        self._buffer = buffer
        self._at = 0

    def read(self, offset: int, length: int) -> Iterator[memoryview]:
        """Bytes ``[offset, offset + length)`` in parts; fewer where the file is shorter.

        What lies before them and was not asked for is only hashed.
        """
        if offset < self._at:
            raise Refused("result_wrong", "A piece's samples are not in the order of their use")
        for _ in self._parts(offset - self._at):
            pass
        yield from self._parts(length)

    def finish(self) -> str:
        """The hex SHA-256 of the whole file."""
        for _ in self._parts(None):
            pass
        self.close()
        return self._hash.hexdigest()

    def close(self) -> None:
        """Twice is once."""
        self._file.close()

    def _parts(self, length: int | None) -> Iterator[memoryview]:
        """The next ``length`` bytes, or all that are left."""
        while length is None or length > 0:
            most = len(self._buffer) if length is None else min(length, len(self._buffer))
            count = self._file.readinto(self._buffer[:most])
            if not count:
                return
            part = self._buffer[:count]
            self._hash.update(part)
            self._at += count
            length = None if length is None else length - count
            yield part
