"""Metrics of what happened, counted from the log itself: each fact once, by this process, from its start on."""

from datetime import datetime

from adapters.app.feed import Event, Feed
from adapters.telemetry.metrics import Metrics

_OUTCOMES = {
    "render_requested.1": "requested",
    "render_completed.1": "completed",
    "render_failed.1": "failed",
    "render_cancelled.1": "cancelled",
}


class Counting:
    """Turns facts into counts."""

    def __init__(self, metrics: Metrics) -> None:
        """All at zero."""
        self._metrics = metrics
        self._open: dict[str, tuple[str, str]] = {}  # render stream -> preset, when it was requested

    async def run(self, feed: Feed, after: int) -> None:
        """Count until the feed is closed."""
        async for event in feed.follow(after, frozenset(), quiet=3600):
            if event is not None:
                self.count(event)

    def count(self, event: Event) -> None:
        """One fact."""
        self._metrics.events.labels(event.stream.partition("-")[0]).inc()
        if event.type in ("effect_added.1", "global_effect_added.1"):
            self._metrics.effects_applied.labels(event.fact["effect"]["effect_type"]).inc()
        elif event.type == "render_planned.1":
            for unit in event.fact["units"]:
                self._metrics.segments.labels("hit" if unit["reused"] else "miss").inc()
        elif event.type in _OUTCOMES:
            self._metrics.render_jobs.labels(_OUTCOMES[event.type]).inc()
            self._render(event)

    def _render(self, event: Event) -> None:
        if event.type == "render_requested.1":
            self._open[event.stream] = (event.fact["preset"], event.time)
        elif (known := self._open.pop(event.stream, None)) is not None:
            self._metrics.render_seconds.labels(known[0]).observe(_seconds(known[1], event.time))


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
