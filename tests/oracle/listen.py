"""Listens to a film: every sound in its place, as loud as it should be, beginning and ending where it should."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

import numpy as np

from tests.oracle import expect, sound
from tests.oracle.fault import Fault
from tests.oracle.film import Film
from tests.oracle.timeline import Timeline

SOUND_SLACK = 0.001  # seconds
END_SLACK = 0.003  # seconds, for the end of the film: the last frame of an AAC stream is coarse
GAIN_SLACK = 0.15  # AAC takes an eighth from a short sound at the beginning of a film
LONG = 4 * 2_048  # samples that a sound must have for its gain to be told
SOFTEST = 0.1  # a gain below this is not listened to
HEARD = 2_048  # samples looked at to tell a place
REACH = 1_440  # samples looked at on either side of a cut
SHORTEST = 240  # samples that must lie on either side of it
QUIET = 0.003  # full scale: what an encoder leaves of silence


def faults(film: Film, timeline: Timeline) -> list[Fault]:
    """Sound that starts, ends or runs anywhere but where it must, too loud or soft, or where none should be."""
    sounds = expect.sounds(timeline)
    if film.sample_rate != timeline.sample_rate:
        return [Fault("rate", 0, f"{film.sample_rate} samples a second")] if film.sample_rate or sounds else []
    return [
        *_length_faults(film, timeline),
        *_silence_faults(film, timeline, sounds),
        *(fault for which in range(len(sounds)) for fault in _clip_faults(film, timeline, sounds, which)),
        *_edge_faults(film, timeline, [_moved(heard, film) for heard in sounds]),
    ]


def _length_faults(film: Film, timeline: Timeline) -> Iterator[Fault]:
    due = expect.samples(timeline)
    # an AAC frame holds 1,024 samples: the last one may be filled up
    if not due - 1 <= len(film.samples) < due + 1_024:
        yield Fault("length", len(film.samples), f"{due} samples are due")


def _due(timeline: Timeline, sounds: list[expect.Heard], start: int, stop: int) -> sound.Exact:
    """The right channel as it must be over samples [start, stop)."""
    rate = timeline.sample_rate
    total = np.zeros(stop - start)
    for heard in sounds:
        if heard.first < stop and start < heard.last:
            total += heard.loudness(start, stop) * heard.right(start, stop, rate)
    return total * expect.overall_loudness(timeline, start, stop)


def _silence_faults(film: Film, timeline: Timeline, sounds: list[expect.Heard]) -> Iterator[Fault]:
    step = timeline.sample_rate // 50
    for start in range(0, len(film.samples) - step, step):
        near = [heard for heard in sounds if heard.first - step < start + step and start < heard.last + step]
        level = float(np.sqrt(np.mean(film.samples[start : start + step] ** 2)))
        if not near and level > QUIET:
            yield Fault("noise", start, f"silence is due, {level:.4f} of full scale is heard")


def _clip_faults(film: Film, timeline: Timeline, sounds: list[expect.Heard], which: int) -> Iterator[Fault]:
    """One clip's faults, with the noise of every other sound that is heard beside it taken away."""
    heard, rate = sounds[which], timeline.sample_rate
    first, stop = heard.first, min(heard.last, len(film.samples))
    others = [_moved(other, film) for other in sounds if other is not heard]
    rest = film.samples[first:stop, 1] - _due(timeline, others, first, stop)
    curve = heard.loudness(first, stop) * expect.overall_loudness(timeline, first, stop)
    begin, end = _with_sound(heard, rate)
    for start in _windows(heard.opening, stop - first - heard.closing):
        part = slice(start, start + HEARD)
        if curve[part].min() >= SOFTEST and begin <= first + start and first + start + HEARD <= end:
            pair = film.samples[first:stop, 0][part], rest[part] / curve[part]
            yield from _place_fault(pair, heard, start, rate)
    if not any(other.lay.source == heard.lay.source for other in others):  # two tones of one pitch add up in any way
        yield from _gain_fault(film.samples[first:stop, 0], curve, heard, rate)


