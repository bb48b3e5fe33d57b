"""A format: what a film is made as. A preset's, with the settings of a request over it."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from domain.errors import Refused
from domain.render.formats.containers import CONTAINERS, Container, ContainerName
from domain.render.formats.encoders import PICTURE, PictureCodec, PictureEncoder, SoundCodec, sound_encoder
from domain.render.formats.encoders import picture_encoders as encoders_of
from domain.timeline.events import Shape
from domain.timeline.state import shown

_OF_PICTURE = ("encoder", "quality", "bitrate_kbps", "target_size", "two_pass", "speed", "pixel_format")
_NAMES = ("auto", "software", *(encoder.name for encoder in PICTURE))


class Settings(Shape, frozen=True, omit_defaults=True, kw_only=True):
    """What a request says of a format; whatever it leaves out is the preset's, or usual for the codec.

    ``video_codec`` and ``audio_codec`` may be "none". ``encoder`` is "software", "auto" (hardware where it works) or an
    encoder by name. Of ``quality`` (lower is better), ``bitrate_kbps`` and ``target_size`` (bytes of the finished
    file, in two passes) one may be set. ``speed`` and ``pixel_format`` are the encoder's own words.
    """

    container: ContainerName | None = None
    video_codec: str | None = None
    encoder: str | None = None
    quality: Annotated[int, Meta(ge=0, le=63)] | None = None
    bitrate_kbps: Annotated[int, Meta(ge=50, le=500_000)] | None = None
    target_size: Annotated[int, Meta(ge=10_000, le=1 << 40)] | None = None
    two_pass: bool | None = None
    speed: Annotated[str, Meta(max_length=20)] | None = None
    pixel_format: Annotated[str, Meta(max_length=20)] | None = None
    audio_codec: str | None = None
    audio_bitrate_kbps: Annotated[int, Meta(ge=16, le=512)] | None = None


class Format(Shape, frozen=True, kw_only=True):
    """A format without holes, but for which encoder does it: that is known where it is made."""

    container: ContainerName
    video_codec: PictureCodec | None = None
    encoder: str = "software"
    quality: int | None = None
    bitrate_kbps: int | None = None
    target_size: int | None = None
    two_pass: bool = False
    speed: str | None = None
    pixel_format: str | None = None
    audio_codec: SoundCodec | None = None
    audio_bitrate_kbps: int | None = None

    @property
    def file(self) -> Container:
        """What it is written as."""
        return CONTAINERS[self.container]

    @property
    def candidates(self) -> list[PictureEncoder]:
        """The encoders that may be taken for the picture, in order."""
        if self.video_codec is None:
            return []
        if self.encoder in ("auto", "software"):
            return encoders_of(self.video_codec, hardware=self.encoder == "auto")
        return [encoder for encoder in PICTURE if encoder.name == self.encoder]


def formed(base: Format, settings: Settings | None) -> Format:
    """The format that ``settings`` make of a preset's; ``format_unsupported`` where that can't be made."""
    if settings is None:
        return base
    said = {name: value for name, value in msgspec.structs.asdict(settings).items() if value is not None}
    changes: dict[str, Any] = {}
    if "video_codec" in said:
        codec = _codec(said.pop("video_codec"), PictureCodec, "video_codec")
        if codec != base.video_codec:  # what the preset says of its own codec is not true of another
            changes = {"quality": None, "speed": None, "pixel_format": None, "encoder": "software"}
        changes["video_codec"] = codec
    if "audio_codec" in said:
        codec = _codec(said.pop("audio_codec"), SoundCodec, "audio_codec")
        changes |= {"audio_codec": codec} | ({"audio_bitrate_kbps": None} if codec != base.audio_codec else {})
    sizes = [name for name in ("quality", "bitrate_kbps", "target_size") if name in said]
    if len(sizes) > 1:
        raise _no(f"Set one of {' and '.join(sizes)}, not both", sizes[-1])
    if sizes:
        changes |= dict.fromkeys(("quality", "bitrate_kbps", "target_size"))
    if "target_size" in said and said.setdefault("two_pass", True) is False:
        raise _no("A size is only met in two passes", "two_pass")
    made = msgspec.structs.replace(base, **{**changes, **said})
    _check(made, said)
    return made


def _codec(name: str, codecs: Any, field: str) -> str | None:
    known = codecs.__args__
    if name != "none" and name not in known:
        raise _no(f"No codec is called {shown(name)}: {', '.join(known)}, none", field)
    return None if name == "none" else name


def _check(made: Format, said: dict[str, Any]) -> None:
    """What was said can be done, by every encoder that may be taken."""
    file = made.file
    halves = ((made.video_codec, file.picture, "video_codec"), (made.audio_codec, file.sound, "audio_codec"))
    for codec, held, field in halves:
        if codec and codec not in held:
            raise _no(f"{file.name} holds {', '.join(held) or 'nothing of the kind'}, not {codec}", field)
    if made.video_codec is None and file.picture:
        raise _no(f"{file.name} is for pictures: take a container of sound", "container")
    if made.video_codec is None and made.audio_codec is None:
        raise _no("Nothing is left to be made", "audio_codec")
    if made.encoder not in _NAMES:
        raise _no(f"No encoder is called {shown(made.encoder)}: {', '.join(_NAMES)}", "encoder")
    if made.video_codec is None:
        _nothing_of(_OF_PICTURE, said, "picture")
    if made.audio_codec is None:
        _nothing_of(("audio_bitrate_kbps",), said, "sound")
    for encoder in made.candidates:
        _check_encoder(encoder, made, said)
    _check_sound(made)


def _nothing_of(fields: tuple[str, ...], said: dict[str, Any], what: str) -> None:
    if asked := [name for name in fields if name in said]:
        raise _no(f"There is no {what} that this could be about", asked[0])


def _check_encoder(encoder: PictureEncoder, made: Format, said: dict[str, Any]) -> None:
    scale, choices = encoder.quality, encoder.speed.choices if encoder.speed else ()
    if encoder.codec != made.video_codec:
        raise _no(f"{encoder.name} makes {encoder.codec}, not {made.video_codec}", "encoder")
    if made.quality is not None and not (scale and scale.best <= made.quality <= scale.worst):
        takes = f"takes {scale.best} to {scale.worst}" if scale else "has no quality to choose"
        raise _no(f"{encoder.name} {takes}", "quality")
    if made.bitrate_kbps is not None and not encoder.bitrate:
        raise _no(f"{encoder.name} can't be held to a bit rate", "bitrate_kbps")
    if made.two_pass and not encoder.two_pass:
        raise _no(f"{encoder.name} makes one pass", "target_size" if made.target_size else "two_pass")
    if "speed" in said and said["speed"] not in choices:
        raise _no(f"{encoder.name} takes {', '.join(choices) or 'no speed'}", "speed")
    if made.pixel_format is not None and made.pixel_format not in encoder.pixel_formats:
        raise _no(f"{encoder.name} takes {', '.join(encoder.pixel_formats)}", "pixel_format")
    if made.two_pass and made.bitrate_kbps is None and made.target_size is None:
        raise _no("Two passes are for a bit rate or a size", "two_pass")


def _check_sound(made: Format) -> None:
    if made.audio_codec is None or made.audio_bitrate_kbps is None:
        return
    bitrates = sound_encoder(made.audio_codec).bitrates
    if bitrates is None:
        raise _no(f"{made.audio_codec} loses nothing and has no bit rate to choose", "audio_bitrate_kbps")
    least, _, most = bitrates
    if not least <= made.audio_bitrate_kbps <= most:
        raise _no(f"{made.audio_codec} takes {least} to {most} kb/s", "audio_bitrate_kbps")


def _no(message: str, field: str) -> Refused:
    return Refused("format_unsupported", message, f"settings.{field}")
