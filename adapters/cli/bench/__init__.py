"""``stoat bench``: figures of this machine, each beside a peer measured in the same run or as a count."""

import json
from collections.abc import Callable
from dataclasses import asdict

from adapters.cli.bench.figures import Figure
from adapters.cli.failure import Failed
from adapters.cli.output import note, table


def _log(*, full: bool = False) -> list[Figure]:
    from adapters.cli.bench.grown import FULL, QUICK
    from adapters.cli.bench.log import measure

    return measure(FULL if full else QUICK)


def _fold() -> list[Figure]:
    from adapters.cli.bench.fold import measure

    return measure()


def _plan() -> list[Figure]:
    from adapters.cli.bench.plan import measure

    return measure()


def _render() -> list[Figure]:
    from adapters.cli.bench.render import measure

    return measure()


def _views(*, full: bool = False) -> list[Figure]:
    from adapters.cli.bench.views import FULL, QUICK, measure

    return measure(FULL if full else QUICK)


SECTIONS: dict[str, Callable[[], list[Figure]]] = {
    "log": _log,
    "fold": _fold,
    "views": _views,
    "plan": _plan,
    "render": _render,
}


def run(sections: list[str], *, full: bool, as_json: bool) -> None:
    """Measure these sections (all of them when none is named) and print their figures; ``full``: a log of full size."""
    unknown = [name for name in sections if name not in SECTIONS]
    if unknown:
        raise Failed(f"no benchmark is called {unknown[0]}", f"use {', '.join(SECTIONS)}", exit_code=2)
    if full and sections and not {"log", "views"} & set(sections):
        raise Failed(
            "only the log and its views have a full size", "add log or views, or leave --full out", exit_code=2
        )
    measured = SECTIONS | {"log": lambda: _log(full=full), "views": lambda: _views(full=full)}
    figures: list[Figure] = []
    for name in sections or SECTIONS:
        note(f"measuring {name}")
        figures += measured[name]()
    if as_json:
        print(json.dumps([asdict(figure) for figure in figures]))
        return
    table(("what", "value", "unit", "beside"), ((f.what, f"{f.value:,.6g}", f.unit, f.beside) for f in figures))