def _moved(heard: expect.Heard, film: Film) -> expect.Heard:
    """A sound as it is heard where it is within bounds: a few samples off, it could not be taken away."""
    rate = film.sample_rate
    reach = round(SOUND_SLACK * rate)
    begin, end = _with_sound(heard, rate)
    middle = (begin + end) // 2
    start, stop = max(begin, middle - HEARD), min(end, middle + HEARD, len(film.samples))
    if stop - start < SHORTEST:
        return heard
    part = film.samples[start:stop, 1]
    due = heard.right(start - reach, stop + reach, rate)
    matches = np.correlate(due, part, "valid")
    sure = matches.max() >= sound.SURE * np.sqrt(np.sum(part**2) * np.sum(due[reach:-reach] ** 2))
    return replace(heard, begin=heard.begin + Fraction(sound.peak(matches) - reach) / rate) if sure else heard


def _with_sound(heard: expect.Heard, rate: int) -> tuple[int, int]:
    """The samples of the film on which a clip's source has sound."""
    begin = heard.first - heard.position(0, rate)
    return max(heard.first, ceil(begin)), min(heard.last, floor(begin + rate * sound.SECONDS))


def _windows(begin: int, end: int) -> list[int]:
    """Where to listen: every twelfth of a second, and right at the end."""
    last = end - HEARD
    return sorted({*range(begin, last, 4_000), last}) if last >= begin else []


def _place_fault(pair: tuple[sound.Exact, sound.Exact], heard: expect.Heard, start: int, rate: int) -> Iterator[Fault]:
    """Whether a stretch of the film, left and right, is the source's sound from ``start`` samples into the clip on."""
    number, at, due = heard.lay.source.number, heard.first + start, heard.position(start, rate)
    left, right = pair
    place = sound.locate(right, number, rate)
    if place is None:
        detail = f"source {number} sample {float(due):.1f} is due and not heard, but source {sound.named(left, rate)}"
        yield Fault("sound", at, detail)
    elif abs(place.position - due) > SOUND_SLACK * rate:
        yield Fault("sound", at, f"source {number} is {place.position - float(due):+.1f} samples off")


def _gain_fault(left: sound.Exact, curve: sound.Exact, heard: expect.Heard, rate: int) -> Iterator[Fault]:
    """Over as much of the clip as the source has sound for: an encoder's loudness wavers from frame to frame."""
    begin, end = _with_sound(heard, rate)
    part = slice(begin - heard.first, max(begin, end) - heard.first)
    if len(left[part]) >= LONG and curve[part].mean() >= SOFTEST:
        gain = sound.tone_gain(left[part], heard.lay.source.number, rate, curve[part]) / heard.strength
        if abs(gain - 1) > GAIN_SLACK:
            yield Fault("gain", heard.first, f"source {heard.lay.source.number} is {gain:.3f} times as loud as due")


def _edge_faults(film: Film, timeline: Timeline, sounds: list[expect.Heard]) -> Iterator[Fault]:
    """Where sounds begin and end, by the least squares of what is due on either side of each edge."""
    hard = {heard.first for heard in sounds if not heard.rise} | {heard.last for heard in sounds if not heard.fall}
    for edge in sorted(hard):
        start, stop = max(0, edge - REACH), min(edge + REACH, len(film.samples))
        if edge - start < SHORTEST or stop - edge < SHORTEST:
            continue
        before, after = (_as_if(timeline, sounds, edge, side, start, stop) for side in (edge - 1, edge))
        if np.sqrt(np.mean((before - after) ** 2)) < sound.NOISE_RMS / 8:
            continue
        found = start + sound.turning_point(film.samples[start:stop, 1], before, after, edge - start)
        slack = SOUND_SLACK if edge < expect.samples(timeline) else END_SLACK
        if abs(found - edge) > slack * timeline.sample_rate:
            yield Fault("cut", edge, f"the sound turns {found - edge:+d} samples off")


def _as_if(timeline: Timeline, sounds: list[expect.Heard], edge: int, side: int, start: int, stop: int) -> sound.Exact:
    """Samples [start, stop) as they would be if nothing turned at ``edge``: what sounds at ``side`` of it goes on."""
    total = np.zeros(stop - start)
    for heard in sounds:
        curve = heard.loudness(start, stop)
        if edge in (heard.first, heard.last):
            hard = replace(heard, opening=0, closing=0).loudness(side, side + 1)[0]
            at = np.arange(start, stop)
            blended = np.where((at >= heard.first) & (at < heard.last), curve, hard)
            curve = blended if heard.first <= side < heard.last else np.zeros_like(curve)
        if curve.any():
            total += curve * heard.right(start, stop, timeline.sample_rate)
    return total * expect.overall_loudness(timeline, start, stop)
