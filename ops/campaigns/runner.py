"""Running one campaign, with or without a bug planted."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from ops.campaigns.campaign import Run, Size
from ops.campaigns.catalogue import CAMPAIGNS
from ops.campaigns.plants import planted


def run_campaign(
    name: str, seed: int, size: Size, plant: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Run:
    """The run, with what it counted and found."""
    with tempfile.TemporaryDirectory(prefix=f"campaign-{name}-") as folder, planted(plant):
        run = Run(seed, size, Path(folder), progress)
        try:
            CAMPAIGNS[name](run)
        except Exception as error:  # noqa: BLE001 - a campaign that can't go on has found something
            run.findings.append(f"ended by {type(error).__name__}: {error}")
    return run
