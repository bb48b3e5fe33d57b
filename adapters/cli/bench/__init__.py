"""``stoat bench``: figures of this machine, each beside a peer measured in the same run or as a count."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

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


def _render(*, full: bool = False) -> list[Figure]:
    from adapters.cli.bench.render import FULL, QUICK, measure

    return measure(FULL if full else QUICK)


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
_SIZED: dict[str, Callable[..., list[Figure]]] = {"log": _log, "views": _views, "render": _render}


def run(sections: list[str], *, full: bool, as_json: bool) -> None:
    """Measure these sections (all of them when none is named) and print their figures; ``full``: in full size."""
    unknown = [name for name in sections if name not in SECTIONS]
    if unknown:
        raise Failed(f"no benchmark is called {unknown[0]}", f"use {', '.join(SECTIONS)}", exit_code=2)
    if full and sections and not _SIZED.keys() & set(sections):
        sized = ", ".join(_SIZED)
        raise Failed(f"only {sized} have a full size", f"add one of {sized}, or leave --full out", exit_code=2)
    measured = SECTIONS | {name: partial(measure, full=full) for name, measure in _SIZED.items()}
    figures: list[Figure] = []
    for name in sections or SECTIONS:
        note(f"measuring {name}")
        figures += measured[name]()
    if as_json:
        print(json.dumps([asdict(figure) for figure in figures]))
        return
    table(("what", "value", "unit", "beside"), ((f.what, f"{f.value:,.6g}", f.unit, f.beside) for f in figures))
