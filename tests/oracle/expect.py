"""What a timeline must show and sound like, worked out from the rules in exact fractions.

The rules: a boundary is the nearest frame (or sample), a half rounding up. Output frame n of a clip that covers frames
[first, last) shows source time ``in_point + (n - first) / rate``: the last source frame whose time is not later, or the
first frame where all are later. A container that counts whole milliseconds knows a frame's time to half of one: there a
frame may be that much early. A fade of n frames shows k/n at its frame k. Sound lies on its own grid of samples and
starts with source time ``in_point``.
"""

import bisect
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import numpy as np

from tests.oracle import sound
from tests.oracle.lanes import Rect, copies
from tests.oracle.timeline import FLICKS, MILLION, Lay, Row, Timeline


@dataclass(frozen=True)
class Shown:
    """A picture that an output frame must hold: which frame of which source, and where.

    ``strips`` are the weights of its lane's two copies: 0 where something covers one, None where nothing can be
    claimed, because something covers a part of it or is mixed into its very cells.
    """

    source: int
    frame: int
    rect: Rect
    lane: int
    strips: tuple[Fraction | None, ...]

    @property
    def weight(self) -> Fraction | None:
        """What the stronger copy must show; None where it need not be readable."""
        clear = [strip for strip in self.strips if strip is not None]
        return max(clear) if any(clear) or len(clear) == len(self.strips) else None

    def lies(self) -> list[Rect]:
        """Where the two copies of its lane are on the canvas."""
        return [copy.within(self.rect) for copy in copies(self.lane)]


@dataclass(frozen=True)
class Heard:
    """A clip's sound on the film's samples [first, last): sample ``first`` is source time ``begin``, in seconds.

    Its rise and its fall are counted from ``first`` and to ``end``, which may lie beyond the film's last frame. Over
    ``opening`` and ``closing`` samples its cuts are blended.
    """

    lay: Lay
    first: int
    last: int
    begin: Fraction
    gain: Fraction
    rise: int
    fall: int
    end: int
    opening: int = 0
    closing: int = 0

    def loudness(self, start: int, stop: int) -> sound.Exact:
        """Its gain over samples [start, stop) of the film: 0 outside the clip, straight lines in its fades."""
        at = np.arange(start, stop)
        curve = np.where((at >= self.first) & (at < self.last), float(self.gain), 0.0)
        if self.rise:
            curve *= np.clip((at - self.first) / self.rise, 0, 1)
        if self.fall:
            curve *= np.clip((self.end - at) / self.fall, 0, 1)
        if self.opening:
            curve *= _smooth((at - self.first) / self.opening)
        if self.closing:
            curve *= _smooth((self.end - at) / self.closing)
        return curve

    @property
    def strength(self) -> float:
        """How loud each code is in the source: mono carries both at half strength."""
        recipe = self.lay.source.recipe.sound
        return 1.0 if recipe and recipe.channels == 2 else 0.5

    def position(self, sample: int, rate: int) -> Fraction:
        """Where in the source's own noise, counted at ``rate``, the clip's sample of that number lies."""
        assert self.lay.source.sound_start is not None
        return (self.begin - self.lay.source.sound_start) * rate + sample

    def right(self, start: int, stop: int, rate: int) -> sound.Exact:
        """What its source has on the right for samples [start, stop) of the film, as if the clip had no ends."""
        position = self.position(start - self.first, rate)
        whole = floor(position)
        wave = sound.right(self.lay.source.number, rate, float(position - whole), self.strength == 1)
        padded = np.zeros(stop - start)
        low, high = max(whole, 0), min(whole + stop - start, len(wave))
        if low < high:
            padded[low - whole : high - whole] = wave[low:high]
        return padded


def boundary(time: int, rate: Fraction | int) -> int:
    """The frame or sample nearest to a time in flicks, a half rounding up."""
    return floor(Fraction(time, FLICKS) * rate + Fraction(1, 2))


def length(timeline: Timeline) -> int:
    """How many frames the film has."""
    return boundary(max(lay.end for lay in timeline.lays), timeline.rate)


def samples(timeline: Timeline) -> int:
    """How many samples the film has: as long as its frames."""
    return floor(length(timeline) / timeline.rate * timeline.sample_rate + Fraction(1, 2))


def source_frame(lay: Lay, index: int, rate: Fraction) -> int:
    """Which frame of its source a clip shows at its own frame ``index``."""
    if lay.source.recipe.still:
        return 0
    moment = Fraction(lay.in_point, FLICKS) + index / rate + lay.source.recipe.blur
    return max(0, bisect.bisect_right(lay.source.times, moment) - 1)


def pictures(timeline: Timeline, frame: int) -> list[Shown]:
    """Every picture in a frame of the film, bottom first."""
    rate = timeline.rate
    # an effect that is there takes a frame at least, a clip's own fade may round to none
    rise, fall = (max(1, boundary(fade, rate)) if fade else 0 for fade in (timeline.fade_in, timeline.fade_out))
    overall = _ramp(frame, length(timeline), rise, fall)
    shown: list[Shown] = []
    for row in timeline.rows:
        for lay in () if row.hidden else row.lays:
            first, last = boundary(lay.at, rate), boundary(lay.end, rate)
            if lay.source.times and first <= frame < last:
                weight = _ramp(frame - first, last - first, boundary(lay.fade_in, rate), boundary(lay.fade_out, rate))
                top = _top(lay, source_frame(lay, frame - first, rate), weight, timeline)
                below = [_under(picture, top, window(lay, timeline), weight) for picture in shown]
                shown = [*below, _over(top, below, weight)]
    return [_dimmed(picture, overall) for picture in shown]


