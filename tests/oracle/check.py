"""Compares a film with its timeline and names every difference: which frame or sample, what was due, what is there."""

from collections.abc import Iterator
from fractions import Fraction

from tests.oracle import expect, lanes, listen
from tests.oracle.fault import Fault
from tests.oracle.film import Film
from tests.oracle.timeline import Timeline

FAINT = 0.15  # a picture weaker than this need not be read, and what is read of it may be an accident
WEIGHT_SLACK = 0.05  # of full contrast: what x264 takes
COARSE_LOSS, FINE_LOSS = 0.07, 0.35  # of its weight: what scaling takes from a picture, and from one with fine cells
FINE = 8  # pixels


def faults(film: Film, timeline: Timeline) -> list[Fault]:
    """Everything that is wrong with a film; an empty list is a faithful one."""
    return [*picture_faults(film, timeline), *listen.faults(film, timeline)]


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
            found += [Fault("picture", n, detail) for detail in _differences(frames[n], readings, timeline.size[0])]
    return found


def _stretches(frames: list[list[expect.Shown]]) -> Iterator[tuple[set[lanes.Rect], int, int]]:
    """Runs of frames whose pictures lie in the same places: (places, first, last)."""
    first = 0
    for n in range(1, len(frames) + 1):
        places = {picture.rect for picture in frames[first]}
        if n == len(frames) or {picture.rect for picture in frames[n]} != places:
            yield places, first, n
            first = n


def _differences(
    due: list[expect.Shown], readings: dict[lanes.Rect, dict[int, lanes.Seen]], width: int
) -> Iterator[str]:
    wanted = {(picture.source, picture.frame) for picture in due if picture.weight != 0}
    for picture in due:
        seen = readings[picture.rect].get(picture.source)
        if picture.weight and (seen is None or seen.frame == picture.frame):
            fine = picture.rect.width * width < FINE * lanes.CELLS
            yield from _misread(picture, picture.weight, seen, fine)
    clear = [seen for of_rect in readings.values() for seen in of_rect.values() if seen.weight > FAINT]
    shows = {(seen.source, seen.frame) for seen in clear}
    for source, frame in sorted(shows - wanted):
        yield f"source {source} frame {frame} shows, due is {sorted(wanted)}"


def _misread(picture: expect.Shown, weight: Fraction, seen: lanes.Seen | None, fine: bool) -> Iterator[str]:
    if seen is None:
        if weight > FAINT:
            yield f"source {picture.source} frame {picture.frame} is due and does not show"
        return
    least = float(weight) * (1 - (FINE_LOSS if fine else COARSE_LOSS))
    if not least - WEIGHT_SLACK <= seen.weight <= weight + WEIGHT_SLACK:
        yield f"source {picture.source} has weight {seen.weight:.3f}, {float(weight):.3f} is due"
