"""Compares a film with its timeline and names every difference: which frame or sample, what was due, what is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tests.oracle import expect, lanes, sound
from tests.oracle.film import Film
from tests.oracle.timeline import Timeline

FAINT = 0.15  # a picture weaker than this need not be read
WEIGHT_SLACK = 0.05  # of full contrast: what x264 takes and scaling blurs
PLAIN_SLACK = 0.35  # for a picture that is shown unblended, small ones lose contrast in their fine cells
SOUND_SLACK = 0.001  # seconds
GAIN_SLACK = 0.12
HEARD = 2_048  # samples looked at to tell a place
REACH = 1_440  # samples looked at on either side of a cut
SHORTEST = 240  # samples that must lie on either side of it
QUIET = 0.003  # full scale: what an encoder leaves of silence


@dataclass(frozen=True)
class Fault:
    """Something that is not as the timeline says. ``at`` is a frame or a sample of the film."""

    kind: str
    at: int
    detail: str


def faults(film: Film, timeline: Timeline) -> list[Fault]:
    """Everything that is wrong with a film; an empty list is a faithful one."""
    return [*picture_faults(film, timeline), *sound_faults(film, timeline)]


def picture_faults(film: Film, timeline: Timeline) -> list[Fault]:
    """Frames too many or too few, at wrong times, or showing anything but what they must."""
    due = expect.length(timeline)
    found = []
    if len(film.luma) != due:
        found.append(Fault("count", len(film.luma), f"{due} frames are due"))
    late = [n for n, time in enumerate(film.times) if abs(time - n / timeline.rate) > 1 / timeline.rate / 1_000]
    found += [Fault("time", n, f"appears at {float(film.times[n]):.6f} s") for n in late[:5]]
    frames = [expect.pictures(timeline, n) for n in range(min(due, len(film.luma)))]
    for places, first, last in _stretches(frames):
        seen = {rect: lanes.read(film.luma, rect, slice(first, last)) for rect in {*places, lanes.FULL}}
        for n in range(first, last):
            readings = {rect: of_rect[n - first] for rect, of_rect in seen.items()}
            found += [Fault("picture", n, detail) for detail in _differences(frames[n], readings)]
    return found


def _stretches(frames: list[list[expect.Shown]]) -> Iterator[tuple[set[lanes.Rect], int, int]]:
    """Runs of frames whose pictures lie in the same places: (places, first, last)."""
    first = 0
    for n in range(1, len(frames) + 1):
        places = {picture.rect for picture in frames[first]}
        if n == len(frames) or {picture.rect for picture in frames[n]} != places:
            yield places, first, n
            first = n


def _differences(due: list[expect.Shown], readings: dict[lanes.Rect, dict[int, lanes.Seen]]) -> Iterator[str]:
    wanted = {(picture.source, picture.frame) for picture in due if picture.weight != 0}
    for picture in due:
        seen = readings[picture.rect].get(picture.source)
        if picture.weight and (seen is None or seen.frame == picture.frame):
            yield from _misread(picture, picture.weight, seen)
    shows = {(seen.source, seen.frame) for of_rect in readings.values() for seen in of_rect.values()}
    for source, frame in sorted(shows - wanted):
        yield f"source {source} frame {frame} shows, due is {sorted(wanted)}"


def _misread(picture: expect.Shown, weight: Fraction, seen: lanes.Seen | None) -> Iterator[str]:
    if seen is None:
        if weight > FAINT:
            yield f"source {picture.source} frame {picture.frame} is due and does not show"
        return
    slack = PLAIN_SLACK if weight == 1 else WEIGHT_SLACK
    if abs(seen.weight - weight) > slack:
        yield f"source {picture.source} has weight {seen.weight:.3f}, {float(weight):.3f} is due"


def sound_faults(film: Film, timeline: Timeline) -> list[Fault]:
    """Sound that starts, ends or runs anywhere but where it must, too loud or soft, or where none should be."""
    sounds = expect.sounds(timeline)
    if film.sample_rate != timeline.sample_rate:
        return [Fault("rate", 0, f"{film.sample_rate} samples a second")] if film.sample_rate or sounds else []
    return [
        *_length_faults(film, timeline),
        *_silence_faults(film, timeline, sounds),
        *(fault for heard in sounds for fault in _clip_faults(film, timeline, sounds, heard)),
    ]


def _length_faults(film: Film, timeline: Timeline) -> Iterator[Fault]:
    due = round(expect.length(timeline) / timeline.rate * timeline.sample_rate)
    # an AAC frame holds 1,024 samples: the last one may be filled up
    if not due - 1 <= len(film.samples) < due + 1_024:
        yield Fault("length", len(film.samples), f"{due} samples are due")


def _due(timeline: Timeline, sounds: list[expect.Heard], start: int, stop: int) -> sound.Exact:
    """The right channel as it must be over samples [start, stop)."""
    rate = timeline.sample_rate
    total = np.zeros(stop - start)
    for heard in sounds:
        if heard.first < stop and start < heard.last:
            total += heard.loudness(start, stop) * heard.noise(start, stop, rate)
    return total * expect.overall_loudness(timeline, start, stop)


def _silence_faults(film: Film, timeline: Timeline, sounds: list[expect.Heard]) -> Iterator[Fault]:
    step = timeline.sample_rate // 50
    for start in range(0, len(film.samples) - step, step):
        near = [heard for heard in sounds if heard.first - step < start + step and start < heard.last + step]
        level = float(np.sqrt(np.mean(film.samples[start : start + step] ** 2)))
        if not near and level > QUIET:
            yield Fault("noise", start, f"silence is due, {level:.4f} of full scale is heard")


def _clip_faults(film: Film, timeline: Timeline, sounds: list[expect.Heard], heard: expect.Heard) -> Iterator[Fault]:
    """One clip's faults, with every other sound that is due beside it taken away."""
    others = [other for other in sounds if other is not heard]
    rate = timeline.sample_rate
    stop = min(heard.last, len(film.samples))
    rest = film.samples[heard.first : stop, 1] - _due(timeline, others, heard.first, stop)
    curve = heard.loudness(heard.first, stop) * expect.overall_loudness(timeline, heard.first, stop)
    pure = heard.noise(heard.first, stop, rate)
    for start in _windows(stop - heard.first):
        part = slice(start, start + HEARD)
        if curve[part].min() < 0.1 or np.sqrt(np.mean(pure[part] ** 2)) < sound.NOISE_RMS / 4:
            continue
        yield from _place_fault(rest[part] / curve[part], heard, start, rate)
    for edge in (heard.first, heard.last):
        yield from _edge_fault(film, timeline, sounds, heard, edge)


