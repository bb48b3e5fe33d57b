"""A view built anew beside the live one, then put in its place in one transaction."""

from adapters.views.log import BATCH, Log
from adapters.views.view import View, private_view
from projections.projection import Projection


class Rebuild:
    """A projection folded from the log's first fact, in a temporary file of its own."""

    def __init__(self, projection: Projection) -> None:
        """Begin with nothing."""
        self.view = private_view(projection)

    @property
    def position(self) -> int:
        """Up to where it has come."""
        return self.view.standing().position

    def step(self, log: Log, limit: int = BATCH, upto: int | None = None) -> bool:
        """Take the next batch; False when it has caught up with the log, or with ``upto``."""
        return self.view.advance(log, limit, upto)

    def flip(self, live: View, log: Log) -> None:
        """Become what readers see, and what is kept up from here on; never behind what they saw before."""
        live.replace_with(self.view, log)
        self.close()

    def close(self) -> None:
        """Give it up; the temporary file is gone."""
        self.view.close()
