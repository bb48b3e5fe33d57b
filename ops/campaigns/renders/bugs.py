"""Bugs that people make in what renders films: the campaign of renders must see each of them."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from adapters import children
from adapters.media.outputs import Reservation
from adapters.render import assemble, durable, segments
from adapters.render.delivery import Delivery
from adapters.render.join import Joined, join
from domain.render import decide

Changes = dict[tuple[Any, str], Any]


def joiner_trusts_the_store() -> Changes:
    """What is joined is not compared with what was made."""

    def joined(plan: Any, stored: Mapping[str, segments.Stored], made: Path) -> Joined:
        return join(plan, {key: unit.path for key, unit in stored.items()}, made)

    return {(assemble, "_joined"): joined}


def late_results_count() -> Changes:
    """An attempt that was given up may still end."""
    settle = decide.settle

    def late(outcome: Any, state: Any) -> Any:
        attempt = state.attempts.get(outcome.unit, outcome.attempt)
        return settle(msgspec.structs.replace(outcome, attempt=attempt), state)

    return {(decide, "settle"): late}


def film_before_its_manifest() -> Changes:
    """The film has its name first."""

    def publish(self: Delivery, made: Path, film: Any, manifest: bytes) -> None:
        paper = made.with_name("manifest.json")
        paper.write_bytes(manifest)
        self._publish_film(made, film)
        time.sleep(0.05)
        if self._paper:
            self._paper.publish(paper)

    return {(Delivery, "publish"): publish}


def names_stay_reserved() -> Changes:
    """Whoever fails leaves the names behind that nobody else may take."""
    return {(Reservation, "release"): lambda _: None}


def children_outlive_the_server() -> Changes:
    """Nothing ties a child to whoever started it."""
    return {(children, "tied_to_us"): partial(dict, start_new_session=True)}


def crashes_leave_folders() -> Changes:
    """Nobody sweeps what a killed process was working in."""
    return {(segments, "sweep"): lambda _: 0}


def full_disk_is_a_crash() -> Changes:
    """That there is no room left is a defect like any other."""
    return {(durable, "NO_ROOM"): frozenset()}
