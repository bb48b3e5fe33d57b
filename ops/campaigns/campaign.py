"""What a campaign is given, and what it hands back."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Size = Literal["small", "full"]

FINDINGS_KEPT = 20


@dataclass
class Run:
    """One run of a campaign. Everything random comes from ``chance``; files go under ``folder``, which is empty.

    ``figures`` is what was done and counted; ``findings`` is every promise that was broken.
    """

    seed: int
    size: Size
    folder: Path
    progress: Callable[[str], None] = lambda _: None
    figures: Counter[str] = field(default_factory=Counter)
    notes: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """The seed decides."""
        self.chance = random.Random(self.seed)

    def many(self, *, small: int, full: int) -> int:
        """How many, at this size."""
        return small if self.size == "small" else full

    def rounds(self, *, small: int, full: int) -> Iterable[int]:
        """That many rounds, numbered, with progress; no further ones once much is wrong."""
        count = self.many(small=small, full=full)
        for number in range(count):
            if len(self.findings) >= FINDINGS_KEPT:
                return
            self.progress(f"{number + 1} of {count}")
            yield number

    def check(self, holds: bool, finding: str) -> None:
        """A promise; where it does not hold, that is a finding."""
        if not holds:
            self.findings.append(finding)

    def new_folder(self, name: str) -> Path:
        """An empty folder of this run's own."""
        folder = self.folder / name
        folder.mkdir()
        return folder


Campaign = Callable[[Run], None]
