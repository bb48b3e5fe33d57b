"""What an edit made and changed, where things come and go within it."""

from typing import Any

import pytest

from domain.timeline.impact import impact
from tests.domain.scenario import clip, given, track

GOES: dict[str, Any] = {"op": "remove_clip", "clip": "a"}
COMES = clip("a", 0, 2)


@pytest.mark.parametrize(
    ("there", "ops", "created", "changed"),
    [
        (False, [COMES], ["a"], []),
        (False, [COMES, GOES], [], []),
        (True, [GOES], [], ["a"]),
        (True, [GOES, COMES], ["a"], []),
        (True, [GOES, COMES, GOES], [], ["a"]),
    ],
)
def test_a_thing_is_created_or_changed_or_neither(
    there: bool, ops: Any, created: list[str], changed: list[str]
) -> None:
    done = given(track("v"), *([COMES] if there else [])).when(*ops)
    assert done.decided
    found = impact(done.before, done.after, done.decided.facts)
    assert (found.created, found.changed) == (created, changed)
