"""The last step of a render: join the pieces by copy, and look hard at the film before anybody else may."""

import asyncio
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from adapters.ffmpeg.locate import Tools
from adapters.ffmpeg.run import Limits, run
from adapters.render import argv, durable
from adapters.render.headers import check_headers
from adapters.render.make import BEFORE, expect_success
from adapters.render.manifest import Film
from adapters.render.results import ProbedStream, check, check_decodes, probe
from adapters.render.segments import Stored
from domain.render.plan import Expect, Plan

_LIMITS = Limits(cpu_seconds=3600, memory_bytes=4 << 30, file_bytes=1 << 40)
_BASE_TIMEOUT_S = 120


async def assemble(plan: Plan, stored: Mapping[str, Stored], folder: Path, tools: Tools) -> tuple[Path, Film]:
    """The film, made in ``folder`` and found to be as planned: every frame there, both ends decodable.

    Refused where FFmpeg fails or the film is not what was planned.
    """
    await asyncio.to_thread(check_headers, [stored[segment.key].path for segment in plan.segments])
    made = folder / "film.mp4"
    cwd = folder / "work"
    cwd.mkdir()
    units = {key: unit.path for key, unit in stored.items()}
    argv.prepare(cwd, plan.assemble.files, units, {})
    outcome = await run(
        [str(tools.ffmpeg), *BEFORE, *argv.fill(plan.assemble.argv, {}, units, made)],
        cwd=cwd,
        timeout=_BASE_TIMEOUT_S + len(units),
        limits=_LIMITS,
    )
    expect_success(outcome)
    streams = await probe(tools, made)
    check(streams, _expected(plan))
    await check_decodes(tools, made, plan.frames, Fraction(plan.output.fps.num, plan.output.fps.den))
    digest = await asyncio.to_thread(durable.sha256, made)
    return made, Film(digest, made.stat().st_size, [_described(stream) for stream in streams])


def _expected(plan: Plan) -> Expect:
    output = plan.output
    expect = Expect(frames=plan.frames, width=output.width, height=output.height)
    if plan.mix is None:
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
        "packets": int(stream.packets),
        "sample_rate": int(stream.sample_rate) if stream.sample_rate else None,
        "channels": stream.channels,
    }
    return {name: value for name, value in known.items() if value is not None}
