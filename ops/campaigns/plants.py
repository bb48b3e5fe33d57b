"""Planting a bug: its functions are put in the place of the right ones wherever a module of ours has imported them.

A campaign's server process plants what the environment names, so that a bug is everywhere or nowhere.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ops.campaigns.bugs import BUGS

VARIABLE = "CAMPAIGN_PLANT"
OURS = ("adapters.", "domain.", "projections.", "ops.")


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """The bug is here and in every server process that is started meanwhile."""
    if name is None:
        yield
        return
    undo = _plant(name)
    os.environ[VARIABLE] = name
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        for place, attribute, original in undo:
            setattr(place, attribute, original)


def plant_from_environment() -> None:
    """Plant what the campaign that started this process has planted."""
    if name := os.environ.get(VARIABLE):
        _plant(name)


def _plant(name: str) -> list[tuple[Any, str, Any]]:
    undo = []
    for (home, attribute), replacement in BUGS[name].changes().items():
        original = getattr(home, attribute)
        importers = [module for module_name, module in sys.modules.items() if module_name.startswith(OURS)]
        for place in [home, *(module for module in importers if vars(module).get(attribute) is original)]:
            undo.append((place, attribute, original))
            setattr(place, attribute, replacement)
    return undo
