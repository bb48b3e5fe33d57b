"""What the planner is asked for by a format, with its first encoder, whether or not that works here."""

from fractions import Fraction

from domain.render.formats import coding
from domain.render.formats.format import Format
from domain.render.formats.presets import chosen
from domain.render.plan import FfmpegBuild, Range, Request


def asked(
    made: Format,
    ffmpeg: FfmpegBuild,
    fonts: dict[str, str],
    part: Range | None = None,
    seconds: Fraction = Fraction(1),
) -> Request:
    """The request for a film; its length of ``seconds`` only matters to a size that is aimed at."""
    picture = coding.picture(made, made.candidates[0], int(seconds * 30), seconds) if made.video_codec else None
    return Request(picture, coding.sound(made), ffmpeg, fonts, part)


def by_preset(preset: str, ffmpeg: FfmpegBuild, fonts: dict[str, str]) -> Request:
    """The request for all of a film by a preset."""
    return asked(chosen(preset, None), ffmpeg, fonts)
