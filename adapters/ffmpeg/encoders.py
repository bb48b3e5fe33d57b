"""Which encoders work here: found out by encoding a frame, or a moment of sound, with the words of a real render."""

import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from adapters.ffmpeg.locate import Tools
from domain.errors import Refused
from domain.render.events import Tried
from domain.render.formats.encoders import PictureEncoder, SoundEncoder, sound_encoder
from domain.render.formats.format import Format

_TIMEOUT_S = 30
_TIMED_SINCE = 6
_FRAME = ("-f", "lavfi", "-i", "color=size=320x240:rate=25:duration=1", "-frames:v", "1")
_MOMENT = ("-f", "lavfi", "-i", "anullsrc=sample_rate=48000:duration=0.1")


@dataclass(frozen=True)
class Encoders:
    """The encoders of one FFmpeg. Every method blocks; what was found out is kept until the program changes."""

    tools: Tools

    def choose(self, made: Format) -> tuple[PictureEncoder | None, list[Tried]]:
        """The first encoder for a format's picture that works, and all that were tried; None where nothing is seen.

        ``encoder_unavailable`` where none does, or none for its sound, or where what this FFmpeg writes is not right.
        """
        self._check_age(made)
        if made.audio_codec and (fault := self.sound_fault(sound := sound_encoder(made.audio_codec))):
            raise Refused("encoder_unavailable", f"{sound.name}: {fault}", "settings.audio_codec", [sound.name])
        tried: list[Tried] = []
        for encoder in made.candidates:
            tried.append(Tried(encoder.name, self.picture_fault(encoder)))
            if tried[-1].fault is None:
                return encoder, tried
        if tried:
            faults = "; ".join(f"{one.encoder}: {one.fault}" for one in tried)
            raise Refused("encoder_unavailable", faults, "settings.encoder", [one.encoder for one in tried])
        return None, tried

    def _check_age(self, made: Format) -> None:
        """FFmpeg 5.1 was seen to write Opus in Matroska and WebM 7 ms off, and AAC in DASH 21 ms late."""
        version = self.tools.capabilities.version
        major = re.match(r"n?(\d+)\.", version)
        mistimed = made.container == "dash" or (made.audio_codec == "opus" and made.container in ("webm", "mkv"))
        if mistimed and major and int(major[1]) < _TIMED_SINCE:
            message = f"FFmpeg {version} gives its sound wrong times; {_TIMED_SINCE} or newer is needed"
            raise Refused("encoder_unavailable", message, "settings.container")

    def picture_fault(self, encoder: PictureEncoder) -> str | None:
        """Why an encoder does not work here; None if it does."""
        rate = encoder.quality.said(encoder.quality.usual) if encoder.quality else []
        speed = encoder.speed.usual if encoder.speed else None
        upload = ["-vf", "format=nv12,hwupload"] if encoder.colours == "surface" else []
        words = [*upload, *encoder.words(rate, speed, encoder.pixel_formats[0])]
        return self._fault(encoder.name, (*encoder.device, *_FRAME, *words))

    def sound_fault(self, encoder: SoundEncoder) -> str | None:
        """As `picture_fault`."""
        return self._fault(encoder.name, (*_MOMENT, "-c:a", encoder.name, *encoder.fixed))

    def _fault(self, name: str, words: tuple[str, ...]) -> str | None:
        if name not in self.tools.capabilities.encoders:
            return "this FFmpeg is built without it"
        return _fault(self.tools.ffmpeg, self.tools.ffmpeg.stat().st_mtime_ns, words)


@lru_cache(maxsize=256)
def _fault(ffmpeg: Path, changed: int, words: tuple[str, ...]) -> str | None:
    """``changed`` is the program's time stamp, so that an upgrade is asked again."""
    argv = [str(ffmpeg), "-hide_banner", "-nostdin", "-v", "error", *words, "-f", "null", "-"]
    try:
        done = subprocess.run(argv, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as failure:
        return type(failure).__name__
    if done.returncode == 0:
        return None
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return (said or [f"it ended with {done.returncode}"])[0][:200]
