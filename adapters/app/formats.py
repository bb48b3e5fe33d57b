"""What films can be made as here: the presets, and which encoders work."""

import msgspec

from adapters.ffmpeg.encoders import Encoders
from adapters.ffmpeg.locate import Tools
from domain.render.formats.containers import CONTAINERS, Container
from domain.render.formats.encoders import PICTURE, SOUND, Scale
from domain.render.formats.presets import PRESETS, Preset


class PresetList(msgspec.Struct, frozen=True):
    """Every preset, and every container with the codecs that it holds."""

    items: list[Preset]
    containers: list[Container]


class EncoderView(msgspec.Struct, frozen=True):
    """An encoder. ``fault`` says why it does not work here. ``quality`` and ``speeds`` are what settings may say."""

    name: str
    codec: str
    hardware: bool
    works: bool
    fault: str | None
    pixel_formats: tuple[str, ...] = ()
    quality: Scale | None = None
    speeds: tuple[str, ...] = ()
    two_pass: bool = False


class EncoderList(msgspec.Struct, frozen=True):
    """Every encoder that is known, each tried on a frame or a moment of sound."""

    items: list[EncoderView]


def presets() -> PresetList:
    """Every preset."""
    return PresetList(list(PRESETS.values()), list(CONTAINERS.values()))


def encoders(tools: Tools) -> EncoderList:
    """Every encoder. Blocks; the first time for seconds."""
    known = Encoders(tools)
    views = []
    for of in PICTURE:
        fault = known.picture_fault(of)
        speeds = of.speed.choices if of.speed else ()
        can = (of.pixel_formats, of.quality, speeds, of.two_pass)
        views.append(EncoderView(of.name, of.codec, of.hardware, fault is None, fault, *can))
    for sound in SOUND:
        fault = known.sound_fault(sound)
        views.append(EncoderView(sound.name, sound.codec, False, fault is None, fault))
    return EncoderList(views)
