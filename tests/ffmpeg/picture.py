"""Pictures as numbers, changed by numpy alone: what a film must look like, without FFmpeg and without the core."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float64]
CHROMA = 128.0


@dataclass(frozen=True)
class Picture:
    """BT.709, limited range, 4:2:0; ``a`` is opacity from 0 to 1 at the size of ``y``."""

    y: Plane
    u: Plane
    v: Plane
    a: Plane

    def over(self, colour: tuple[int, int, int]) -> "Picture":
        """Laid on one colour."""
        return self.on(self.filled(colour))

    def on(self, ground: "Picture") -> "Picture":
        """Laid on an opaque picture of the same size."""
        coarse = halved(self.a)
        planes = zip((self.y, self.u, self.v), (self.a, coarse, coarse), (ground.y, ground.u, ground.v), strict=True)
        y, u, v = (plane * a + beneath * (1 - a) for plane, a, beneath in planes)
        return Picture(y, u, v, np.ones_like(self.a))

    def filled(self, colour: tuple[int, int, int]) -> "Picture":
        """One colour instead, as opaque as this everywhere."""
        planes = zip((self.y, self.u, self.v), colour, strict=True)
        return Picture(*(np.full(plane.shape, float(level)) for plane, level in planes), self.a)

    def planes(self, change: Callable[[Plane], Plane]) -> "Picture":
        """The same done to every plane."""
        return Picture(*(change(plane) for plane in (self.y, self.u, self.v, self.a)))

    def chroma(self, u: Plane | float, v: Plane | float) -> "Picture":
        """Other colours as light as these."""
        return replace(self, u=np.broadcast_to(u, self.u.shape), v=np.broadcast_to(v, self.v.shape))


def ranged(picture: Picture) -> Picture:
    """Whole levels that limited range has."""
    y, u, v = (np.floor(plane + 0.5) for plane in (picture.y, picture.u, picture.v))
    return replace(picture, y=np.clip(y, 16, 235), u=np.clip(u, 16, 240), v=np.clip(v, 16, 240))


def halved(plane: Plane) -> Plane:
    """The mean of every two by two."""
    return (plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2]) / 4


def doubled(plane: Plane) -> Plane:
    """Twice as wide and high, by straight lines: a chroma sample lies on the left pixel, between two rows."""
    height, width = plane.shape
    return sampled(plane, np.arange(2 * width)[None, :] / 2, (np.arange(2 * height)[:, None] - 0.5) / 2)


def sampled(plane: Plane, x: Plane, y: Plane) -> Plane:
    """A plane at places between its pixels; the edge goes on beyond it."""
    height, width = plane.shape
    x, y = np.broadcast_arrays(np.clip(x, 0, width - 1), np.clip(y, 0, height - 1))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    part, down = x - left, y - top
    above = plane[top, left] * (1 - part) + plane[top, right] * part
    return above * (1 - down) + (plane[bottom, left] * (1 - part) + plane[bottom, right] * part) * down


def to_rgb(picture: Picture) -> list[Plane]:
    """Red, green and blue from 0 to 255."""
    light = (picture.y - 16) / 219
    blue, red = (doubled(plane - CHROMA) / 224 for plane in (picture.u, picture.v))
    r, b = light + 1.5748 * red, light + 1.8556 * blue
    g = (light - 0.2126 * r - 0.0722 * b) / 0.7152
    return [np.clip(np.round(255 * channel), 0, 255) for channel in (r, g, b)]


def from_rgb(channels: list[Plane], a: Plane) -> Picture:
    """The picture of these colours."""
    r, g, b = (np.clip(channel, 0, 255) / 255 for channel in channels)
    light = 0.2126 * r + 0.7152 * g + 0.0722 * b
    u, v = (CHROMA + 224 * halved(colour) for colour in ((b - light) / 1.8556, (r - light) / 1.5748))
    return Picture(16 + 219 * light, u, v, a)


def filtered(plane: Plane, kernel: Plane) -> Plane:
    """Every pixel as the sum of its neighbours by their weights; the edge goes on beyond it."""
    height, width = plane.shape
    down, across = kernel.shape[0] // 2, kernel.shape[1] // 2
    wide = np.pad(plane, ((down, down), (across, across)), mode="edge")
    total = np.zeros_like(plane)
    for (row, column), weight in np.ndenumerate(kernel):
        total += weight * wide[row : row + height, column : column + width]
    return total


def lines(plane: Plane, weights: Plane) -> Plane:
    """Filtered across and down by the same weights."""
    return filtered(filtered(plane, weights[None, :]), weights[:, None])


def hard_edges(a: Plane) -> NDArray[np.bool_]:
    """Where opacity jumps within two pixels: what such a pixel is depends on how it is drawn."""
    near = [np.roll(a, (down, across), axis=(0, 1)) for down in range(-2, 3) for across in range(-2, 3)]
    return np.asarray(np.max(near, axis=0) - np.min(near, axis=0) > 0.4)


def psnr(one: Picture, other: Picture, border: int = 0, without: NDArray[np.bool_] | None = None) -> float:
    """How near two pictures are in the worst of their planes, in dB; 99 is the same. A border, pixels can stay out."""
    errors = []
    for name in ("y", "u", "v"):
        wrong = (getattr(one, name) - getattr(other, name)) ** 2
        scale = one.y.shape[0] // wrong.shape[0]
        kept = np.ones(wrong.shape, bool)
        if border:
            edge = border // scale
            kept[:edge], kept[-edge:], kept[:, :edge], kept[:, -edge:] = False, False, False, False
        if without is not None:
            kept &= ~without if scale == 1 else halved(without.astype(float)) == 0
        errors.append(np.mean(wrong[kept]))
    worst = max(errors)
    return 99.0 if worst == 0 else float(10 * np.log10(255**2 / worst))
