"""From a project at a version to a plan with everything that it needs: sources, fonts, the FFmpeg at hand."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from adapters.app.library import Library
from adapters.ffmpeg.locate import Tools
from adapters.media.fonts import Font, Fonts
from adapters.render.production import Planned
from adapters.telemetry.metrics import Metrics
from domain.core import refusing
from domain.library.shelf import Known
from domain.render.events import RenderRequested
from domain.render.messages import SourceFile
from domain.render.plan import FfmpegBuild, Request, decode
from domain.timeline.events import Clip, Effect
from rust_core import FOLD_FINGERPRINT, Project, plan

_CLIPS = msgspec.msgpack.Decoder(list[Clip])
_EFFECTS = msgspec.msgpack.Decoder(list[Effect])

At = Callable[[str, int], Project]


@dataclass(frozen=True)
class Planner:
    """Plans renders; a ``adapters.render.production.Planner``. ``at`` gives a project at a version."""

    at: At
    library: Library
    fonts: Fonts
    tools: Tools
    metrics: Metrics

    async def __call__(self, wanted: RenderRequested) -> Planned:
        """The plan of a render that somebody asked for."""
        return await asyncio.to_thread(self.plan, self.at(wanted.project, wanted.version), wanted.preset)

    def plan(self, project: Project, preset: str) -> Planned:
        """Refused as the core's planner refuses, and with ``source_missing`` and ``glyphs_missing``."""
        clips = _CLIPS.decode(project.clips())
        known = self.library.files(sorted({clip.source.media for clip in clips}))
        fonts = {effect.id: self.fonts.choose(text) for effect, text in _texts(project, clips)}
        with refusing(), self.metrics.core_seconds.labels("plan").time():
            made = plan(project, _media(known), self._request(preset, fonts))
        return Planned(
            plan=decode(made),
            sources={name: _source(file) for name, file in known.items()},
            fonts={font.sha256: str(font.path) for font in fonts.values()},
            versions={"core_version": FOLD_FINGERPRINT, "ffmpeg_version": self.tools.capabilities.version},
        )

    def _request(self, preset: str, fonts: dict[str, Font]) -> bytes:
        able = self.tools.capabilities
        chosen = {effect: font.sha256 for effect, font in fonts.items()}
        return msgspec.msgpack.encode(Request(preset, FfmpegBuild(able.build, able.script_option), chosen))


def _texts(project: Project, clips: list[Clip]) -> Iterator[tuple[Effect, str]]:
    """Every effect that draws text."""
    chains = [_EFFECTS.decode(project.effects(clip.id)) for clip in clips]
    for effect in (effect for chain in chains for effect in chain):
        if isinstance(text := effect.params.get("text"), str):
            yield effect, text


def _media(known: dict[str, Known]) -> bytes:
    return msgspec.msgpack.encode({name: file.description.content for name, file in known.items() if file.description})


def _source(known: Known) -> SourceFile:
    return SourceFile(known.path, known.sha256 or "", known.file_size, known.mtime_ns)
