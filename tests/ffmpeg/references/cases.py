"""Parameters to prove effects with, besides their examples."""

from tests.ffmpeg.references.color import CURVES
from tests.ffmpeg.references.proof import Params

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
    ("border", {"width": 0.1, "color": "orange"}),
    ("shape_mask", {"shape": "rectangle", "keep": "outside", "x": 0.3}),
    ("shape_mask", {"shape": "diamond", "feather": 0.5}),
]
