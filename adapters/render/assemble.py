"""The last step of a render: join the pieces by copy, and look hard at the film before anybody else may."""

import asyncio
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from adapters.ffmpeg.locate import Tools
from adapters.render import durable
from adapters.render.join import Joined, join
from adapters.render.manifest import Film
from adapters.render.results import ProbedStream, check, check_end, probe
from adapters.render.segments import Stored
from domain.errors import Refused
from domain.render.plan import Expect, Plan


async def assemble(plan: Plan, stored: Mapping[str, Stored], folder: Path, tools: Tools) -> tuple[Path, Film]:
    """The film, made in ``folder`` and found to be as planned: every frame is there, and its end can be decoded.

    Refuses ``result_wrong`` where a piece is gone or damaged or the film is not what was planned, and ``storage_full``.
    """
    made = folder / "film.mp4"
    joined = await asyncio.to_thread(_joined, plan, stored, made)
    streams, *_ = await asyncio.gather(
        probe(tools, made, reading=False),  # its bytes were hashed as they were written
        check_end(tools, made, plan.frames, Fraction(plan.output.fps.num, plan.output.fps.den)),
        asyncio.to_thread(durable.sync, made),  # whoever publishes it waits less
    )
    check(streams, _expected(plan))
    return made, Film(joined.sha256, made.stat().st_size, [_described(stream) for stream in streams])


def _joined(plan: Plan, stored: Mapping[str, Stored], made: Path) -> Joined:
    try:
        joined = join(plan, {key: unit.path for key, unit in stored.items()}, made)
    except FileNotFoundError as gone:
        raise Refused("result_wrong", "A piece of the film is not in the store any more") from gone
    except OSError as fault:
        if fault.errno in durable.NO_ROOM:
            raise Refused("storage_full", f"No room for the film: {fault.strerror}") from fault
        raise
    if any(digest != stored[key].sidecar.sha256 for key, digest in joined.pieces.items()):
        raise Refused("result_wrong", "A piece of the film is damaged")
    return joined


def _expected(plan: Plan) -> Expect:
    output = plan.output
    expect = Expect(frames=plan.frames, width=output.width, height=output.height)
    if not plan.sound:
        return expect
    return Expect(
        frames=plan.frames,
        width=output.width,
        height=output.height,
        samples=plan.samples,
        sample_rate=output.sample_rate,
    )


def _described(stream: ProbedStream) -> dict[str, str | int]:
    known: dict[str, str | int | None] = {
        "kind": stream.kind,
        "codec": stream.codec,
        "width": stream.width,
        "height": stream.height,
        "pix_fmt": stream.pix_fmt,
        "frame_rate": stream.frame_rate if stream.kind == "video" else None,
        "packets": stream.packets,
        "sample_rate": stream.rate or None,
        "channels": stream.channels,
    }
    return {name: value for name, value in known.items() if value is not None}
