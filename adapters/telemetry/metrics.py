"""The metrics, by the names that dashboards rely on. One set per running program, in a registry of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import generate_latest

_PREFIX = "video_editor_"
_QUICK = (0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_LONG = (1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody asked for


class Metrics:
    """Everything that is counted and timed."""

    def __init__(self) -> None:
        """All at zero."""
        self.registry = CollectorRegistry()
        self.requests = self._counter("http_requests_total", "Requests answered.", "method", "endpoint", "status")
        self.request_seconds = self._timer("http_request_duration_seconds", "Time to answer.", "method", "endpoint")
        self.render_jobs = self._counter("render_jobs_total", "Renders, by what became of them.", "status")
        self.render_seconds = self._timer("render_duration_seconds", "Length of a render.", "quality", buckets=_LONG)
        self.core_seconds = self._timer("rust_core_operation_seconds", "Time in the Rust core.", "operation")
        self.filter_seconds = self._timer("filter_generation_seconds", "Time to compile filters.")
        self.events = self._counter("events_appended_total", "Facts appended to the log.", "category")
        self.append_seconds = self._timer("append_duration_seconds", "From submitting an edit until it is durable.")
        self.lag = self._gauge("projection_lag_events", "Facts that a projection has not seen yet.", "projection")
        self.parked = self._gauge("projection_parked_events", "Facts that a projection can't digest.", "projection")
        self.segments = self._counter("segments_total", "Units of renders: found in the store, or made.", "outcome")
        self.queue_depth = self._gauge("queue_depth", "Renders that have not ended.")
        self.ffmpeg_active = self._gauge("ffmpeg_processes_active", "FFmpeg and ffprobe at work, here or in executors.")
        self.videos_scanned = self._counter("videos_scanned_total", "Files that scans looked at.")
        self.subscribers = self._gauge("feed_subscribers", "Open event streams.", "kind")
        self.dropped = self._counter("feed_subscribers_dropped_total", "Event streams cut for not reading.", "kind")
        self.webhook_deliveries = self._counter("webhook_deliveries_total", "Tries at webhooks' endpoints.", "outcome")
        self.effects_applied = self._counter("effects_applied_total", "Effects added.", "type")

    def text(self) -> bytes:
        """The exposition, as Prometheus scrapes it."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(_PREFIX + name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(_PREFIX + name, meaning, labels, registry=self.registry)

    def _timer(self, name: str, meaning: str, *labels: str, buckets: tuple[float, ...] = _QUICK) -> Histogram:
        return Histogram(_PREFIX + name, meaning, labels, registry=self.registry, buckets=buckets)
