"""What blurring and sharpening must make of a frame."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.ffmpeg.picture import Picture, Plane, filtered, halved, lines
from tests.ffmpeg.references.proof import Params, even, proves


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
