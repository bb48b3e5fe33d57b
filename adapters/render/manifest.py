"""The paper that goes with a film: what it was made from, and where the log stood."""

from collections.abc import Mapping

import msgspec

from adapters.eventstore.edits import Record
from adapters.render.segments import Stored
from domain.render.events import RenderRequested
from domain.render.formats.format import Format
from domain.render.messages import SourceFile
from domain.render.plan import Plan
from domain.render.state import RenderState
from domain.time import frame_length, to_seconds


class Film(msgspec.Struct, frozen=True):
    """A finished film: hex SHA-256, bytes, and its streams as probed."""

    sha256: str
    size: int
    streams: list[dict[str, str | int]]


def manifest(
    path: str,
    film: Film,
    plan: Plan,
    state: RenderState,
    head: Record,
    stored: Mapping[str, Stored],
    made_as: Format,
    sources: Mapping[str, SourceFile],
    versions: Mapping[str, str],
) -> bytes:
    """The manifest as JSON. ``head`` is the last record of the render before its end: it anchors the log.

    A half of the film that was coded in one go is under ``whole``, and has no pieces. ``versions`` names
    the core and FFmpeg. The duration is in seconds, exact to nine decimals.
    """
    assert state.request is not None  # noqa: S101 - a plan without a request can't be
    content = {
        "output": {
            "path": path,
            "sha256": film.sha256,
            "size": film.size,
            "frames": plan.frames,
            "duration": msgspec.Raw(str(to_seconds(plan.frames * frame_length(plan.output.fps))).encode()),
            "streams": film.streams,
        },
        "job_id": state.request.job,
        "project_id": state.request.project,
        "version": state.request.version,
        "preset": state.request.preset,
        "format": made_as,
        "range": _range(state.request),
        "encoders": state.plan.encoders if state.plan else [],
        "log": {"position": head.position, "chain": head.chain.hex()},
        "plan_hash": plan.plan_hash,
        "segments": [
            {
                "key": segment.key,
                "start_frame": segment.start_frame,
                "frames": segment.frames,
                "reused": segment.key in state.reused,
                "sha256": stored[segment.key].sidecar.sha256,
            }
            for segment in (plan.segments if not plan.whole_picture else [])
        ],
        "sound": [
            {
                "key": chunk.key,
                "packets": chunk.packets,
                "reused": chunk.key in state.reused,
                "sha256": stored[chunk.key].sidecar.sha256,
            }
            for chunk in plan.sound
        ],
        "whole": [
            {"key": key, "of": of, "reused": key in state.reused, "sha256": stored[key].sidecar.sha256}
            for of, key in (("picture", plan.whole_picture), ("sound", plan.whole_sound))
            if key
        ],
        "sources": [
            {"id": media, "path": source.path, "sha256": source.sha256} for media, source in sorted(sources.items())
        ],
        **versions,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1)


def _range(wanted: RenderRequested) -> dict[str, msgspec.Raw | None] | None:
    """In seconds."""
    if wanted.range is None:
        return None
    ends = {"start": wanted.range.start, "end": wanted.range.end}
    return {name: None if time is None else msgspec.Raw(str(to_seconds(time)).encode()) for name, time in ends.items()}
