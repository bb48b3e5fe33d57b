"""A refusal names the field that the op has, whatever field of the document came out wrong."""

from typing import Any

import pytest

from tests.domain.scenario import given

TRACKS = [{"op": "add_track", "id": kind[0], "type": kind} for kind in ("video", "audio")]
LAID = [
    {"op": "add_clip", "id": "one", "track": "v", "source": "film", "at": 0, "in_point": 1, "out_point": 3},
    {"op": "add_clip", "id": "two", "track": "v", "source": "film", "at": 2, "in_point": 1, "out_point": 3},
    {"op": "add_clip", "id": "apart", "track": "v", "source": "film", "at": 9, "out_point": 2, "fade_in": 1},
    {"op": "add_clip", "id": "heard", "track": "a", "source": "song", "at": 0, "in_point": 30, "out_point": 32},
    {"op": "add_clip", "id": "turned", "track": "v", "source": "film", "at": 20, "out_point": 2},
    {"op": "add_effect", "clip": "turned", "type": "volume", "params": {"gain": 2}},
]


@pytest.mark.parametrize(
    ("op", "code", "path"),
    [
        ({"op": "trim_clip", "clip": "one", "out_point": 4}, "clips_overlap", "out_point"),
        ({"op": "trim_clip", "clip": "one", "in_point": 0}, "clips_overlap", "in_point"),
        ({"op": "move_clip", "clip": "one", "at": 1}, "clips_overlap", "at"),
        ({"op": "trim_clip", "clip": "one", "in_point": 3}, "empty_range", "in_point"),
        ({"op": "trim_clip", "clip": "apart", "out_point": "0.5"}, "out_of_range", "out_point"),
        ({"op": "update_clip", "clip": "apart", "fade_out": 5}, "out_of_range", "fade_out"),
        ({"op": "slip_clip", "clip": "one", "in_point": 9}, "outside_source", "in_point"),
        ({"op": "roll_edit", "clip": "one", "at": 12}, "outside_source", "at"),
        ({"op": "replace_source", "clip": "heard", "source": "film"}, "outside_source", "source"),
        ({"op": "replace_source", "clip": "one", "source": "song"}, "wrong_kind", "source"),
        ({"op": "replace_source", "clip": "turned", "source": "silent"}, "wrong_kind", "source"),
        ({"op": "move_clip", "clip": "heard", "track": "v", "at": 50}, "wrong_kind", "track"),
        ({"op": "add_effect", "clip": "heard", "type": "grayscale"}, "wrong_kind", "type"),
    ],
)
def test_the_field_that_led_there_is_named(op: dict[str, Any], code: str, path: str) -> None:
    given(*TRACKS, *LAID).when(op).refuses(code, f"ops[0].{path}")
