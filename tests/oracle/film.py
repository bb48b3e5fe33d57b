"""A finished film as the reader takes it in: every frame's luma with its time, and every sample with its place."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.oracle import lanes, sound
from tests.oracle.programs import Build, run
from tests.oracle.sources import decoded_sound, frame_times


@dataclass(frozen=True)
class Film:
    """``luma`` is (frames, height, width); ``times`` when each appears, in seconds from the first.

    ``samples`` is (samples, 2) and begins with the first picture: what came before is cut off, a late start is silence.
    """

    luma: lanes.Luma
    times: tuple[Fraction, ...]
    samples: sound.Exact
    sample_rate: int


def open_film(path: Path, build: Build, *converting: str) -> Film:
    """Everything that a film shows and plays, decoded by ``build``; ``converting`` leads to the range of television."""
    entries = "stream=codec_type,width,height,sample_rate:stream_side_data=rotation"
    streams = json.loads(run(build.ffprobe, ["-show_entries", entries, "-of", "json", str(path)]))["streams"]
    picture = next(stream for stream in streams if stream["codec_type"] == "video")
    width, height = picture["width"], picture["height"]
    if any(abs(side.get("rotation", 0)) == 90 for side in picture.get("side_data_list", [])):
        width, height = height, width  # FFmpeg turns it upright as it decodes
    stamps = frame_times(path, "v", build)
    every = ["-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"]
    raw = np.frombuffer(run(build.ffmpeg, ["-i", str(path), "-map", "0:v:0", *converting, *every]), np.uint8)
    luma = raw.reshape(-1, height * 3 // 2, width)[:, :height]
    rate = next((int(stream["sample_rate"]) for stream in streams if stream["codec_type"] == "audio"), 0)
    samples = np.zeros((0, 2))
    if rate:
        lead = round((frame_times(path, "a", build)[0] - stamps[0]) * rate)
        heard = decoded_sound(path, build, rate).astype(np.float64)
        samples = np.concatenate([np.zeros((lead, 2)), heard]) if lead >= 0 else heard[-lead:]
    return Film(luma, tuple(stamp - stamps[0] for stamp in stamps), samples, rate)
