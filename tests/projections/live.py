"""A view in a file, kept up with a story by hand."""

from pathlib import Path

from adapters.views.answers import Job, ProjectEntry
from adapters.views.log import BATCH, Log
from adapters.views.queries import Queries
from adapters.views.reading import view_path
from adapters.views.tables import Parked
from adapters.views.view import open_view
from projections.projection import Projection


class Live:
    """A view that catches up when it is asked."""

    def __init__(self, log: Log, directory: Path, projection: Projection) -> None:
        self.log = log
        self.view = open_view(view_path(directory, projection), projection)
        self._queries = Queries(directory)

    def catch_up(self, limit: int = BATCH) -> None:
        while self.view.advance(self.log, limit):
            pass

    @property
    def ask(self) -> Queries:
        """The queries, once the view is level with the log."""
        self.catch_up()
        return self._queries

    @property
    def parked(self) -> list[Parked]:
        self.catch_up()
        return self.view.parked()

    def project(self, project: str) -> ProjectEntry:
        (entry,) = (entry for entry in self.ask.projects(100).items if entry.id == project)
        return entry

    def job(self, job: str) -> Job:
        (entry,) = (entry for entry in self.ask.jobs(100).items if entry.job_id == job)
        return entry
