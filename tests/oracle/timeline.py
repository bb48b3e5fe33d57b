"""Timelines as the tests write them: what lies where, in flicks, and the same as facts of a project."""

from dataclasses import dataclass
from fractions import Fraction

import msgspec

from domain.timeline import events
from tests.oracle.lanes import FULL, Rect
from tests.oracle.sources import Source

FLICKS = 705_600_000  # in a second
MILLION = 1_000_000


@dataclass(frozen=True)
class Lay:
    """Part of a source on a track. Times and lengths are flicks; ``volume`` is in millionths."""

    source: Source
    in_point: int
    out_point: int
    at: int
    fit: events.Fit = "contain"
    rect: Rect = FULL
    fade_in: int = 0
    fade_out: int = 0
    volume: int = MILLION
    effects: tuple[events.Effect, ...] = ()

    @property
    def end(self) -> int:
        """The first moment after it."""
        return self.at + self.out_point - self.in_point


@dataclass(frozen=True)
class Row:
    """A track and what lies on it."""

    lays: tuple[Lay, ...]
    kind: events.TrackKind = "video"
    volume: int = MILLION
    muted: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Timeline:
    """A film to be: its format, its tracks, bottom first, and the fades of the whole film."""

    rows: tuple[Row, ...]
    rate: Fraction = Fraction(30)
    size: tuple[int, int] = (320, 180)
    sample_rate: int = 48_000
    background: str = "#000000"
    fade_in: int = 0
    fade_out: int = 0

    @property
    def lays(self) -> list[Lay]:
        """Everything that lies on it."""
        return [lay for row in self.rows for lay in row.lays]

    @property
    def sources(self) -> list[Source]:
        """Every source that it uses, once."""
        return list({lay.source.recipe.name: lay.source for lay in self.lays}.values())


def seconds(time: Fraction | int | str) -> int:
    """Flicks of a time in seconds, the nearest whole one."""
    return round(Fraction(time) * FLICKS)


def frames(count: int, rate: Fraction) -> int:
    """Flicks of a number of frames, the nearest whole one."""
    return seconds(count / rate)


def facts(timeline: Timeline) -> list[events.Fact]:
    """The facts that make a project of this timeline."""
    rate = events.Rate(timeline.rate.numerator, timeline.rate.denominator)
    width, height = timeline.size
    output = events.Output(width, height, rate, timeline.sample_rate, timeline.background)
    made: list[events.Fact] = [events.ProjectCreated("fidelity", output)]
    for index, row in enumerate(timeline.rows):
        track = events.Track(f"t{index}", row.kind, f"t{index}", row.volume, row.muted, row.hidden, locked=False)
        made.append(events.TrackAdded(track, index))
        for place, lay in enumerate(row.lays):
            name = f"t{index}c{place}"
            made.append(events.ClipAdded(_clip(lay, f"t{index}", name)))
            made += [
                events.EffectAdded(name, msgspec.structs.replace(effect, id=f"{name}e{number}"), number)
                for number, effect in enumerate(lay.effects)
            ]
    fades = [("fade_in", timeline.fade_in), ("fade_out", timeline.fade_out)]
    for index, (kind, lasting) in enumerate((kind, lasting) for kind, lasting in fades if lasting):
        effect = events.Effect(f"whole_{kind}", kind, {"duration": lasting}, events.Window(0, None))
        made.append(events.GlobalEffectAdded(effect, index))
    return made


def _clip(lay: Lay, track: str, name: str) -> events.Clip:
    recipe = lay.source.recipe
    kind: events.MediaKind = "image" if recipe.still else "video" if recipe.frames else "audio"
    # the rules about a source's length are tested where they live: here it is as long as it needs to be
    length = None if recipe.still else max(lay.out_point, seconds(lay.source.length))
    source = events.Source(recipe.name, kind, length, recipe.sound is not None)
    x, y, width, height = (round(part * MILLION) for part in (lay.rect.x, lay.rect.y, lay.rect.width, lay.rect.height))
    transform = events.Transform(x, y, width, height)
    return events.Clip(
        name,
        track,
        source,
        lay.in_point,
        lay.out_point,
        lay.at,
        lay.volume,
        lay.fade_in,
        lay.fade_out,
        lay.fit,
        transform,
    )
