"""What every effect on the picture must make of a frame, computed by numpy from the parameters as people write them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tests.ffmpeg.picture import (
    CHROMA,
    Picture,
    Plane,
    doubled,
    filtered,
    from_rgb,
    halved,
    lines,
    ranged,
    sampled,
    to_rgb,
)

Params = dict[str, Any]
Reference = Callable[[Picture, Params], Picture]
NAMED = {
    "orange": (255, 165, 0),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
    "white": (255,) * 3,
    "blue": (0, 0, 255),
}


@dataclass(frozen=True)
class Proof:
    """A reference, how near a film must come to it in dB, and how wide a border is left out."""

    reference: Reference
    least: float
    border: int = 0


PROOFS: dict[str, Proof] = {}


def proves(least: float, border: int = 0) -> Callable[[Reference], Reference]:
    """The reference of the effect whose name the function has."""

    def keep(reference: Reference) -> Reference:
        PROOFS[reference.__name__] = Proof(reference, least, border)
        return reference

    return keep


EXACT = 55  # no more than single levels here and there
RGB = 48  # by way of red, green and blue, with chroma between pixels


def rgb(of: Params, name: str) -> tuple[int, int, int]:
    text = of[name]
    return NAMED[text] if text in NAMED else tuple(int(text[at : at + 2], 16) for at in (1, 3, 5))  # type: ignore[return-value]


def yuv(colour: tuple[int, int, int]) -> tuple[float, float, float]:
    flat = from_rgb([np.full((2, 2), float(level)) for level in colour], np.ones((2, 2)))
    return tuple(float(np.floor(plane[0, 0] + 0.5)) for plane in (flat.y, flat.u, flat.v))  # type: ignore[return-value]


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


def centred(p: Picture) -> tuple[Plane, Plane]:
    """Every pixel's middle from -0.5 to 0.5 of the picture's width and height."""
    height, width = p.y.shape
    return (np.arange(width)[None, :] + 0.5) / width - 0.5, (np.arange(height)[:, None] + 0.5) / height - 0.5


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


def even(part: float, whole: int) -> int:
    return 2 * int(np.floor((part * whole + 1) / 2 + 1e-9))


def inside(p: Picture, left: int, right: int, top: int, bottom: int) -> Plane:
    a = np.zeros_like(p.a)
    a[top:bottom, left:right] = p.a[top:bottom, left:right]
    return a


@proves(EXACT)
def crop(p: Picture, of: Params) -> Picture:
    height, width = p.y.shape
    across = even(of["left"], width), even(1 - of["right"], width)
    return replace(p, a=inside(p, *across, even(of["top"], height), even(1 - of["bottom"], height)))


@proves(EXACT)
def flip_horizontal(p: Picture, of: Params) -> Picture:
    return p.planes(lambda plane: plane[:, ::-1])


@proves(EXACT)
def flip_vertical(p: Picture, of: Params) -> Picture:
    return p.planes(lambda plane: plane[::-1])


@proves(48)
def rotate(p: Picture, of: Params) -> Picture:
    turn = np.deg2rad(of["angle"])

    def turned(plane: Plane, beyond: bool = False) -> Plane:
        height, width = plane.shape
        x, y = np.arange(width)[None, :] - (width - 1) / 2, np.arange(height)[:, None] - (height - 1) / 2
        across = x * np.cos(turn) + y * np.sin(turn) + (width - 1) / 2
        down = y * np.cos(turn) - x * np.sin(turn) + (height - 1) / 2
        if beyond:
            gone = (across < -0.5) | (across > width - 0.5) | (down < -0.5) | (down > height - 0.5)
            return np.where(gone, 0, sampled(plane, across, down))
        return sampled(plane, across, down)

    return Picture(turned(p.y), turned(p.u), turned(p.v), turned(p.a, beyond=True))


@proves(50)
def zoom(p: Picture, of: Params) -> Picture:
    height, width = p.y.shape
    across, down = even(1 / of["factor"], width), even(1 / of["factor"], height)
    left, top = even(of["x"], width - across), even(of["y"], height - down)

    def enlarged(plane: Plane) -> Plane:
        high, wide = plane.shape
        scale = width // wide
        x = left / scale + (np.arange(wide) + 0.5) * across / width - 0.5
        y = top / scale + (np.arange(high) + 0.5) * down / height - 0.5
        return sampled(plane, x[None, :], y[:, None])

    return p.planes(enlarged)


@proves(EXACT)
def pan(p: Picture, of: Params) -> Picture:
    height, width = p.y.shape
    right, below = even(of["x"], width), even(of["y"], height)

    def moved(plane: Plane) -> Plane:
        scale = width // plane.shape[1]
        return np.roll(plane, (below // scale, right // scale), axis=(0, 1))

    shown = inside(p, max(right, 0), width + min(right, 0), max(below, 0), height + min(below, 0))
    return replace(p.planes(moved), a=shown)


@proves(EXACT)
def mirror(p: Picture, of: Params) -> Picture:
    def halves(plane: Plane) -> Plane:
        axis = 1 if of["keep"] in ("left", "right") else 0
        lying = plane if axis == 1 else plane.T
        length = lying.shape[1]
        half = lying[:, : length // 2] if of["keep"] in ("left", "top") else lying[:, length // 2 :]
        whole = np.hstack([half, half[:, ::-1]] if of["keep"] in ("left", "top") else [half[:, ::-1], half])
        return whole if axis == 1 else whole.T

    return p.planes(halves)


@proves(52)
def perspective(p: Picture, of: Params) -> Picture:
    unit = [(0, 0), (1, 0), (0, 1), (1, 1)]
    names = ("top_left", "top_right", "bottom_left", "bottom_right")
    found = [(abs(x - of[f"{name}_x"]), abs(y - of[f"{name}_y"])) for name, (x, y) in zip(names, unit, strict=True)]
    rows, right = [], []
    for (x, y), (u, v) in zip(unit, found, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    h = np.linalg.solve(np.array(rows, float), np.array(right, float))

    def seen(plane: Plane) -> Plane:
        high, wide = plane.shape
        x, y = np.arange(wide)[None, :] / wide, np.arange(high)[:, None] / high
        depth = h[6] * x + h[7] * y + 1
        return sampled(plane, (h[0] * x + h[1] * y + h[2]) / depth * wide, (h[3] * x + h[4] * y + h[5]) / depth * high)

    return p.planes(seen)


@proves(40)
def lens_distortion(p: Picture, of: Params) -> Picture:
    def bent(plane: Plane) -> Plane:
        high, wide = plane.shape
        x, y = np.arange(wide)[None, :] - wide / 2, np.arange(high)[:, None] - high / 2
        square = (x**2 + y**2) / ((wide / 2) ** 2 + (high / 2) ** 2)
        factor = 1 + of["bend"] * square + of["edge"] * square**2
        return sampled(plane, x * factor + wide / 2, y * factor + high / 2)

    def kept(plane: Plane) -> Plane:
        high, wide = plane.shape
        x, y = np.arange(wide)[None, :] - wide / 2, np.arange(high)[:, None] - high / 2
        square = (x**2 + y**2) / ((wide / 2) ** 2 + (high / 2) ** 2)
        factor = 1 + of["bend"] * square + of["edge"] * square**2
        return np.where((np.abs(x * factor) <= wide / 2) & (np.abs(y * factor) <= high / 2), 1.0, 0.0)

    return Picture(bent(p.y), bent(p.u), bent(p.v), kept(p.a))


def normal(plane: Plane, radius: float) -> Plane:
    reach = np.arange(-int(4 * radius) - 1, int(4 * radius) + 2)
    weights = np.exp(-(reach**2) / (2 * radius**2))
    return lines(plane, weights / weights.sum())


def softened(p: Picture, radius: float) -> Picture:
    return replace(p, y=normal(p.y, radius), u=normal(p.u, radius / 2), v=normal(p.v, radius / 2))


@proves(50, border=32)
def gaussian_blur(p: Picture, of: Params) -> Picture:
    return softened(p, of["radius"])


@proves(52, border=32)
def box_blur(p: Picture, of: Params) -> Picture:
    y, c = (np.ones(2 * (of["radius"] // scale) + 1) for scale in (1, 2))
    return replace(p, y=lines(p.y, y / len(y)), u=lines(p.u, c / len(c)), v=lines(p.v, c / len(c)))


@proves(52, border=32)
def motion_blur(p: Picture, of: Params) -> Picture:
    def smeared(plane: Plane, length: int) -> Plane:
        row = np.full((1, length), 1 / length)
        return filtered(plane, row if of["direction"] == "horizontal" else row.T)

    half = of["length"] // 2
    luma, chroma = 2 * half + 1, 2 * (half // 2) + 1
    return replace(p, y=smeared(p.y, luma), u=smeared(p.u, chroma), v=smeared(p.v, chroma))


def in_area(p: Picture, of: Params, change: Callable[[Picture], Picture]) -> Picture:
    height, width = p.y.shape
    left, right = even(of["x"], width), even(of["x"] + of["width"], width)
    top, bottom = even(of["y"], height), even(of["y"] + of["height"], height)

    def part(plane: Plane) -> tuple[slice, slice]:
        scale = width // plane.shape[1]
        return slice(top // scale, bottom // scale), slice(left // scale, right // scale)

    changed = change(p.planes(lambda plane: plane[part(plane)]))
    found = {name: getattr(p, name).copy() for name in ("y", "u", "v")}
    for name, plane in found.items():
        plane[part(plane)] = getattr(changed, name)
    return replace(p, **found)


@proves(48)
def region_blur(p: Picture, of: Params) -> Picture:
    return in_area(p, of, lambda area: softened(area, of["radius"]))


@proves(46)
def pixelate(p: Picture, of: Params) -> Picture:
    def means(plane: Plane) -> Plane:
        """Along the last axis: squares as near the size as fit, each its mean."""
        length = plane.shape[1]
        count = max(1, int(length / of["size"] + 0.5))
        ends = np.arange(count + 1) * length / count
        sums = np.pad(np.cumsum(plane, axis=1), ((0, 0), (1, 0)))
        at = [np.interp(ends, np.arange(length + 1), row) for row in sums]
        squares = np.diff(np.array(at), axis=1) * count / length
        return squares[:, ((np.arange(length) + 0.5) * count / length).astype(int)]

    def squares(area: Picture) -> Picture:
        fine = [area.y, *(plane.repeat(2, axis=0).repeat(2, axis=1) for plane in (area.u, area.v))]
        y, u, v = (means(means(plane).T).T for plane in fine)
        return Picture(y, halved(u), halved(v), area.a)

    return in_area(p, of, squares)


@proves(50, border=8)
def sharpen(p: Picture, of: Params) -> Picture:
    row = {"fine": [1, 2, 1], "medium": [1, 4, 6, 4, 1], "broad": [1, 6, 15, 20, 15, 6, 1]}[of["width"]]
    soft = lines(p.y, np.array(row, float) / sum(row))
    return replace(p, y=np.clip(p.y + of["amount"] * (p.y - soft), 0, 255))


@proves(55, border=8)
def emboss(p: Picture, of: Params) -> Picture:
    relief = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], float)
    return replace(p, y=np.clip(filtered(p.y, relief), 0, 255))


def softly(distance: Plane, similarity: float, blend: float) -> Plane:
    return (
        np.clip((distance - similarity) / blend, 0, 1) if blend > 0.0001 else np.where(distance > similarity, 1.0, 0.0)
    )


@proves(30)
def chroma_key(p: Picture, of: Params) -> Picture:
    _, u, v = yuv(rgb(of, "color"))
    away = np.hypot(p.u - u, p.v - v) / (255 * np.sqrt(2))
    near = doubled(filtered(away, np.full((3, 3), 1 / 9)))
    return replace(p, a=p.a * softly(near, of["similarity"], of["blend"]))


@proves(46)
def color_key(p: Picture, of: Params) -> Picture:
    away = [channel - level for channel, level in zip(to_rgb(p), rgb(of, "color"), strict=True)]
    distance = np.sqrt(sum(one**2 for one in away) / 3) / 255
    return replace(p, a=p.a * softly(distance, of["similarity"], of["blend"]))


@proves(52)
def luma_key(p: Picture, of: Params) -> Picture:
    light = (p.y - 16) / 219
    past = of["level"] - light if of["remove"] == "light" else light - of["level"]
    return replace(p, a=p.a * np.clip(past / max(of["softness"], 0.001), 0, 1))


@proves(52)
def opacity(p: Picture, of: Params) -> Picture:
    return replace(p, a=p.a * of["amount"])


@proves(55)
def rounded_corners(p: Picture, of: Params) -> Picture:
    height, width = p.y.shape
    radius = of["radius"] * min(height, width)
    x, y = centred(p)
    past = [np.maximum(np.abs(at) * size - size / 2 + radius, 0) for at, size in ((x, width), (y, height))]
    return replace(p, a=p.a * np.clip(0.5 + radius - np.hypot(*past), 0, 1))


@proves(55)
def shape_mask(p: Picture, of: Params) -> Picture:
    x, y = centred(p)
    across = np.abs(x + 0.5 - of["x"]) * 2 / of["width"]
    down = np.abs(y + 0.5 - of["y"]) * 2 / of["height"]
    shapes = {"ellipse": np.hypot(across, down), "rectangle": np.maximum(across, down), "diamond": across + down}
    kept = np.clip((1 - shapes[of["shape"]]) / max(of["feather"], 0.001), 0, 1)
    return replace(p, a=p.a * (kept if of["keep"] == "inside" else 1 - kept))


CASES: list[tuple[str, Params]] = [
    ("contrast", {"amount": 0.5}),
    ("gamma", {"amount": 0.6}),
    ("exposure", {"stops": -1}),
    ("hue", {"angle": -120}),
    ("white_balance", {"temperature": -1, "tint": 0.5}),
    *(("curves", {"preset": preset}) for preset in CURVES if preset != "vintage"),
    ("levels", {"black_out": 0.2, "white_out": 0.7, "gamma": 0.7}),
    ("grayscale", {"amount": 0.3}),
    ("rgb_split", {"distance": -5}),
    ("crop", {"left": 0.3, "top": 0.2, "bottom": 0.25}),
    ("rotate", {"angle": 90}),
    ("rotate", {"angle": -200}),
    ("zoom", {"factor": 1.3, "x": 1, "y": 0}),
    ("pan", {"x": -0.2, "y": 0.3}),
    *(("mirror", {"keep": keep}) for keep in ("left", "top", "bottom")),
    ("perspective", {"top_left_x": 0.1, "top_left_y": 0.2, "bottom_right_x": 0.3, "bottom_left_y": 0.1}),
    ("lens_distortion", {"bend": 0.3, "edge": 0.1}),
    ("box_blur", {"radius": 7}),
    ("motion_blur", {"direction": "vertical", "length": 9}),
    ("pixelate", {"size": 10}),
    ("sharpen", {"amount": 1, "width": "fine"}),
    ("sharpen", {"amount": 2, "width": "broad"}),
    ("luma_key", {"remove": "light", "level": 0.6, "softness": 0.3}),
    ("color_key", {"color": "#808080", "similarity": 0.15, "blend": 0.2}),
    ("shape_mask", {"shape": "rectangle", "keep": "outside", "x": 0.3}),
    ("shape_mask", {"shape": "diamond", "feather": 0.5}),
]
