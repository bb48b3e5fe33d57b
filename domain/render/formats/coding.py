"""A format as the planner takes it: the words for FFmpeg that code a film's picture and its sound."""

from fractions import Fraction

from domain.errors import Refused
from domain.render.formats.encoders import PictureEncoder, SoundEncoder, sound_encoder
from domain.render.formats.format import Format
from domain.render.plan import Encoder, PictureCoding, SoundCoding, Whole

_LEAST_KBPS = 20
_LOOSE = Fraction(97, 100)  # of a size that is aimed at: two passes are right to a few hundredths
_PACKET_BYTES = 20  # what a container has to say about a frame or a packet of sound
_PACKETS = 60  # of sound in a second, at most
_LOSSLESS = ["-c:v", "ffv1", "-level", "3", "-g", "1", "-slices", "4", "-slicecrc", "1", "-threads", "1"]
_PASS = ["-passlogfile", "pass", "-pass"]


def picture(made: Format, encoder: PictureEncoder, frames: int, seconds: Fraction) -> PictureCoding:
    """How the picture is coded by an encoder; ``format_unsupported`` where it has no room in the size wanted."""
    if encoder.codec == "gif":
        return _palette(encoder)
    pixels = made.pixel_format or encoder.pixel_formats[0]
    words = encoder.words(_rate(made, encoder, frames, seconds), _speed(made, encoder), pixels)
    direct = _encoder(encoder, words)
    if not made.two_pass:
        return PictureCoding(encoder.colours, direct)
    first = [*words, *_PASS, "1", "-f", "null", "-"]
    second = _encoder(encoder, [*words, *_PASS, "2"])
    return PictureCoding("film", Encoder([*_LOSSLESS, "-pix_fmt", "yuv420p"], "mov", ".mov"), Whole(first, second))


def sound(made: Format) -> SoundCoding | None:
    """How the sound is coded. Chunks of AAC are only alike at a constant quality."""
    if made.audio_codec is None:
        return None
    encoder = sound_encoder(made.audio_codec)
    kbps = made.audio_bitrate_kbps or (_kbps(encoder) if made.target_size else None)
    joined = encoder.codec == "aac" and kbps is None
    if joined:
        rate = list(encoder.fixed)
    elif encoder.codec == "aac" or encoder.bitrates:
        rate = ["-b:a", f"{kbps or _kbps(encoder)}k"]
    else:
        rate = list(encoder.fixed)
    return SoundCoding(Encoder(["-c:a", encoder.name, *rate], encoder.muxer, encoder.suffix), whole=not joined)


def _palette(encoder: PictureEncoder) -> PictureCoding:
    """A GIF: the best 256 colours of all of it, then all of it in those."""
    first = ["-vf", "palettegen=stats_mode=full", "-update", "1", "-f", "image2", "palette.png"]
    words = ["-filter_complex", "[1:v][0:v]paletteuse", "-c:v", encoder.name]
    second = Encoder(words, encoder.muxer, f".{encoder.muxer}", ["-i", "palette.png"])
    return PictureCoding("rgb", Encoder([*_LOSSLESS, "-pix_fmt", "bgr0"], "mov", ".mov"), Whole(first, second))


def _encoder(encoder: PictureEncoder, words: list[str]) -> Encoder:
    return Encoder(words, encoder.muxer, f".{encoder.muxer}", list(encoder.device), encoder.bitstream_filter)


def _speed(made: Format, encoder: PictureEncoder) -> str | None:
    """The format's speed where it is one of this encoder's."""
    if encoder.speed is None:
        return None
    return made.speed if made.speed in encoder.speed.choices else encoder.speed.usual


def _rate(made: Format, encoder: PictureEncoder, frames: int, seconds: Fraction) -> list[str]:
    if made.target_size is not None:
        return ["-b:v", f"{_left(made, made.target_size, frames, seconds)}k"]
    if made.bitrate_kbps is not None:
        return ["-b:v", f"{made.bitrate_kbps}k"]
    if encoder.quality is None:
        return []
    return encoder.quality.said(encoder.quality.usual if made.quality is None else made.quality)


def _left(made: Format, size: int, frames: int, seconds: Fraction) -> int:
    """The kb/s that a size leaves for the picture."""
    kbps = made.audio_bitrate_kbps or (_kbps(sound_encoder(made.audio_codec)) if made.audio_codec else 0)
    said = _PACKET_BYTES * (frames + int(seconds * _PACKETS if kbps else 0))
    bits = size * 8 * _LOOSE - said * 8 - kbps * 1000 * seconds
    left = int(bits / seconds / 1000)
    if left < _LEAST_KBPS:
        message = f"{size} bytes leave {max(0, left)} kb/s for the picture of {float(seconds):.1f} seconds"
        raise Refused("format_unsupported", message, "settings.target_size")
    return left


def _kbps(encoder: SoundEncoder) -> int:
    return encoder.bitrates[1] if encoder.bitrates else 0
