"""The renders that the log has as open, followed as it grows: what a leader works on and a successor goes on with."""

from adapters.eventstore.port import EventLog
from adapters.render.ledger import ENDINGS, open_jobs

_BATCH = 500
_RENDERS = "render-"
_REQUESTED = "render_requested"


class Docket:
    """Open renders, oldest request first."""

    def __init__(self, log: EventLog) -> None:
        """Read what is open now."""
        self._log = log
        self.position = log.head().position
        self.jobs = dict.fromkeys(open_jobs(log))

    def advance(self) -> set[str]:
        """Take in what was written since; the renders that it was about."""
        touched: set[str] = set()
        upto = self._log.position()
        while self.position < upto:
            records = self._log.read_all(self.position, _BATCH, _RENDERS)
            for record in records:
                job = record.stream.removeprefix(_RENDERS)
                touched.add(job)
                kind = record.tag.partition(".")[0]
                if kind == _REQUESTED:
                    self.jobs[job] = None
                elif kind in ENDINGS:
                    self.jobs.pop(job, None)
            reached = records[-1].position if records else 0
            self.position = reached if len(records) == _BATCH else max(upto, reached)
        return touched
