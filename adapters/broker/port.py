"""What a render needs of a broker. Everything is carried at least once and may be lost with the broker's store.

A lost store shows as another :meth:`Broker.epoch`; what it held is then published again from the log. Every method
raises ``Refused("broker_unavailable")`` while the broker can't be reached.
"""

from collections.abc import Callable
from typing import Protocol

from domain.render.messages import Outcome, Progress, Work


class Lease(Protocol):
    """A command that was handed to one executor, for the broker's lease time at first."""

    @property
    def work(self) -> Work:
        """The command."""

    @property
    def delivery(self) -> int:
        """How often it was handed out, this time included; more than 1 when an executor was lost or gave it back."""

    async def extend(self) -> None:
        """Still at it: the lease time begins anew."""

    async def settle(self) -> None:
        """It has its outcome and is never handed out again; returns when the broker has noted that."""

    async def give_back(self) -> None:
        """Hand it to another executor at once."""


class Notice(Protocol):
    """An outcome that was reported; it comes again until it is settled."""

    @property
    def outcome(self) -> Outcome:
        """What was reported."""

    async def settle(self) -> None:
        """It is in the log."""


class Broker(Protocol):
    """Carries commands to executors, and outcomes, progress and cancellations between them and the coordinator."""

    @property
    def lease_s(self) -> float:
        """How long an executor may be silent before its command is handed to another, in seconds."""

    async def epoch(self) -> str:
        """The store's identity, after making it where there is none: another string means that the old one is lost."""

    async def publish(self, work: Work) -> None:
        """Queue a command. The same attempt published twice is queued once (as long as the broker remembers)."""

    async def take(self, wait_s: float) -> Lease | None:
        """The oldest command that nobody has; None when there is none for ``wait_s`` seconds."""

    async def report(self, outcome: Outcome) -> None:
        """Keep an attempt's outcome until the coordinator settles it; one outcome an attempt."""

    async def heard(self, wait_s: float) -> Notice | None:
        """The oldest outcome that was not settled; None when there is none for ``wait_s`` seconds."""

    async def is_idle(self) -> bool:
        """Whether no command is queued or leased and no outcome waits to be settled."""

    async def tell(self, progress: Progress) -> None:
        """Say how far an attempt is, to whoever listens now."""

    async def on_progress(self, listener: Callable[[Progress], None]) -> None:
        """Call ``listener`` with what is told from now on."""

    async def cancel(self, job: str) -> None:
        """Nobody needs this job's units any more."""

    async def is_cancelled(self, job: str) -> bool:
        """Whether :meth:`cancel` was called for the job, however long ago within a day."""

    async def on_cancel(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` with the jobs that are cancelled from now on."""

    async def close(self) -> None:
        """Leave; what is leased comes back when its time is over."""
