"""What every effect on sound must make of samples (sample, side) at 48 kHz, by numpy alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.ffmpeg.references.proof import Params

Samples = NDArray[np.float64]
Reference = Callable[[Samples, Params], Samples]
RATE = 48_000


@dataclass(frozen=True)
class Heard:
    """A reference, and how far below the sound what differs from it must lie, in dB."""

    reference: Reference
    least: float


SOUNDS: dict[str, Heard] = {}


def proves(least: float) -> Callable[[Reference], Reference]:
    """The reference of the effect whose name the function has."""

    def keep(reference: Reference) -> Reference:
        SOUNDS[reference.__name__] = Heard(reference, least)
        return reference

    return keep


FLOAT = 110  # single precision, a few roundings deep


def factor(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def sides(x: Samples, left: tuple[float, float], right: tuple[float, float]) -> Samples:
    return x @ np.array([left, right]).T


@proves(FLOAT)
def volume(x: Samples, of: Params) -> Samples:
    return x * of["gain"]


@proves(FLOAT)
def stereo_balance(x: Samples, of: Params) -> Samples:
    return x * [min(1, 1 - of["balance"]), min(1, 1 + of["balance"])]


@proves(100)  # its gains have six places
def stereo_pan(x: Samples, of: Params) -> Samples:
    middle = x.mean(axis=1)
    return np.stack([middle * np.sqrt((1 + sign * of["position"]) / 2) for sign in (-1, 1)], axis=1)


@proves(FLOAT)
def stereo_width(x: Samples, of: Params) -> Samples:
    same, different = x.mean(axis=1), (x[:, 0] - x[:, 1]) / 2 * of["width"]
    return np.stack([same + different, same - different], axis=1)


@proves(FLOAT)
def channel_mix(x: Samples, of: Params) -> Samples:
    gains = {
        "left": ((1, 0), (1, 0)),
        "right": ((0, 1), (0, 1)),
        "swap": ((0, 1), (1, 0)),
        "mono": ((0.5, 0.5), (0.5, 0.5)),
    }
    return sides(x, *gains[of["use"]])


@proves(FLOAT)
def phase_invert(x: Samples, of: Params) -> Samples:
    return x * [-1 if of["channels"] in ("both", side) else 1 for side in ("left", "right")]


@proves(100)
def distortion(x: Samples, of: Params) -> Samples:
    return np.tanh(x * factor(of["drive"]))


@proves(100)
def tremolo(x: Samples, of: Params) -> Samples:
    wave = 1 - of["depth"] * (1 - np.cos(2 * np.pi * of["frequency"] * np.arange(len(x)) / RATE)) / 2
    return x * wave[:, None]


def filtered(x: Samples, upper: list[float], lower: list[float]) -> Samples:
    """A filter of the second order by its transfer function, told at every frequency."""
    size = 2 * len(x)
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    gain = np.polyval(upper[::-1], z) / np.polyval(lower[::-1], z)
    return np.fft.irfft(np.fft.rfft(x, size, axis=0) * gain[:, None], size, axis=0)[: len(x)]


def turn(of: Params, frequency: float | None = None) -> tuple[float, float]:
    """The cosine, and the alpha of Bristow-Johnson's formulas."""
    w = 2 * np.pi * (frequency or of["frequency"]) / RATE
    return float(np.cos(w)), float(np.sin(w) / (2 * of["q"]))


@proves(90)
def eq_peak(x: Samples, of: Params) -> Samples:
    (c, alpha), a = turn(of), 10 ** (of["gain"] / 40)
    return filtered(x, [1 + alpha * a, -2 * c, 1 - alpha * a], [1 + alpha / a, -2 * c, 1 - alpha / a])


def shelf(x: Samples, of: Params, sign: int) -> Samples:
    (c, alpha), a = turn(of), 10 ** (of["gain"] / 40)
    s, more, less, c = 2 * np.sqrt(a) * alpha, a + 1, a - 1, sign * c
    upper = [a * (more - less * c + s), sign * 2 * a * (less - more * c), a * (more - less * c - s)]
    return filtered(x, upper, [more + less * c + s, sign * -2 * (less + more * c), more + less * c - s])


@proves(90)
def low_shelf(x: Samples, of: Params) -> Samples:
    return shelf(x, of, 1)


@proves(90)
def high_shelf(x: Samples, of: Params) -> Samples:
    return shelf(x, of, -1)


@proves(90)
def lowpass(x: Samples, of: Params) -> Samples:
    c, alpha = turn(of)
    return filtered(x, [(1 - c) / 2, 1 - c, (1 - c) / 2], [1 + alpha, -2 * c, 1 - alpha])


@proves(90)
def highpass(x: Samples, of: Params) -> Samples:
    c, alpha = turn(of)
    return filtered(x, [(1 + c) / 2, -1 - c, (1 + c) / 2], [1 + alpha, -2 * c, 1 - alpha])


@proves(90)
def bandpass(x: Samples, of: Params) -> Samples:
    c, alpha = turn(of)
    return filtered(x, [alpha, 0, -alpha], [1 + alpha, -2 * c, 1 - alpha])


def cut(x: Samples, of: Params, frequency: float) -> Samples:
    c, alpha = turn(of, frequency)
    return filtered(x, [1, -2 * c, 1], [1 + alpha, -2 * c, 1 - alpha])


@proves(90)
def notch(x: Samples, of: Params) -> Samples:
    return cut(x, of, of["frequency"])


@proves(80)
def dehum(x: Samples, of: Params) -> Samples:
    for multiple in range(1, of["overtones"] + 1):
        x = cut(x, of, multiple * int(of["mains"]))
    return x
