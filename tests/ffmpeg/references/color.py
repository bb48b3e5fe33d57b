"""What effects on colours must make of a frame."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.ffmpeg.picture import CHROMA, Picture, Plane, from_rgb, ranged, to_rgb
from tests.ffmpeg.references.proof import EXACT, RGB, Params, centred, proves, rgb, yuv


def channels(picture: Picture, *change: Callable[[Plane], Plane]) -> Picture:
    found = [
        np.floor(one(channel) + 0.5) for one, channel in zip(change * (3 // len(change)), to_rgb(picture), strict=True)
    ]
    return from_rgb(found, picture.a)


@proves(EXACT)
def brightness(p: Picture, of: Params) -> Picture:
    return ranged(replace(p, y=p.y + 219 * of["amount"]))


@proves(EXACT)
def contrast(p: Picture, of: Params) -> Picture:
    c = of["amount"]
    return ranged(replace(p, y=125.5 + (p.y - 125.5) * c, u=128 + (p.u - 128) * c, v=128 + (p.v - 128) * c))


@proves(EXACT)
def saturation(p: Picture, of: Params) -> Picture:
    return ranged(p.chroma(128 + (p.u - 128) * of["amount"], 128 + (p.v - 128) * of["amount"]))


@proves(EXACT)
def gamma(p: Picture, of: Params) -> Picture:
    return ranged(replace(p, y=16 + 219 * np.clip((p.y - 16) / 219, 0, 1) ** (1 / of["amount"])))


@proves(EXACT)
def exposure(p: Picture, of: Params) -> Picture:
    gain = (2 ** of["stops"]) ** (1 / 2.4)
    return ranged(replace(p, y=16 + (p.y - 16) * gain, u=128 + (p.u - 128) * gain, v=128 + (p.v - 128) * gain))


@proves(50)
def hue(p: Picture, of: Params) -> Picture:
    turned = ((p.u - 128) + 1j * (p.v - 128)) * np.exp(1j * np.deg2rad(of["angle"]))
    return p.chroma(128 + turned.real, 128 + turned.imag)


@proves(RGB)
def white_balance(p: Picture, of: Params) -> Picture:
    warm, tint = of["temperature"] / 4, of["tint"] / 4
    return channels(p, lambda r: r * (1 + warm), lambda g: g * (1 - tint), lambda b: b * (1 - warm))


@proves(RGB)
def color_balance(p: Picture, of: Params) -> Picture:
    return channels(p, lambda r: r * of["red"], lambda g: g * of["green"], lambda b: b * of["blue"])


@proves(RGB)
def levels(p: Picture, of: Params) -> Picture:
    def stretched(level: Plane) -> Plane:
        part = np.clip((level / 255 - of["black_in"]) / (of["white_in"] - of["black_in"]), 0, 1)
        return 255 * (of["black_out"] + (of["white_out"] - of["black_out"]) * part ** (1 / of["gamma"]))

    return channels(p, stretched)


CURVES = {
    "contrast": [[(0, 0), (0.25, 0.18), (0.75, 0.82), (1, 1)]] * 3,
    "matte": [[(0, 0.12), (0.5, 0.5), (1, 0.9)]] * 3,
    "lighten": [[(0, 0), (0.4, 0.52), (1, 1)]] * 3,
    "darken": [[(0, 0), (0.6, 0.48), (1, 1)]] * 3,
    "cross_process": [
        [(0, 0), (0.3, 0.2), (0.7, 0.85), (1, 1)],
        [(0, 0), (0.3, 0.25), (0.7, 0.8), (1, 1)],
        [(0, 0.15), (0.5, 0.5), (1, 0.8)],
    ],
    "vintage": [
        [(0, 0.1), (0.5, 0.55), (1, 0.95)],
        [(0, 0.05), (0.5, 0.5), (1, 0.92)],
        [(0, 0.15), (0.5, 0.45), (1, 0.75)],
    ],
}


def spline(points: list[tuple[float, float]], at: Plane) -> Plane:
    """The natural cubic spline through points: second derivatives 0 at both ends."""
    x, y = (np.array(numbers, float) for numbers in zip(*points, strict=True))
    step = np.diff(x)
    rows, right = np.eye(len(x)), np.zeros(len(x))
    for k in range(1, len(x) - 1):
        rows[k, k - 1 : k + 2] = step[k - 1], 2 * (step[k - 1] + step[k]), step[k]
        right[k] = 6 * ((y[k + 1] - y[k]) / step[k] - (y[k] - y[k - 1]) / step[k - 1])
    bend = np.linalg.solve(rows, right)
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    to, fro, h = x[k + 1] - at, at - x[k], step[k]
    cubes = (bend[k] * to**3 + bend[k + 1] * fro**3) / (6 * h)
    return cubes + (y[k] / h - bend[k] * h / 6) * to + (y[k + 1] / h - bend[k + 1] * h / 6) * fro


@proves(RGB)
def curves(p: Picture, of: Params) -> Picture:
    bent = [lambda level, points=points: 255 * spline(points, level / 255) for points in CURVES[of["preset"]]]
    return channels(p, *bent)


def toward(p: Picture, u: float, v: float, amount: float) -> Picture:
    return ranged(p.chroma(p.u + (u - p.u) * amount, p.v + (v - p.v) * amount))


@proves(EXACT)
def grayscale(p: Picture, of: Params) -> Picture:
    return toward(p, CHROMA, CHROMA, of["amount"])


@proves(EXACT)
def sepia(p: Picture, of: Params) -> Picture:
    _, u, v = yuv((112, 66, 20))  # what sepia ink looks like
    return toward(p, u, v, of["amount"])


@proves(EXACT)
def colorize(p: Picture, of: Params) -> Picture:
    _, u, v = yuv(rgb(of, "color"))
    return toward(p, u, v, of["amount"])


@proves(RGB)
def duotone(p: Picture, of: Params) -> Picture:
    grey = np.clip(np.round(255 * (p.y - 16) / 219), 0, 255) / 255
    ends = zip(rgb(of, "shadows"), rgb(of, "highlights"), strict=True)
    return from_rgb([low + (high - low) * grey for low, high in ends], p.a)


@proves(EXACT)
def invert(p: Picture, of: Params) -> Picture:
    return Picture(16 + 235 - p.y, 256 - p.u, 256 - p.v, p.a)


@proves(36)
def posterize(p: Picture, of: Params) -> Picture:
    count = of["levels"]
    return channels(p, lambda level: np.minimum(np.floor(level * count / 256), count - 1) * 255 / (count - 1))


@proves(42)
def solarize(p: Picture, of: Params) -> Picture:
    return channels(p, lambda level: np.where(level > 255 * of["threshold"], 255 - level, level))


@proves(EXACT)
def threshold(p: Picture, of: Params) -> Picture:
    return replace(p, y=np.where((p.y - 16) / 219 >= of["level"], 235.0, 16.0)).chroma(CHROMA, CHROMA)


@proves(52)
def vignette(p: Picture, of: Params) -> Picture:
    distance = np.hypot(*centred(p)) / np.hypot(0.5, 0.5)
    shade = of["amount"] * np.clip((distance - of["size"]) / (1 - of["size"]), 0, 1) ** 2
    return replace(replace(p, a=1 - shade).over((16, 128, 128)), a=p.a)


@proves(RGB)
def rgb_split(p: Picture, of: Params) -> Picture:
    r, g, b = to_rgb(p)
    columns = np.arange(r.shape[1])
    moved = [
        ch[:, np.clip(columns + by, 0, len(columns) - 1)] for ch, by in ((r, of["distance"]), (b, -of["distance"]))
    ]
    return from_rgb([moved[0], g, moved[1]], p.a)
