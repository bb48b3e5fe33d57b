"""The log: durable appends, then everything that could grow with it, on one log of a chosen size."""

import tempfile
from pathlib import Path
from statistics import median

from adapters.cli.bench import memory, served, travel, whole
from adapters.cli.bench.figures import Figure
from adapters.cli.bench.grown import Size, grow
from adapters.cli.output import note
from adapters.eventstore.bench import WRITERS, AppendRates, measure_appends

SLICE_SECONDS = 0.25
LIBRARY_GOALS = {8: 4}  # times the library's recorder, by writers


def measure(size: Size) -> list[Figure]:
    """In a temporary folder, on the disk that it is on."""
    with tempfile.TemporaryDirectory(prefix="stoat-bench-") as folder:
        place, empty, appends = (Path(folder) / name for name in ("grown", "empty", "appends"))
        for made in (place / "data", empty, appends):
            made.mkdir(parents=True)
        note("appending with " + ", ".join(map(str, WRITERS)) + " writers, and with others' code")
        figures = _appends(measure_appends(appends, SLICE_SECONDS))
        log = place / "data" / "log.db"
        grow(log, size)
        figures += travel.measure(log, size.edits)
        figures += memory.measure(log, size.edits)
        figures += whole.measure(log, place / "data" / "views")
        return figures + served.measure(place, empty, size)


def _appends(rates: AppendRates) -> list[Figure]:
    """Medians of the ratios within each round."""
    figures = []
    for writers in WRITERS:
        ours, library = rates.ours[writers], rates.library[writers]
        goal = f"; the goal is {LIBRARY_GOALS[writers]}" if writers in LIBRARY_GOALS else ""
        synchronous = f"synchronous FULL (its default: {rates.default})"
        beside = f"the library's recorder, {synchronous}: {median(library):,.0f}/s{goal}"
        figures.append(
            Figure(f"durable edits to the library's, writers: {writers}", _ratio(ours, library), "ratio", beside)
        )
        raw = f"bare APSW, one insert a transaction: {median(rates.raw):,.0f}/s"
        beside = f"{raw}; ours put {rates.shared[writers]:.1f} edits in a commit"
        figures.append(
            Figure(f"durable edits to bare SQLite's, writers: {writers}", _ratio(ours, rates.raw), "ratio", beside)
        )
    return figures


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))
