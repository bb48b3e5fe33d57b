"""The picture code: source, frame number and a check as black and white cells in one of four lanes.

A lane is a tenth of the picture's height: four along the top, the same four mirrored along the bottom with black and
white exchanged, so that a picture upside down does not read. A source uses one lane and leaves the other three mid
grey; the band in the middle belongs to nobody. Everything is a fraction of the picture, so the code survives scaling.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

LANES = 4
SOURCE_BITS = 5
FRAME_BITS = 9
CHECK_BITS = 8
CELLS = 2 + SOURCE_BITS + FRAME_BITS + CHECK_BITS
BLACK, WHITE, GREY = 16, 235, 126
FAINTEST = 0.03  # a contrast below this share of full is not read
OPEN = 0.4  # the darkest white must be this share of the contrast above the brightest black

Luma = NDArray[np.uint8]


@dataclass(frozen=True)
class Rect:
    """A part of a picture as fractions of its width and height."""

    x: Fraction
    y: Fraction
    width: Fraction
    height: Fraction

    def covers(self, other: "Rect") -> bool:
        """Whether all of ``other`` lies inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.x + self.width >= other.x + other.width
            and self.y + self.height >= other.y + other.height
        )

    def touches(self, other: "Rect") -> bool:
        """Whether they share any area."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def within(self, outer: "Rect") -> "Rect":
        """This part of a picture that fills ``outer``, as part of the canvas."""
        return Rect(
            outer.x + self.x * outer.width,
            outer.y + self.y * outer.height,
            self.width * outer.width,
            self.height * outer.height,
        )


FULL = Rect(Fraction(0), Fraction(0), Fraction(1), Fraction(1))


@dataclass(frozen=True)
class Seen:
    """One reading: which source's which frame, and with what share of full contrast."""

    source: int
    frame: int
    lane: int
    weight: float


def copies(lane: int) -> tuple[Rect, Rect]:
    """Where a lane lies in its picture: the top copy and the bottom copy."""
    tenth = Fraction(1, 10)
    return (
        Rect(Fraction(0), lane * tenth, Fraction(1), tenth),
        Rect(Fraction(0), 1 - (lane + 1) * tenth, Fraction(1), tenth),
    )


def bits(source: int, frame: int) -> list[int]:
    """The cells of a frame from left to right: white, black, source, frame number, check."""
    if not (0 < source < 1 << SOURCE_BITS and 0 <= frame < 1 << FRAME_BITS):
        raise ValueError(f"no code for source {source}, frame {frame}")
    word = source << FRAME_BITS | frame
    whole = (0b10 << SOURCE_BITS + FRAME_BITS | word) << CHECK_BITS | _check(word)
    return [whole >> place & 1 for place in reversed(range(CELLS))]


def _check(word: int) -> int:
    """CRC-8 (polynomial 0x07, start 0xff) over the source and frame bits."""
    remainder = 0xFF
    for place in reversed(range(SOURCE_BITS + FRAME_BITS)):
        top = remainder >> 7 ^ (word >> place & 1)
        remainder = remainder << 1 & 0xFF ^ (0x07 if top else 0)
    return remainder


def draw(width: int, height: int, lane: int, source: int, frame: int) -> Luma:
    """The luma of one frame, limited range, shape (height, width)."""
    picture = np.full((height, width), GREY, np.uint8)
    edges = [round(cell * width / CELLS) for cell in range(CELLS + 1)]
    row = np.empty(width, np.uint8)
    for cell, bit in enumerate(bits(source, frame)):
        row[edges[cell] : edges[cell + 1]] = WHITE if bit else BLACK
    for copy, values in zip(copies(lane), (row, WHITE + BLACK - row), strict=True):
        picture[round(copy.y * height) : round((copy.y + copy.height) * height)] = values
    return picture


def read(film: Luma, rect: Rect, frames: slice = slice(None)) -> list[dict[int, Seen]]:
    """For every frame of ``film`` (count, height, width), what each lane of the picture in ``rect`` says, by source.

    Where both copies of a lane read, the stronger counts; where they disagree, neither does.
    """
    chosen = film[frames]
    found: list[dict[int, Seen]] = [{} for _ in range(len(chosen))]
    for lane in range(LANES):
        top, bottom = (_levels(chosen, copy.within(rect)) for copy in copies(lane))
        for index, (above, below) in enumerate(zip(top, WHITE + BLACK - bottom, strict=True)):
            readings = [seen for levels in (above, below) if (seen := _decode(levels, lane))]
            if readings and len({(seen.source, seen.frame) for seen in readings}) == 1:
                best = max(readings, key=lambda seen: seen.weight)
                found[index][best.source] = best
    return found


def _levels(film: Luma, strip: Rect) -> NDArray[np.float64]:
    """The mean of the inner half of every cell of a strip, (count, CELLS); a cell outside the canvas reads grey."""
    _, height, width = film.shape
    rows = _inner(strip.y, strip.height, height)
    levels = np.full((len(film), CELLS), float(GREY))
    cell_width = strip.width / CELLS
    for cell in range(CELLS):
        columns = _inner(strip.x + cell * cell_width, cell_width, width)
        if rows and columns:
            levels[:, cell] = film[:, rows[0] : rows[1], columns[0] : columns[1]].mean(axis=(1, 2))
    return levels


def _inner(start: Fraction, length: Fraction, size: int) -> tuple[int, int] | None:
    """The pixels that lie in the middle half of a cell: at least one; None where it is off the canvas."""
    first = round((start + length / 4) * size)
    last = max(first + 1, round((start + length * 3 / 4) * size))
    return (first, last) if first >= 0 and last <= size else None


def _decode(levels: NDArray[np.float64], lane: int) -> Seen | None:
    contrast = levels[0] - levels[1]
    if contrast < FAINTEST * (WHITE - BLACK):
        return None
    white = levels > (levels[0] + levels[1]) / 2
    whole = int("".join("1" if bit else "0" for bit in white), 2)
    word = whole >> CHECK_BITS & (1 << SOURCE_BITS + FRAME_BITS) - 1
    if whole & (1 << CHECK_BITS) - 1 != _check(word) or word >> FRAME_BITS == 0:
        return None
    lit, dark = levels[white], levels[~white]
    spread = float(lit.mean() - dark.mean())
    if lit.min() - dark.max() < OPEN * spread:
        return None
    return Seen(word >> FRAME_BITS, word & (1 << FRAME_BITS) - 1, lane, spread / (WHITE - BLACK))
