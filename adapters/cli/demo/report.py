"""What the demo says while it runs, and what it leaves behind."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from adapters.cli.failure import Failed
from adapters.cli.output import note


@dataclass
class Report:
    """The steps taken and where things are. A step whose claim does not hold ends the demo."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def step(self, what: str, **figures: Any) -> None:
        """Something was done and seen to hold."""
        self.steps.append({"step": what} | figures)
        shown = ", ".join(f"{name} {value}" for name, value in figures.items())
        note(f"[{time.monotonic() - self._began:5.1f} s] {what}" + (f": {shown}" if shown else ""))

    def must(self, holds: bool, claim: str) -> None:
        """End the demo where ``claim`` is not so."""
        if not holds:
            raise Failed(f"the demo's check failed: {claim}")

    def print(self, *, as_json: bool) -> None:
        """The result on standard output."""
        if as_json:
            print(json.dumps({"steps": self.steps, **self.places}, ensure_ascii=False, default=str))
            return
        for name, place in self.places.items():
            print(f"{name:>15}  {place}")
