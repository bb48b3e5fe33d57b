"""The last step of a render: join the pieces by copy, and look hard at the film before anybody else may."""

import asyncio
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from adapters.ffmpeg.locate import Tools
from adapters.render import durable
from adapters.render.join import Joined, join
from adapters.render.manifest import Film
from adapters.render.mux import mux
from adapters.render.results import ProbedStream, check, check_end, probe
from adapters.render.segments import Stored
from domain.errors import Refused
from domain.render.formats.containers import Container
from domain.render.plan import Expect, Plan

_COUNTED = frozenset({"mp4", "mov", "m4a", "wav", "flac"})  # containers that say how many samples they hold


async def assemble(
    plan: Plan, container: Container, stored: Mapping[str, Stored], folder: Path, tools: Tools
) -> tuple[Path, Film]:
    """The film, made in ``folder`` and found to be as planned: every frame is there, and its end can be decoded.

    Refuses ``result_wrong`` where a piece is gone or damaged or the film is not what was planned, and ``storage_full``.
    """
    inputs, digest = [], None
    if plan.joined:
        inputs.append(folder / "joined.mp4")
        digest = (await asyncio.to_thread(_joined, plan, stored, inputs[0])).sha256
    inputs += [await asyncio.to_thread(_whole, stored[key]) for key in plan.wholes]
    made = await mux(tools, container, inputs, folder, plan.output)
    if digest is None or made != folder / "film.mp4" or len(inputs) > 1:
        digest = await asyncio.to_thread(durable.digest, made)
    shown = made / container.main if container.main else made
    # readers of packages differ in what they can seek in: their end is looked at before they are cut into parts
    ending = inputs[0] if container.main else made
    streams, *_ = await asyncio.gather(
        probe(tools, shown, reading=made.suffix != ".mp4"),  # the joiner's bytes were hashed as they were written
        check_end(tools, ending, plan.frames, Fraction(plan.output.fps.num, plan.output.fps.den)),
        asyncio.to_thread(durable.sync_all, made),  # whoever publishes it waits less
    )
    check(streams, _expected(plan, container))
    return made, Film(digest, durable.size(made), [_described(stream) for stream in streams])


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


def _whole(stored: Stored) -> Path:
    """A unit that is used as it is, if it is whole."""
    try:
        if durable.sha256(stored.path) == stored.sidecar.sha256:
            return stored.path
    except FileNotFoundError as gone:
        raise Refused("result_wrong", "A part of the film is not in the store any more") from gone
    raise Refused("result_wrong", "A part of the film is damaged")


def _expected(plan: Plan, container: Container) -> Expect:
    output = plan.output
    seen, heard = bool(plan.segments), bool(plan.sound or plan.whole_sound)
    return Expect(
        frames=plan.frames if seen else None,
        width=output.width if seen else None,
        height=output.height if seen else None,
        samples=plan.samples if heard and container.name in _COUNTED else None,
        sample_rate=output.sample_rate if heard else None,
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
