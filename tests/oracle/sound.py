"""The sound code: left a tone whose pitch names the source, right noise that says which sample plays.

The noise is made in the frequency domain over the whole length of a source, so the same noise can be had at any sample
rate and moved by any fraction of a sample. Positions are in samples of the rate asked for, as floats: this is measured,
not reckoned.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SECONDS = 4  # of sound in every source
LOWEST, HIGHEST = 200, 7_000  # Hz: what every codec here keeps
TONE_FIRST, TONE_STEP = 500, 100  # Hz
NOISE_RMS, TONE_PEAK = 0.15, 0.3
SURE = 0.3  # the least correlation that counts as heard: by chance, the best of all places reaches 0.2

Wave = NDArray[np.float32]
Exact = NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """Where a stretch of sound comes from: its first sample's position in the source, and how alike the two are."""

    position: float
    likeness: float


def tone_pitch(source: int) -> int:
    """The pitch that names a source, Hz."""
    return TONE_FIRST + TONE_STEP * source


@lru_cache(maxsize=64)
def _spectrum(source: int) -> NDArray[np.complex128]:
    bins = np.zeros(HIGHEST * SECONDS + 1, np.complex128)
    phases = np.random.default_rng(1_000 + source).uniform(0, 2 * np.pi, len(bins))
    bins[LOWEST * SECONDS :] = np.exp(1j * phases[LOWEST * SECONDS :])
    return bins


@lru_cache(maxsize=64)
def noise(source: int, rate: int, shift: float = 0.0) -> Exact:
    """The noise of a source at ``rate``, all of it; sample k is taken at k + ``shift``."""
    length = rate * SECONDS
    bins = _spectrum(source)
    if shift:
        bins = bins * np.exp(2j * np.pi * np.arange(len(bins)) * shift / length)
    whole = np.fft.irfft(np.concatenate([bins, np.zeros(length // 2 + 1 - len(bins))]), length)
    wave: Exact = whole * (NOISE_RMS / np.sqrt(np.mean(whole**2)))
    return wave


def recording(source: int, rate: int, channels: int) -> Wave:
    """What a source sounds like, (samples, channels): tone and noise apart in stereo, both at half strength in mono."""
    if channels == 1:
        return right(source, rate, 0.0, apart=False).astype(np.float32).reshape(-1, 1)
    return np.stack([_tone(source, rate, 0.0), noise(source, rate)], axis=1).astype(np.float32)


@lru_cache(maxsize=64)
def right(source: int, rate: int, shift: float, apart: bool) -> Exact:
    """The right channel of a source's sound; sample k is taken at k + ``shift``. ``apart`` is stereo."""
    return noise(source, rate, shift) if apart else (_tone(source, rate, shift) + noise(source, rate, shift)) / 2


def _tone(source: int, rate: int, shift: float) -> Exact:
    times = (np.arange(rate * SECONDS) + shift) / rate
    return TONE_PEAK * np.sin(2 * np.pi * tone_pitch(source) * times)


def named(left: Exact, rate: int) -> int | None:
    """The source whose tone is the strongest in ``left``; None where nothing is heard."""
    if len(left) == 0 or np.sqrt(np.mean(left**2)) < 0.003:
        return None
    strength = np.abs(np.fft.rfft(left * np.hanning(len(left)), 1 << 15))
    pitch = np.argmax(strength) * rate / (1 << 15)
    source = round((pitch - TONE_FIRST) / TONE_STEP)
    return source if source > 0 and abs(pitch - tone_pitch(source)) < TONE_STEP / 4 else None


def tone_gain(left: Exact, source: int, rate: int, curve: Exact) -> float:
    """How loud a source's tone is in ``left``, beside what it would be at full strength and shaped by ``curve``."""
    window = np.hanning(len(left)) * curve
    wave = np.exp(-2j * np.pi * tone_pitch(source) / rate * np.arange(len(left)))
    return float(2 * np.abs(np.sum(window * left * wave)) / np.sum(window * curve) / TONE_PEAK)


def locate(stretch: Exact, source: int, rate: int) -> Place | None:
    """Where in a source's noise ``stretch`` begins, searched over all of it; None where it is not heard."""
    reference = noise(source, rate)
    size = 1 << int(np.ceil(np.log2(len(reference) + len(stretch))))
    product = np.fft.irfft(_transform(source, rate, size) * np.conj(np.fft.rfft(stretch, size)), size)
    matches = product[: len(reference) - len(stretch) + 1]
    best = int(np.argmax(matches))
    found = reference[best : best + len(stretch)]
    scale = np.sqrt(np.sum(found**2) * np.sum(stretch**2))
    if scale == 0 or matches[best] / scale < SURE:
        return None
    return Place(peak(matches), float(matches[best] / scale))


@lru_cache(maxsize=32)
def _transform(source: int, rate: int, size: int) -> NDArray[np.complex128]:
    transform: NDArray[np.complex128] = np.fft.rfft(noise(source, rate), size)
    return transform


def peak(values: Exact) -> float:
    """Where the values are greatest: the top of the parabola through the greatest and its neighbours."""
    best = int(np.argmax(values))
    if not 0 < best < len(values) - 1:
        return float(best)
    before, middle, after = values[best - 1 : best + 2]
    bend = before - 2 * middle + after
    return best + float((before - after) / (2 * bend) if bend else 0.0)


def turning_point(heard: Exact, before: Exact, after: Exact, due: int) -> int:
    """The index at which ``heard`` stops being like ``before`` and starts being like ``after``, by least squares.

    Of indices that fit as well as the best, to within four samples' worth of difference, the one nearest to ``due``:
    where both sides are silent there is nothing to tell them apart by.
    """
    left = np.concatenate([[0.0], np.cumsum((heard - before) ** 2)])
    right = np.concatenate([np.cumsum(((heard - after) ** 2)[::-1])[::-1], [0.0]])
    misfit = left + right
    telling = (before - after) ** 2
    good = np.flatnonzero(misfit <= misfit.min() + 4 * telling[telling > 0].mean())
    return int(good[np.argmin(np.abs(good - due))])
