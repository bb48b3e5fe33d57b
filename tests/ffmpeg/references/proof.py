"""What a reference is: a frame and parameters as people write them, and the frame that must come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.ffmpeg.picture import Picture, Plane, from_rgb

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


def centred(p: Picture) -> tuple[Plane, Plane]:
    """Every pixel's middle from -0.5 to 0.5 of the picture's width and height."""
    height, width = p.y.shape
    return (np.arange(width)[None, :] + 0.5) / width - 0.5, (np.arange(height)[:, None] + 0.5) / height - 0.5


def even(part: float, whole: int) -> int:
    return 2 * int(np.floor((part * whole + 1) / 2 + 1e-9))
