"""Durable appends and time travel, in a log of their own."""

import asyncio
import tempfile
from pathlib import Path

from adapters.cli.bench.figures import Figure


def measure() -> list[Figure]:
    """See the two halves."""
    with tempfile.TemporaryDirectory(prefix="stoat-bench-") as folder:
        return [*_appends(Path(folder)), *asyncio.run(_versions(Path(folder)))]
