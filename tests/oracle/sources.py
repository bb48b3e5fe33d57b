"""The sources of the fidelity tests: what each is, how it is made, and what is true of the finished file.

A recipe says what to make. A :class:`Source` says what came out, measured on the file with ffprobe: the time of every
picture and of the noise's first sample, as fractions of a second from the file's own start.
"""

import json
import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.oracle import lanes, sound
from tests.oracle.programs import Build, run
from tests.oracle.recipes import RECIPES, Recipe


@dataclass(frozen=True)
class Source:
    """A finished source. ``times[n]`` is when frame n appears; ``sound_start`` when the noise's sample 0 is heard."""

    recipe: Recipe
    path: Path
    times: tuple[Fraction, ...]
    sound_start: Fraction | None

    def __repr__(self) -> str:
        """Short, because timelines are printed when a test fails."""
        return f"studio[{self.recipe.name!r}]"

    @property
    def number(self) -> int:
        """The id that its pictures and its sound carry."""
        return self.recipe.number

    @property
    def length(self) -> Fraction:
        """Seconds from its start to where its last frame or sample ends; a still's is 0."""
        ends = [self.sound_start + sound.SECONDS] if self.sound_start is not None else []
        if len(self.times) > 1:
            ends.append(2 * self.times[-1] - self.times[-2])
        return max(ends, default=Fraction(0))

    @property
    def aspect(self) -> Fraction:
        """Width over height as it is meant to be seen."""
        width, height = self.recipe.size
        shown = Fraction(width, height) * self.recipe.sar
        return 1 / shown if self.recipe.turned else shown


class Studio:
    """Makes each source once in a folder, when it is first asked for."""

    def __init__(self, folder: Path, build: Build) -> None:
        """``build`` encodes and measures; the films under test may be made by another."""
        self._folder = folder
        self._build = build
        self._made: dict[str, Source] = {}

    def __getitem__(self, name: str) -> Source:
        """The source of that name."""
        if name not in self._made:
            recipe = RECIPES[name]
            path = self._folder / f"{name}{recipe.suffix}"
            make(recipe, path, self._build)
            self._made[name] = _measured(recipe, path, self._build)
        return self._made[name]


def make(recipe: Recipe, path: Path, build: Build) -> None:
    """A source as its recipe says."""
    arguments: list[str] = []
    pictures = _pictures(recipe) if recipe.frames else b""
    if pictures:
        width, height = recipe.size
        arguments += ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}"]
        arguments += ["-framerate", str(recipe.rate), *recipe.picture_input, "-i", "-"]
    if recipe.sound:
        wave = sound.recording(recipe.number, recipe.sound.rate, recipe.sound.channels)
        raw = path.with_suffix(".f32")
        raw.write_bytes(wave.tobytes())
        arguments += ["-f", "f32le", "-ar", str(recipe.sound.rate), "-ac", str(recipe.sound.channels)]
        arguments += [*recipe.sound.input, "-i", str(raw), *recipe.sound.encoder]
    if pictures:
        arguments += [*recipe.encoder, "-threads", "1"]
    run(build.ffmpeg, [*arguments, *recipe.muxer, "-bitexact", "-y", str(path)], pictures or None)
    if recipe.turned:
        path.write_bytes(_turned(path.read_bytes(), recipe.size[1]))


def _turned(movie: bytes, stored_height: int) -> bytes:
    """An mp4 whose first track asks for a quarter turn clockwise (ISO 14496-12, 8.3.2: the matrix in its ``tkhd``)."""
    one, whole = 1 << 16, 1 << 30
    plain = struct.pack(">9i", one, 0, 0, 0, one, 0, 0, 0, whole)
    turned = struct.pack(">9i", 0, one, 0, -one, 0, 0, stored_height * one, 0, whole)
    place = movie.index(plain, movie.index(b"tkhd"))
    return movie[:place] + turned + movie[place + len(plain) :]


def _pictures(recipe: Recipe) -> bytes:
    """All frames as yuv420p. A turned source is drawn upright and stored lying on its side."""
    width, height = recipe.size
    chroma = bytes([128]) * (width * height // 2)
    parts = []
    for frame in range(recipe.frames):
        if recipe.turned:
            picture = np.rot90(lanes.draw(height, width, recipe.lane, recipe.number, frame))
        else:
            picture = lanes.draw(width, height, recipe.lane, recipe.number, frame)
        parts += [np.ascontiguousarray(picture).tobytes(), chroma]
    return b"".join(parts)


def _measured(recipe: Recipe, path: Path, build: Build) -> Source:
    shown = ["-show_entries", "stream=codec_type,start_pts,time_base", "-of", "json", str(path)]
    streams = {stream["codec_type"]: stream for stream in json.loads(run(build.ffprobe, shown))["streams"]}
    if recipe.still:
        return Source(recipe, path, (Fraction(0),), None)
    # a wav file states no start
    origin = min(stream.get("start_pts", 0) * Fraction(stream["time_base"]) for stream in streams.values())
    times: tuple[Fraction, ...] = ()
    if recipe.frames:
        times = tuple(time - origin for time in frame_times(path, "v", build))
    start = None
    if recipe.sound:
        heard = decoded_sound(path, build, recipe.sound.rate)[:, -1].astype(np.float64)
        place = sound.locate(heard[8_192:16_384], recipe.number, recipe.sound.rate)
        if place is None:
            raise RuntimeError(f"{recipe.name}: its sound does not read")
        lead = Fraction(8_192 - round(place.position), recipe.sound.rate)
        start = frame_times(path, "a", build)[0] - origin + lead
    return Source(recipe, path, times, start)


def frame_times(path: Path, stream: str, build: Build) -> list[Fraction]:
    """The presentation time of every decoded frame of the first stream of a kind (``v`` or ``a``), exact.

    A program stream need not say when its last frame appears: then it is as long after its neighbour as that one was.
    """
    select = [
        "-select_streams",
        f"{stream}:0",
        "-show_entries",
        "stream=time_base:frame=best_effort_timestamp",
        "-of",
        "json",
    ]
    answer = json.loads(run(build.ffprobe, [*select, str(path)]))
    base = Fraction(answer["streams"][0]["time_base"])
    times: list[Fraction] = []
    for frame in answer["frames"]:
        stamp = frame.get("best_effort_timestamp")
        times.append(2 * times[-1] - times[-2] if stamp is None else stamp * base)
    return times


def decoded_sound(path: Path, build: Build, rate: int) -> sound.Wave:
    """The first sound stream decoded to (samples, 2) at ``rate``, from its first sample on."""
    raw = run(build.ffmpeg, ["-i", str(path), "-map", "0:a:0", "-ac", "2", "-ar", str(rate), "-f", "f32le", "-"])
    return np.frombuffer(raw, np.float32).reshape(-1, 2)
