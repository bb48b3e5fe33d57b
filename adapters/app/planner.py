"""From a project at a version to a plan with everything that it needs: sources, fonts, the FFmpeg at hand."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from adapters.app.library import Library
from adapters.ffmpeg.encoders import Encoders
from adapters.ffmpeg.locate import Tools
from adapters.media.fonts import Font, Fonts
from adapters.render.production import Planned
from adapters.telemetry.metrics import Metrics
from domain.core import refusing
from domain.errors import Refused
from domain.library.shelf import Known
from domain.render.events import RenderRequested
from domain.render.formats import coding
from domain.render.formats.encoders import PictureEncoder, sound_encoder
from domain.render.formats.format import Format
from domain.render.formats.presets import chosen
from domain.render.messages import SourceFile
from domain.render.plan import FfmpegBuild, Range, Request, decode
from domain.time import frame_length
from domain.timeline.events import Clip, Effect, Output
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
        made_as = chosen(wanted.preset, wanted.settings)
        return await asyncio.to_thread(self.plan, self.at(wanted.project, wanted.version), made_as, wanted.range)

    def plan(self, project: Project, made_as: Format, part: Range | None, width: int | None = None) -> Planned:
        """Refused as the core's planner refuses, and with ``source_missing``, ``glyphs_missing``,
        ``encoder_unavailable`` and ``format_unsupported``. A ``width`` has the picture scaled to it as it is coded."""
        if made_as.file.still:
            part = _still(part)
        encoder, tried = Encoders(self.tools).choose(made_as)
        clips = _CLIPS.decode(project.clips())
        known = self.library.files(sorted({clip.source.media for clip in clips}))
        fonts = {effect.id: self.fonts.choose(text) for effect, text in _texts(project, clips)}
        with refusing(), self.metrics.core_seconds.labels("plan").time():
            made = plan(project, _media(known), self._request(project, made_as, encoder, part, fonts, width))
        return Planned(
            plan=decode(made),
            made_as=made_as,
            encoders=tried,
            sources={name: _source(file) for name, file in known.items()},
            fonts={font.sha256: str(font.path) for font in fonts.values()},
            versions={"core_version": FOLD_FINGERPRINT, "ffmpeg_version": self.tools.capabilities.version},
        )

    def _request(
        self,
        project: Project,
        made_as: Format,
        encoder: PictureEncoder | None,
        part: Range | None,
        fonts: dict[str, Font],
        width: int | None,
    ) -> bytes:
        able = self.tools.capabilities
        output = msgspec.msgpack.decode(project.output() or b"", type=Output)
        _check(made_as, output)
        frames, seconds = _length(project.frames, part, output)
        picture = coding.picture(made_as, encoder, frames, seconds) if encoder else None
        if picture and width:
            picture = msgspec.structs.replace(picture, size=(width, _height(width, output)))
        request = Request(
            picture=picture,
            sound=coding.sound(made_as),
            ffmpeg=FfmpegBuild(able.build, able.script_option),
            fonts={effect: font.sha256 for effect, font in fonts.items()},
            range=part,
        )
        return msgspec.msgpack.encode(request)


def _still(part: Range | None) -> Range:
    """The one frame of a file that holds one."""
    if part and part.end is not None:
        raise Refused("format_unsupported", "One frame has a start and no end", "range.end")
    return Range(part.start if part else 0, still=True)


def _height(width: int, output: Output) -> int:
    """The even height nearest to the film's shape."""
    return max(2, 2 * ((width * output.height + output.width) // (2 * output.width)))


def _length(frames: int, part: Range | None, output: Output) -> tuple[int, Fraction]:
    """About how many frames and seconds a part has; the core says exactly, or refuses."""
    frame = frame_length(output.fps)
    if part:
        end = frames * frame if part.end is None else part.end
        frames = 1 if part.still else (end - part.start) // frame
    return max(1, frames), Fraction(max(1, frames) * output.fps.den, output.fps.num)


def _check(made_as: Format, output: Output) -> None:
    """The film's rates are ones that the format has."""
    fastest = made_as.file.fastest
    if fastest and Fraction(output.fps.num, output.fps.den) > fastest:
        raise Refused("format_unsupported", f"{made_as.container} has at most {fastest} frames a second", "preset")
    rates = sound_encoder(made_as.audio_codec).rates if made_as.audio_codec else ()
    if rates and output.sample_rate not in rates:
        message = f"{made_as.audio_codec} takes {', '.join(map(str, rates))} samples a second, not {output.sample_rate}"
        raise Refused("format_unsupported", message, "settings.audio_codec")


def _texts(project: Project, clips: list[Clip]) -> Iterator[tuple[Effect, str]]:
    """Every effect that draws text."""
    chains = [_EFFECTS.decode(project.effects(of)) for of in (None, *(clip.id for clip in clips))]
    for effect in (effect for chain in chains for effect in chain):
        if isinstance(text := effect.params.get("text"), str):
            yield effect, text


def _media(known: dict[str, Known]) -> bytes:
    return msgspec.msgpack.encode({name: file.description.content for name, file in known.items() if file.description})


def _source(known: Known) -> SourceFile:
    return SourceFile(known.path, known.sha256 or "", known.file_size, known.mtime_ns)
