"""Folding in Rust."""

from adapters.cli.bench.figures import Figure, best_of
from adapters.cli.bench.timelines import edits, encoded
from rust_core import Project

EDITS = 10_000


def measure() -> list[Figure]:
    """Facts a second, and what a snapshot of 10,000 edits costs to open."""
    payloads = encoded(list(edits(EDITS)))
    seconds = best_of(5, lambda: Project.empty().apply(payloads))
    snapshot = Project.empty().apply(payloads).snapshot()
    opened = best_of(5, lambda: Project.restore(snapshot))
    return [
        Figure("facts folded", EDITS / seconds, "facts/s", f"{EDITS} facts at once"),
        Figure("opening a snapshot", opened / seconds, "of the fold", f"{len(snapshot)} bytes"),
    ]
