"""A film of three clips as a project, and what pictures of it show."""

from fractions import Fraction
from pathlib import Path

import httpx2

from domain.time import to_seconds
from tests.http.client import Caller
from tests.oracle import lanes
from tests.oracle.film import open_film
from tests.oracle.programs import builds
from tests.oracle.sources import Source
from tests.oracle.timeline import Lay, Row, Timeline, frames, seconds

TELEVISION = ("-vf", "scale=out_color_matrix=bt709:out_range=tv")
CUT, GAP, AGAIN, END = 17, 29, 36, 51  # frames


def timeline(sources: tuple[Source, ...], rate: Fraction) -> Timeline:
    """A cut at an odd frame, and a gap."""
    lays = [
        Lay(source, seconds("0.4"), seconds("0.4") + frames(to - at, rate), frames(at, rate))
        for source, (at, to) in zip(sources, ((0, CUT), (CUT, GAP), (AGAIN, END)), strict=True)
    ]
    return Timeline((Row(tuple(lays)),), rate)


def laid(api: Caller, film: Timeline) -> str:
    """The same as a project."""
    project = api.project(width=320, height=180, fps=f"{film.rate.numerator}/{film.rate.denominator}")
    ops = [
        {
            "op": "add_clip",
            "id": lay.source.recipe.name,
            "track": "v",
            "source": str(lay.source.path),
            "at": str(to_seconds(lay.at)),
            "in_point": str(to_seconds(lay.in_point)),
            "out_point": str(to_seconds(lay.out_point)),
        }
        for lay in film.lays
    ]
    api.edit(project, *ops)
    return project


def look(api: Caller, project: str, **query: object) -> httpx2.Response:
    """The answer for a frame."""
    said = "&".join(f"{name}={value}" for name, value in query.items())
    return api.send("GET", f"/preview/frame?project_id={project}&{said}")


def shows(response: httpx2.Response, folder: Path, *rects: lanes.Rect) -> set[tuple[int, int]]:
    """The sources and their frames that a picture shows, on the whole canvas or in one of ``rects``."""
    assert response.status_code == 200, response.text
    path = folder / f"seen{'.png' if response.headers['content-type'] == 'image/png' else '.jpg'}"
    path.write_bytes(response.content)
    luma = open_film(path, builds()[0], *TELEVISION).luma
    seen = [one for rect in (lanes.FULL, *rects) for one in lanes.read(luma, rect)[0].values()]
    return {(one.source, one.frame) for one in seen if one.weight > 0.5}
