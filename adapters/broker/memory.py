"""A broker inside one process and one event loop: for rendering where no NATS can run. It is lost with the process."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from domain.render.messages import Outcome, Progress, Work

_Body = TypeVar("_Body")


class _Parcel(Generic[_Body]):
    """Something queued; ``delivery`` counts how often it was handed out."""

    def __init__(self, body: _Body) -> None:
        self.body = body
        self.delivery = 0


class _Queue(Generic[_Body]):
    """Parcels in order. One that was handed out and is silent for ``lease_s`` seconds goes back to the front."""

    def __init__(self, lease_s: float) -> None:
        self._lease_s = lease_s
        self._names: set[str] = set()
        self._waiting: deque[_Parcel[_Body]] = deque()
        self._leased: dict[_Parcel[_Body], asyncio.TimerHandle] = {}
        self._filled = asyncio.Event()

    def put(self, name: str, body: _Body) -> None:
        if name not in self._names:
            self._names.add(name)
            self._waiting.append(_Parcel(body))
            self._filled.set()

    async def get(self, wait_s: float) -> _Parcel[_Body] | None:
        try:
            async with asyncio.timeout(wait_s):
                while not self._waiting:
                    self._filled.clear()
                    await self._filled.wait()
        except TimeoutError:
            return None
        parcel = self._waiting.popleft()
        parcel.delivery += 1
        self._lease(parcel)
        return parcel

    def extend(self, parcel: _Parcel[_Body]) -> None:
        if self._end(parcel):
            self._lease(parcel)

    def settle(self, parcel: _Parcel[_Body]) -> None:
        if not self._end(parcel) and parcel in self._waiting:
            self._waiting.remove(parcel)

    def give_back(self, parcel: _Parcel[_Body]) -> None:
        if self._end(parcel):
            self._waiting.appendleft(parcel)
            self._filled.set()

    @property
    def is_empty(self) -> bool:
        return not self._waiting and not self._leased

    def _lease(self, parcel: _Parcel[_Body]) -> None:
        self._leased[parcel] = asyncio.get_running_loop().call_later(self._lease_s, self.give_back, parcel)

    def _end(self, parcel: _Parcel[_Body]) -> bool:
        timer = self._leased.pop(parcel, None)
        if timer:
            timer.cancel()
        return timer is not None


class MemoryBroker:
    """See :class:`adapters.broker.port.Broker`."""

    def __init__(self, lease_s: float = 10) -> None:
        """An empty broker. ``lease_s``: when a silent executor counts as lost."""
        self.lease_s = lease_s
        self._work: _Queue[Work] = _Queue(lease_s)
        self._outcomes: _Queue[Outcome] = _Queue(lease_s)
        self._cancelled: set[str] = set()
        self._hear_progress: list[Callable[[Progress], None]] = []
        self._hear_cancel: list[Callable[[str], None]] = []

    async def epoch(self) -> str:
        """See :meth:`adapters.broker.port.Broker.epoch`."""
        return "memory"

    async def publish(self, work: Work) -> None:
        """See :meth:`adapters.broker.port.Broker.publish`."""
        self._work.put(work.name, work)

    async def take(self, wait_s: float) -> "MemoryLease | None":
        """See :meth:`adapters.broker.port.Broker.take`."""
        parcel = await self._work.get(wait_s)
        return MemoryLease(self._work, parcel) if parcel else None

    async def report(self, outcome: Outcome) -> None:
        """See :meth:`adapters.broker.port.Broker.report`."""
        self._outcomes.put(f"{outcome.job}:{outcome.unit}:{outcome.attempt}", outcome)

    async def heard(self, wait_s: float) -> "MemoryNotice | None":
        """See :meth:`adapters.broker.port.Broker.heard`."""
        parcel = await self._outcomes.get(wait_s)
        return MemoryNotice(self._outcomes, parcel) if parcel else None

    async def is_idle(self) -> bool:
        """See :meth:`adapters.broker.port.Broker.is_idle`."""
        return self._work.is_empty and self._outcomes.is_empty

    async def tell(self, progress: Progress) -> None:
        """See :meth:`adapters.broker.port.Broker.tell`."""
        for listener in self._hear_progress:
            listener(progress)

    async def on_progress(self, listener: Callable[[Progress], None]) -> None:
        """See :meth:`adapters.broker.port.Broker.on_progress`."""
        self._hear_progress.append(listener)

    async def cancel(self, job: str) -> None:
        """See :meth:`adapters.broker.port.Broker.cancel`."""
        self._cancelled.add(job)
        for listener in self._hear_cancel:
            listener(job)

    async def is_cancelled(self, job: str) -> bool:
        """See :meth:`adapters.broker.port.Broker.is_cancelled`."""
        return job in self._cancelled

    async def on_cancel(self, listener: Callable[[str], None]) -> None:
        """See :meth:`adapters.broker.port.Broker.on_cancel`."""
        self._hear_cancel.append(listener)

    async def close(self) -> None:
        """See :meth:`adapters.broker.port.Broker.close`."""


class MemoryLease:
    """See :class:`adapters.broker.port.Lease`."""

    def __init__(self, queue: _Queue[Work], parcel: _Parcel[Work]) -> None:
        """A parcel that was handed out, and where from."""
        self._queue = queue
        self._parcel = parcel
        self.work = parcel.body
        self.delivery = parcel.delivery

    async def extend(self) -> None:
        """See :meth:`adapters.broker.port.Lease.extend`."""
        self._queue.extend(self._parcel)

    async def settle(self) -> None:
        """See :meth:`adapters.broker.port.Lease.settle`."""
        self._queue.settle(self._parcel)

    async def give_back(self) -> None:
        """See :meth:`adapters.broker.port.Lease.give_back`."""
        self._queue.give_back(self._parcel)


class MemoryNotice:
    """See :class:`adapters.broker.port.Notice`."""

    def __init__(self, queue: _Queue[Outcome], parcel: _Parcel[Outcome]) -> None:
        """A parcel that was handed out, and where from."""
        self._queue = queue
        self._parcel = parcel
        self.outcome = parcel.body

    async def settle(self) -> None:
        """See :meth:`adapters.broker.port.Notice.settle`."""
        self._queue.settle(self._parcel)
