"""The presets: each a name, what it is good for, and a format."""

from domain.errors import Refused
from domain.render.formats.format import Format, Settings, formed
from domain.timeline.events import Shape
from domain.timeline.state import shown


class Preset(Shape, frozen=True):
    """A format by name."""

    name: str
    description: str
    format: Format


def _h264(quality: int, speed: str, container: str = "mp4") -> Format:
    made = Format(container="mp4", video_codec="h264", quality=quality, speed=speed, audio_codec="aac")
    return formed(made, Settings(container=container))  # type: ignore[arg-type]


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("draft", "Quick to make, to look at.", _h264(30, "ultrafast")),
        Preset("standard", "For publishing: H.264 and AAC in MP4, plays everywhere.", _h264(23, "veryfast")),
        Preset("high", "For keeping what is published: more care and more bytes.", _h264(18, "slow")),
        Preset(
            "hevc",
            "H.265 and AAC in MP4: smaller files for newer players.",
            Format(container="mp4", video_codec="hevc", audio_codec="aac"),
        ),
        Preset(
            "web",
            "VP9 and Opus in WebM, for browsers.",
            Format(container="webm", video_codec="vp9", audio_codec="opus"),
        ),
        Preset(
            "web_av1",
            "AV1 and Opus in WebM: the smallest files for browsers of today.",
            Format(container="webm", video_codec="av1", audio_codec="opus"),
        ),
        Preset(
            "archive",
            "FFV1 and FLAC in Matroska: nothing of the finished picture is lost.",
            Format(container="mkv", video_codec="ffv1", audio_codec="flac"),
        ),
        Preset(
            "prores",
            "ProRes 422 HQ and PCM in QuickTime, for other editors.",
            Format(container="mov", video_codec="prores", audio_codec="pcm_s24"),
        ),
        Preset("hls", "A folder for streaming: HLS with H.264 and AAC.", _h264(23, "veryfast", "hls")),
        Preset("dash", "A folder for streaming: MPEG-DASH with H.264 and AAC.", _h264(23, "veryfast", "dash")),
        Preset("audio_aac", "Only the sound: AAC in M4A.", Format(container="m4a", audio_codec="aac")),
        Preset("audio_mp3", "Only the sound: MP3.", Format(container="mp3", audio_codec="mp3")),
        Preset("audio_opus", "Only the sound: Opus.", Format(container="opus", audio_codec="opus")),
        Preset("audio_flac", "Only the sound, without loss: FLAC.", Format(container="flac", audio_codec="flac")),
        Preset(
            "audio_wav", "Only the sound, without loss: PCM in WAV.", Format(container="wav", audio_codec="pcm_s24")
        ),
        Preset(
            "png_sequence", "A folder with a PNG of every frame.", Format(container="png_sequence", video_codec="png")
        ),
        Preset(
            "jpg_sequence", "A folder with a JPEG of every frame.", Format(container="jpg_sequence", video_codec="jpeg")
        ),
        Preset("gif", "An animated GIF with a palette of its own.", Format(container="gif", video_codec="gif")),
        Preset(
            "poster",
            "One frame as a JPEG: the first, or that at range.start.",
            Format(container="jpg", video_codec="jpeg"),
        ),
    )
}


def chosen(preset: str, settings: Settings | None) -> Format:
    """The format of a request; ``invalid_field`` for a preset that there isn't, ``format_unsupported``."""
    if preset not in PRESETS:
        raise Refused("invalid_field", f"No preset is called {shown(preset)}: {', '.join(PRESETS)}", "preset")
    return formed(PRESETS[preset].format, settings)
