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
        if self.views.damage:
            raise self.views.damage
        head = await asyncio.to_thread(self.log.head)
        role = (", leading" if self.log.leads else ", following") if self.log.shared else ""
        return f"{self.log.place()}, position {head.position}{role}"

    async def _views(self) -> str:
        position, views = self.log.position(), self.views.status()
        told = "; ".join(_told(view, position) for view in views)
        if any(view.error or not view.served or view.lag > FURTHEST_BEHIND for view in views):
            raise Refused("view_unavailable", told)
        return told

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


def _told(view: ViewStatus, position: int) -> str:
    """A view, what it could not digest, and what it is busy with."""
    said = [view.error] if view.error else []
    if view.rebuilding is not None:
        read = "the old rows are read" if view.served else "it can't be read yet"
        said.append(f"rebuilt up to {view.rebuilding} of {position}; {read}")
    elif not view.served and not view.error:
        said.append("not opened yet")
    elif view.lag > FURTHEST_BEHIND:
        said.append(f"{view.lag} facts behind")
    if view.first_parked:
        said.append(f"{view.parked} facts not digested, the first at position {view.first_parked[0].position}")
    return f"{view.name} ({', '.join(said)})" if said else view.name


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
