"""What keys and masks must leave of a frame."""

from dataclasses import replace

import numpy as np

from tests.ffmpeg.picture import Picture, Plane, doubled, filtered, to_rgb
from tests.ffmpeg.references.proof import Params, centred, proves, rgb, yuv


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


@proves(46)
def border(p: Picture, of: Params) -> Picture:
    height, width = p.y.shape
    short = min(height, width)
    x, y = centred(p)
    across, down = (np.abs(at) * size - size / 2 + of["radius"] * short for at, size in ((x, width), (y, height)))
    beyond = np.minimum(np.maximum(across, down), 0)
    depth = of["radius"] * short - np.hypot(np.maximum(across, 0), np.maximum(down, 0)) - beyond
    line = np.clip(0.5 + of["width"] * short - depth, 0, 1)
    lined = replace(p, a=1 - line).over(tuple(map(int, yuv(rgb(of, "color")))))  # type: ignore[arg-type]
    return replace(lined, a=p.a * np.clip(0.5 + depth, 0, 1))


@proves(55)
def shape_mask(p: Picture, of: Params) -> Picture:
    x, y = centred(p)
    across = np.abs(x + 0.5 - of["x"]) * 2 / of["width"]
    down = np.abs(y + 0.5 - of["y"]) * 2 / of["height"]
    shapes = {"ellipse": np.hypot(across, down), "rectangle": np.maximum(across, down), "diamond": across + down}
    kept = np.clip((1 - shapes[of["shape"]]) / max(of["feather"], 0.001), 0, 1)
    return replace(p, a=p.a * (kept if of["keep"] == "inside" else 1 - kept))
