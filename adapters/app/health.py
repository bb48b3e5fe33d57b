"""Whether everything that a request may need is there."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from adapters.broker.port import Broker
from adapters.eventstore.edits import Edit
from adapters.eventstore.port import EventLog
from adapters.ffmpeg.locate import Tools
from adapters.views.keeper import ViewStatus
from adapters.views.runner import Runner
from domain.errors import Refused
from rust_core import FOLD_FINGERPRINT, Project

LEAST_FREE = 64 << 20  # bytes; below that an edit may not find room
PATIENCE = 3.0  # seconds for one check
FURTHEST_BEHIND = 10_000  # facts

_NOTHING = Edit(
    edit_id="", stream="", expected_version=0, facts=[], actor="", kind="record", command=b"", correlation_id=""
)


class Check(msgspec.Struct, frozen=True):
    """One thing that is needed."""

    ok: bool
    detail: str


class Health(msgspec.Struct, frozen=True):
    """All of them."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, Check]


@dataclass(frozen=True)
class Examination:
    """Looks at each thing on its own; one that hangs is a finding."""

    log: EventLog
    views: Runner
    broker: Broker
    tools: Tools
    data_dir: Path

    async def __call__(self) -> Health:
        """How everything is now."""
        looks: dict[str, Callable[[], Awaitable[str]]] = {
            "log": self._log,
            "views": self._views,
            "rust_core": _core,
            "nats": self._nats,
            "ffmpeg": self._ffmpeg,
            "disk": self._disk,
        }
        found = await asyncio.gather(*(_checked(look) for look in looks.values()))
        checks = dict(zip(looks, found, strict=True))
        ready = all(check.ok for check in checks.values())
        return Health("ready" if ready else "not_ready", checks)

    async def _log(self) -> str:
        await asyncio.wrap_future(self.log.submit(_NOTHING))  # refused where nothing is written any more
        head = await asyncio.to_thread(self.log.head)
        return f"position {head.position}"

    async def _views(self) -> str:
        wrong = [f"{view.name}: {view.error}" for view in self.views.status() if view.error]
        late = [f"{view.name} is {view.lag} behind" for view in self.views.status() if view.lag > FURTHEST_BEHIND]
        if wrong or late:
            raise Refused("view_unavailable", "; ".join(wrong + late))
        return ", ".join(_told(view) for view in self.views.status())

    async def _nats(self) -> str:
        await self.broker.epoch()
        return "connected"

    async def _ffmpeg(self) -> str:
        if not self.tools.ffmpeg.is_file() or not self.tools.ffprobe.is_file():
            raise Refused("ffmpeg_unavailable", "the programs have gone since the start")
        if lacking := self.tools.capabilities.lacking:
            raise Refused("ffmpeg_unavailable", f"this build lacks {', '.join(lacking)}")
        return self.tools.capabilities.version

    async def _disk(self) -> str:
        free = shutil.disk_usage(self.data_dir).free
        if free < LEAST_FREE:
            raise Refused("storage_full", f"{free >> 20} MiB free")
        return f"{free >> 20} MiB free"


def _told(view: ViewStatus) -> str:
    """A view, and what it could not digest."""
    if view.first_parked is None:
        return view.name
    return f"{view.name} ({view.parked} facts not digested, the first at position {view.first_parked.position})"


async def _core() -> str:
    if Project.empty().version != 0:
        raise Refused("internal_error", "the core does not work")
    return FOLD_FINGERPRINT[:12]


async def _checked(look: Callable[[], Awaitable[str]]) -> Check:
    try:
        return Check(True, await asyncio.wait_for(look(), PATIENCE))
    except TimeoutError:
        return Check(False, f"no answer in {PATIENCE:g} s")
    except Refused as refused:
        return Check(False, refused.message)
    except OSError as error:
        return Check(False, type(error).__name__)
