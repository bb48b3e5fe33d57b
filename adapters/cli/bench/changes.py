"""What a change costs: a film is rendered once, then again after each of several edits, and compared with the first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.cli.bench.cutting import Cost, Shot, edit, rendered
from adapters.cli.bench.figures import Figure
from adapters.cli.client import Api


@dataclass(frozen=True)
class _Change:
    """An edit by its ops, or one of the routes beside ``/edits``."""

    what: str
    ops: Sequence[dict[str, Any]] = ()
    route: str = ""


def measure(api: Api, project: str, shots: Sequence[Shot], full: Cost) -> list[Figure]:
    """Figures of every change to a project of these shots, as parts of the ``full`` render that it has had."""
    figures = []
    for change in _changes(shots):
        _make(api, project, change)
        missing = _missing(api, project)
        cost = rendered(api, project)
        figures.append(Figure(f"{change.what}: CPU", cost.cpu / full.cpu, "of the full render", f"{cost.cpu:.2f} s"))
        figures.append(
            Figure(f"{change.what}: wall", cost.wall / full.wall, "of the full render", f"{cost.wall:.2f} s")
        )
        made = ", ".join(f"{count} {kind}" for kind, count in sorted(missing.items()))
        figures.append(Figure(f"{change.what}: made", missing.total(), "units", made))
    return figures


def _changes(shots: Sequence[Shot]) -> list[_Change]:
    """Each from the state that the one before left."""
    middle = len(shots) // 2
    changed, louder = shots[middle], f"shot-{middle // 2}"
    start = changed.start + Decimal("0.1")
    slipped = {"op": "trim_clip", "clip": f"shot-{middle}", "in_point": start, "out_point": start + changed.lasting}
    opening = {"op": "add_clip", "id": "opening", "track": "main", "source": shots[0].video["id"], "at": 0}
    places = reversed(list(enumerate(shots)))  # last first: no two clips may share a moment
    onward = [{"op": "move_clip", "clip": f"shot-{n}", "at": shot.lasting * n + 2} for n, shot in places]
    return [
        _Change("nothing changed"),
        _Change("one clip changed", [slipped]),
        _Change("a gain changed", [{"op": "update_clip", "clip": louder, "volume": 0.5}]),
        _Change("a clip inserted at the front", [*onward, opening | {"in_point": 1, "out_point": 3}]),
        _Change("undone", route="undo"),
        _Change("renamed", [{"op": "rename_project", "name": "Another name"}]),
    ]


def _make(api: Api, project: str, change: _Change) -> None:
    if change.route:
        api.post(f"/projects/{project}/{change.route}")
    elif change.ops:
        edit(api, project, change.ops)


def _missing(api: Api, project: str) -> Counter[str]:
    """How many units of which kind the next render has to make."""
    units = api.get("/render/plan", project_id=project).body["units"]
    return Counter(unit["kind"] for unit in units if not unit["hit"])