def _top(lay: Lay, number: int, weight: Fraction, timeline: Timeline) -> Shown:
    """A picture by itself; of a copy that ``cover`` crops nothing is claimed."""
    recipe = lay.source.recipe
    place, frame = placed(lay, timeline), window(lay, timeline)
    strips = tuple(weight if frame.covers(copy.within(place)) else None for copy in copies(recipe.lane))
    return Shown(recipe.number, number, place, recipe.lane, strips)


def _under(below: Shown, top: Shown, area: Rect, weight: Fraction) -> Shown:
    """What becomes of a picture when another is laid over ``area``."""

    def strip_under(strip: Fraction | None, lies: Rect) -> Fraction | None:
        if weight == 0 or not lies.touches(area):
            return strip
        if not area.covers(lies):
            return None
        if weight == 1:
            return Fraction(0)
        return None if strip is None or any(lies.touches(other) for other in top.lies()) else strip * (1 - weight)

    return replace(below, strips=tuple(map(strip_under, below.strips, below.lies())))


def _over(top: Shown, below: list[Shown], weight: Fraction) -> Shown:
    """A picture that lets others through can't be read where their cells lie under its own."""
    if weight == 1:
        return top
    beneath = [
        lies for picture in below for strip, lies in zip(picture.strips, picture.lies(), strict=True) if strip != 0
    ]
    mixed = [any(lies.touches(other) for other in beneath) for lies in top.lies()]
    strips = tuple(None if mix else strip for strip, mix in zip(top.strips, mixed, strict=True))
    return replace(top, strips=strips)


def _dimmed(picture: Shown, overall: Fraction) -> Shown:
    return replace(picture, strips=tuple(None if strip is None else strip * overall for strip in picture.strips))


def _ramp(index: int, whole: int, rise: int, fall: int) -> Fraction:
    """What is left at ``index`` of something ``whole`` long that rises over its first and falls over its last steps."""
    weight = Fraction(1)
    if rise:
        weight *= min(Fraction(1), Fraction(index, rise))
    if fall:
        weight *= min(Fraction(1), Fraction(whole - index, fall))
    return weight


def placed(lay: Lay, timeline: Timeline) -> Rect:
    """Where a clip's whole picture lies on the canvas; with ``cover`` it reaches beyond its rectangle."""
    width, height = timeline.size
    rect = lay.rect
    shape = lay.source.aspect
    box = rect.width * width / (rect.height * height)
    across = down = Fraction(1)
    if lay.fit != "stretch" and (shape < box) == (lay.fit == "contain"):
        across = shape / box
    elif lay.fit != "stretch":
        down = box / shape
    return Rect((1 - across) / 2, (1 - down) / 2, across, down).within(rect)


def window(lay: Lay, timeline: Timeline) -> Rect:
    """The part of the canvas that a clip's picture fills."""
    return lay.rect if lay.fit == "cover" else placed(lay, timeline)


def sounds(timeline: Timeline) -> list[Heard]:
    """Every sound of the film."""
    return [
        _heard(lay, row, timeline)
        for row in timeline.rows
        if not row.muted
        for lay in row.lays
        if lay.source.sound_start is not None
    ]


def _smooth(part: sound.Exact) -> sound.Exact:
    return (1 - np.cos(np.pi * np.clip(part, 0, 1))) / 2


def _goes_on(one: Lay, other: Lay) -> bool:
    places = (one.source.recipe.name, one.out_point, one.end, one.volume)
    return places == (other.source.recipe.name, other.in_point, other.at, other.volume)


def _blends(lay: Lay, row: Row, rate: int) -> tuple[int, int]:
    """Over how many samples the clip's two ends are blended."""
    assert lay.source.sound_start is not None
    begin = floor(lay.source.sound_start * FLICKS)
    blend = min(rate // 320, (boundary(lay.end, rate) - boundary(lay.at, rate)) // 2)
    rise, fall = (boundary(fade, rate) for fade in (lay.fade_in, lay.fade_out))  # less than a sample is no fade
    opens = lay.in_point > begin and not rise and not any(_goes_on(other, lay) for other in row.lays)
    closes = lay.out_point < begin + sound.SECONDS * FLICKS and not fall
    closes = closes and not any(_goes_on(lay, other) for other in row.lays)
    return blend * opens, blend * closes


def _heard(lay: Lay, row: Row, timeline: Timeline) -> Heard:
    rate = timeline.sample_rate
    return Heard(
        lay,
        boundary(lay.at, rate),
        min(boundary(lay.end, rate), samples(timeline)),
        Fraction(lay.in_point, FLICKS),
        Fraction(lay.volume, MILLION) * Fraction(row.volume, MILLION),
        boundary(lay.fade_in, rate),
        boundary(lay.fade_out, rate),
        boundary(lay.end, rate),
        *_blends(lay, row, rate),
    )


def overall_loudness(timeline: Timeline, start: int, stop: int) -> sound.Exact:
    """The gain of the whole film over samples [start, stop)."""
    rate = timeline.sample_rate
    end = samples(timeline)
    at = np.arange(start, stop)
    curve = np.ones(stop - start)
    if rise := boundary(timeline.fade_in, rate):
        curve *= np.clip(at / rise, 0, 1)
    if fall := boundary(timeline.fade_out, rate):
        curve *= np.clip((end - at) / fall, 0, 1)
    return curve
