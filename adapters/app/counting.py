"""Metrics of what happened, counted from the log itself: each fact once, by this process, from its start on."""

from adapters.feed.events import Event
from adapters.feed.feed import Feed
from adapters.feed.wanted import EVERYTHING
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
        self._open: dict[str, tuple[str, int]] = {}  # render stream -> preset, when it was requested (µs)

    async def run(self, feed: Feed, after: int) -> None:
        """Count until the feed is closed."""
        async for batch in feed.follow_on(after, EVERYTHING, quiet=3600):
            for event in batch.events:
                self.count(event)

    def count(self, event: Event) -> None:
        """One fact."""
        tag = event.tag
        self._metrics.events.labels(event.record.stream.partition("-")[0]).inc()
        if tag in ("effect_added.1", "global_effect_added.1"):
            self._metrics.effects_applied.labels(event.fact["effect"]["effect_type"]).inc()
        elif tag == "render_planned.1":
            for unit in event.fact["units"]:
                self._metrics.segments.labels("hit" if unit["reused"] else "miss").inc()
        elif tag in _OUTCOMES:
            self._metrics.render_jobs.labels(_OUTCOMES[tag]).inc()
            self._render(event)

    def _render(self, event: Event) -> None:
        record = event.record
        if event.tag == "render_requested.1":
            self._open[record.stream] = (event.fact["preset"], record.time_us)
        elif (known := self._open.pop(record.stream, None)) is not None:
            self._metrics.render_seconds.labels(known[0]).observe((record.time_us - known[1]) / 1_000_000)
