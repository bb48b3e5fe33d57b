"""What every effect on the picture must make of a frame, computed by numpy: one module for each category."""

from tests.ffmpeg.references import blur, color, geometry, keying
from tests.ffmpeg.references.cases import CASES
from tests.ffmpeg.references.proof import PROOFS, Params

__all__ = ["CASES", "PROOFS", "Params", "blur", "color", "geometry", "keying"]
