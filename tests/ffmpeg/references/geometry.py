"""What effects that move and bend must make of a frame."""

from dataclasses import replace

import numpy as np

from tests.ffmpeg.picture import Picture, Plane, sampled
from tests.ffmpeg.references.proof import EXACT, Params, even, proves


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
