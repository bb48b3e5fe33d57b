"""Logs: one JSON object a line on standard error, each with the correlation, project and job ids of its context."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

from rust_core import FOLD_FINGERPRINT

LONGEST_VALUE = 2_000

_SHARED: tuple[structlog.types.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure(level: str, style: Literal["json", "console"]) -> None:
    """Send this program's logs, and those of the libraries it uses, the same way."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=list(_SHARED), processors=_finish(style))
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for library in ("uvicorn", "uvicorn.error", "uvicorn.access", "nats"):
        logging.getLogger(library).handlers = []
        logging.getLogger(library).propagate = library != "uvicorn.access"  # our own middleware logs requests


def _finish(style: str) -> list[structlog.types.Processor]:
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if style == "console":
        return [clean, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [clean, _origin, structlog.processors.format_exc_info, _short, structlog.processors.JSONRenderer()]


def _origin(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Which core was at work."""
    event["rust_core"] = FOLD_FINGERPRINT[:12]
    return event


def _short(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """No value, wherever it came from, floods the log."""
    for name, value in event.items():
        if isinstance(value, str) and len(value) > LONGEST_VALUE and name != "exception":
            event[name] = value[:LONGEST_VALUE] + "…"
    return event
