"""Planning: clips into units with their FFmpeg arguments, without and with effects; and one effect into its filter."""

from fractions import Fraction
from functools import partial

import msgspec

from adapters.cli.bench.figures import Figure, best_of
from adapters.cli.bench.timelines import OUTPUT, SECOND, encoded, row
from domain.library.media import AudioStream, FrameTable, MediaFile, Ratio, VideoStream
from domain.render.formats import coding
from domain.render.formats.presets import chosen
from domain.render.plan import FfmpegBuild, Request
from domain.timeline.events import ClipAdded, Effect, EffectAdded, Source, TimelineFact, Window
from rust_core import Project, effect_definitions, effect_filter, normalise_params, plan

CLIPS = 100
BUDGET_MS = 5
STACKED = {100: 5, 1000: 50}  # clips with three effects each, and milliseconds
STACK = ("contrast", "vignette", "gaussian_blur")
_SOURCE = Source("med_bench", "video", 60 * SECOND, sound=True)


def measure() -> list[Figure]:
    """Time to plan clips of three seconds, all graphs included; per unit; and to make an effect's filter."""
    units, seconds = _planned(row(CLIPS, _SOURCE, 3 * SECOND))
    figures = [
        Figure(f"plan of {CLIPS} clips", 1000 * seconds / BUDGET_MS, "of its budget", f"{BUDGET_MS} ms; {units} units"),
        Figure("a unit's graph, mean", 1000 * seconds / units, "of its budget", "1 ms"),
    ]
    for clips, budget in STACKED.items():
        units, seconds = _planned(_with_effects(row(clips, _SOURCE, 3 * SECOND)))
        what = f"plan of {clips} clips, 3 effects each"
        figures.append(Figure(what, 1000 * seconds / budget, "of its budget", f"{budget} ms; {units} units"))
    return [*figures, _filters()]


def _planned(timeline: list[TimelineFact]) -> tuple[int, float]:
    """How many units a project has, and the seconds that its plan takes."""
    project = Project.empty().apply(encoded(timeline))
    media = msgspec.msgpack.encode({_SOURCE.media: _file(_SOURCE)})
    made = chosen("standard", None)
    picture = coding.picture(made, made.candidates[0], 1, Fraction(1))
    build = FfmpegBuild("bench", "-filter_complex_script")
    request = msgspec.msgpack.encode(Request(picture, coding.sound(made), build, {}))
    units = len(msgspec.msgpack.decode(plan(project, media, request))["units"])
    return units, best_of(20, lambda: plan(project, media, request))


def _with_effects(timeline: list[TimelineFact]) -> list[TimelineFact]:
    made = {kind: msgspec.msgpack.decode(normalise_params(kind, b"{}")) for kind in STACK}
    clips = [fact.clip.id for fact in timeline if isinstance(fact, ClipAdded)]
    stacked = (
        EffectAdded(clip, Effect(f"{clip}-{kind}", kind, made[kind], Window(0, None)), place)
        for clip in clips
        for place, kind in enumerate(STACK)
    )
    return [*timeline, *stacked]


def _filters() -> Figure:
    """The slowest of all effects from parameters as a request has them to its filter."""
    output = msgspec.msgpack.encode(OUTPUT)

    def made(kind: str, params: bytes) -> bytes:
        return bytes(effect_filter(kind, normalise_params(kind, params), output))

    examples = {of["effect_type"]: of["example"]["params"] for of in msgspec.json.decode(effect_definitions())}
    times = {kind: best_of(20, partial(made, kind, msgspec.json.encode(params))) for kind, params in examples.items()}
    slowest = max(times, key=lambda kind: times[kind])
    return Figure("an effect's filter, slowest", 1000 * times[slowest], "of its budget", f"1 ms; {slowest}")


def _file(source: Source) -> MediaFile:
    """A minute of 720p30 with sound."""
    frames = FrameTable(0, [(512, 1799)], 512)
    picture = VideoStream(
        index=0,
        codec="h264",
        width=1280,
        height=720,
        sar=Ratio(1, 1),
        rotation=0,
        time_base=Ratio(1, 15_360),
        frames=frames,
        pix_fmt="yuv420p",
        color_range="tv",
        color_space="bt709",
        color_primaries="bt709",
        color_transfer="bt709",
    )
    sound = AudioStream(index=1, codec="aac", sample_rate=48_000, channels=2, start=0, duration=60 * SECOND)
    return MediaFile(
        id=source.media,
        kind="video",
        sha256="0" * 64,
        demuxer="mov",
        exact_seek=True,
        origin=0,
        duration=source.duration,
        video=picture,
        audio=sound,
    )