def _windows(whole: int) -> list[int]:
    """Where to listen: every twelfth of a second, and right at the end."""
    last = whole - HEARD
    return sorted({*range(0, last, 4_000), last}) if last >= 0 else []


def _place_fault(part: sound.Exact, heard: expect.Heard, start: int, rate: int) -> Iterator[Fault]:
    source = heard.lay.source
    assert source.sound_start is not None and source.recipe.sound is not None
    due = float((heard.begin - source.sound_start) * rate) + start
    place = sound.locate(part, source.number, rate)
    at = heard.first + start
    if place is None:
        yield Fault("sound", at, f"source {source.number} sample {due:.1f} is due and not heard")
        return
    if abs(place.position - due) > SOUND_SLACK * rate:
        yield Fault("sound", at, f"source {source.number} is {place.position - due:+.1f} samples off")
    gain = place.gain * (1 if source.recipe.sound.channels == 2 else 2)
    if abs(gain - 1) > GAIN_SLACK:
        yield Fault("gain", at, f"source {source.number} is {gain:.3f} times as loud as it should be")


def _edge_fault(
    film: Film, timeline: Timeline, sounds: list[expect.Heard], heard: expect.Heard, edge: int
) -> Iterator[Fault]:
    """Where a clip's sound begins or ends, by the least squares of what is due on either side of it."""
    start, stop = max(0, edge - REACH), min(edge + REACH, len(film.samples))
    soft = heard.rise if edge == heard.first else heard.fall
    if soft or edge - start < SHORTEST or stop - edge < SHORTEST:
        return
    before, after = (_as_if(timeline, sounds, edge, side, start, stop) for side in (edge - 1, edge))
    if np.sqrt(np.mean((before - after) ** 2)) < sound.NOISE_RMS / 8:
        return
    found = start + sound.turning_point(film.samples[start:stop, 1], before, after, edge - start)
    if abs(found - edge) > SOUND_SLACK * timeline.sample_rate:
        yield Fault("cut", edge, f"source {heard.lay.source.number}'s sound turns {found - edge:+d} samples off")


def _as_if(timeline: Timeline, sounds: list[expect.Heard], edge: int, side: int, start: int, stop: int) -> sound.Exact:
    """Samples [start, stop) as they would be if nothing turned at ``edge``: what sounds at ``side`` of it goes on."""
    total = np.zeros(stop - start)
    for heard in sounds:
        curve = heard.loudness(start, stop)
        if edge in (heard.first, heard.last):
            level = curve[side - start]
            curve = np.full_like(curve, level) if heard.first <= side < heard.last else np.zeros_like(curve)
        if curve.any():
            total += curve * heard.noise(start, stop, timeline.sample_rate)
    return total * expect.overall_loudness(timeline, start, stop)
