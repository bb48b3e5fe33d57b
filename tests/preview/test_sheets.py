"""Sheets show the frames that they say, and what looks different between two versions is found, all of it."""

import io
from fractions import Fraction

import httpx2
import numpy as np
import pytest
from PIL import Image

from tests.http.client import Caller, refused
from tests.oracle import lanes
from tests.oracle.expect import pictures
from tests.oracle.recipes import FILM, NTSC
from tests.oracle.sources import Source
from tests.preview.looking import AGAIN, CUT, END, GAP, laid, look, timeline

pytestmark = [pytest.mark.ffmpeg, pytest.mark.nats]

WIDTH, HEIGHT, GAP_BETWEEN = 320, 180, 8


def tiles(response: httpx2.Response, columns: int) -> list[lanes.Luma]:
    """The pictures of a sheet, in the range of television, each as a film of one frame."""
    assert response.headers["content-type"] == "image/jpeg"
    seen = np.asarray(Image.open(io.BytesIO(response.content)).convert("L"), np.float64)
    luma = np.round(seen * 219 / 255 + 16).astype(np.uint8)
    down = next(n for n in range(1, 99) if (luma.shape[0] - GAP_BETWEEN) / n - GAP_BETWEEN - HEIGHT < 40)
    step = (luma.shape[0] - GAP_BETWEEN) // down
    across = range(GAP_BETWEEN, GAP_BETWEEN + columns * (WIDTH + GAP_BETWEEN), WIDTH + GAP_BETWEEN)
    corners = [(GAP_BETWEEN + row * step, x) for row in range(down) for x in across]
    return [luma[None, y : y + HEIGHT, x : x + WIDTH] for y, x in corners]


def shown(tile: lanes.Luma, *rects: lanes.Rect) -> set[tuple[int, int]]:
    seen = [one for rect in (lanes.FULL, *rects) for one in lanes.read(tile, rect)[0].values()]
    return {(one.source, one.frame) for one in seen if one.weight > 0.5}


def sheet(api: Caller, project: str, of: str = "sheet", **query: object) -> httpx2.Response:
    said = "&".join(f"{name}={value}" for name, value in query.items())
    return api.send("GET", f"/preview/{of}?project_id={project}&{said}")


@pytest.mark.parametrize("rate", [FILM, NTSC], ids=["24000/1001", "30000/1001"])
def test_a_sheet_holds_frames_at_even_distances(rate: Fraction, api: Caller, sources: tuple[Source, ...]) -> None:
    film = timeline(sources, rate)
    response = sheet(api, laid(api, film), count=6, columns=3, width=WIDTH)
    numbers = [index * END // 6 for index in range(6)]
    for number, tile in zip(numbers, tiles(response, 3), strict=True):
        due = pictures(film, number)
        rects = [picture.rect for picture in due]
        assert shown(tile, *rects) == {(picture.source, picture.frame) for picture in due}, number


def test_what_changed_is_found_and_what_did_not_is_not(api: Caller, sources: tuple[Source, ...]) -> None:
    project = laid(api, timeline(sources, NTSC))
    before = api.get(f"/projects/{project}")["version"]
    api.edit(project, {"op": "add_effect", "clip": "ntsc", "type": "invert"})
    api.edit(project, {"op": "rename_project", "name": "another"}, {"op": "add_track", "type": "audio", "id": "more"})
    found = api.get(f"/preview/changes?project_id={project}&from={before}")
    assert [(item["start_frame"], item["frames"]) for item in found["items"]] == [(CUT, GAP - CUT)]
    assert (found["before"], found["after"], found["frames_before"]) == (before, before + 3, END)
    for number in (0, CUT - 1, CUT, GAP - 1, GAP, AGAIN, END - 1):
        one, other = (look(api, project, frame=number, version=version) for version in (before, before + 3))
        assert (one.headers["etag"] != other.headers["etag"]) == (CUT <= number < GAP), number
    none = api.get(f"/preview/changes?project_id={project}&from={before + 1}")
    assert none["items"] == []
    refused(sheet(api, project, "changes/sheet", **{"from": before + 1}), 422, "nothing_changed", "from")


def test_a_sheet_has_the_frame_before_and_after(api: Caller, sources: tuple[Source, ...]) -> None:
    film = timeline(sources, NTSC)
    project = laid(api, film)
    before = api.get(f"/projects/{project}")["version"]
    api.edit(project, {"op": "remove_clip", "clip": "film"}, {"op": "remove_clip", "clip": "web"})
    response = sheet(api, project, "changes/sheet", **{"from": before, "width": WIDTH})
    first, gone, gap, ended = tiles(response, 2)
    (due,) = pictures(film, 0)
    assert (shown(first), shown(gone)) == ({(due.source, due.frame)}, set())
    # black in a gap; where there is no frame, the sheet's own grey
    assert np.median(gap) < 20 < 36 < np.median(ended) < 38
    path = f"/preview/changes/sheet?project_id={project}&from={before}&width={WIDTH}"
    known = api.send("GET", path, If_None_Match=response.headers["etag"])
    assert (known.status_code, known.content) == (304, b"")


def test_an_empty_project_has_no_sheet(api: Caller) -> None:
    project = api.project()
    refused(sheet(api, project), 422, "nothing_to_render")
    refused(sheet(api, project, count=65), 422, "invalid_field", "count")
    refused(sheet(api, project, "changes"), 422, "invalid_field", "from")
    assert api.get(f"/preview/changes?project_id={project}&from=1")["items"] == []
