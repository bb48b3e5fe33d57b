"""Contact sheets: pictures in rows, each with a line below it that says what it is."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

_GAP = 8
_BACK, _INK = (24, 24, 24), (232, 232, 232)
_QUALITY = 88


@dataclass(frozen=True)
class Tile:
    """A picture file (JPEG or PNG) and its line; ``picture`` None leaves the place empty."""

    picture: bytes | None
    line: str


def sheet(tiles: Sequence[Tile], columns: int, size: tuple[int, int]) -> bytes:
    """A JPEG of the tiles, row by row, each ``size`` pixels (width, height) and its line. Blocks."""
    width, height = size
    font = ImageFont.load_default(max(10, min(20, width // 18)))
    line = int(font.getbbox("0123456789:.fgjpqy")[3]) + 4
    across, down = min(columns, len(tiles)), -(-len(tiles) // columns)
    canvas = Image.new("RGB", (_GAP + across * (width + _GAP), _GAP + down * (height + line + _GAP)), _BACK)
    draw = ImageDraw.Draw(canvas)
    for index, tile in enumerate(tiles):
        row, column = divmod(index, columns)
        x, y = _GAP + column * (width + _GAP), _GAP + row * (height + line + _GAP)
        if tile.picture is not None:
            with Image.open(io.BytesIO(tile.picture), formats=("JPEG", "PNG")) as picture:
                canvas.paste(picture.convert("RGB"), (x, y))
        draw.text((x, y + height + 2), tile.line, fill=_INK, font=font)
    made = io.BytesIO()
    canvas.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()
