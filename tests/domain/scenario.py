"""given / when / then over the real decisions and the real core.

``given(...)`` are ops that happened, ``when(...)`` the batch under test, ``then(...)`` the facts that follow or
``refuses(code, path)`` the rule that stops it. Sources: ``film`` (10 s, picture and sound), ``silent`` (10 s, picture),
``song`` (60 s, sound), ``photo`` (a still).
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from domain.errors import Refused
from domain.ids import EditId
from domain.time import FLICKS_PER_SECOND
from domain.timeline.batch import Decided, decide_batch
from domain.timeline.commands import AnyOp, SetOutput, read_value
from domain.timeline.decide.project import create
from domain.timeline.events import Source, TimelineFact
from domain.timeline.impact import impact
from domain.timeline.state import apply
from rust_core import Project

S = FLICKS_PER_SECOND
SOURCES = {
    "film": Source("film", "video", 10 * S, True),
    "silent": Source("silent", "video", 10 * S, False),
    "song": Source("song", "audio", 60 * S, True),
    "photo": Source("photo", "image", None, False),
}
NOTHING = apply(Project.empty(), create("scenario", SetOutput()))


class Shelf:
    """The four sources and nothing else."""

    def source(self, name: str) -> Source:
        """By name."""
        if name not in SOURCES:
            raise Refused("unknown_media", "not one of the four", "source", [name])
        return SOURCES[name]

    def must_draw(self, text: str) -> None:
        """All but one sign."""
        if "\N{SNOWMAN}" in text:
            raise Refused("glyphs_missing", "no snowmen here", "params.text")


def ops(*documents: dict[str, Any]) -> list[AnyOp]:
    """Ops as they come in JSON."""
    return [msgspec.convert(document, AnyOp, dec_hook=read_value) for document in documents]


@dataclass
class Scenario:
    """What has happened, and what came of the batch."""

    before: Project
    decided: Decided | None = None
    refused: Refused | None = None
    last: list[TimelineFact] = field(default_factory=list)

    def when(self, *documents: dict[str, Any], edit: str = "edit_1") -> "Scenario":
        """The batch."""
        try:
            self.decided = decide_batch(ops(*documents), self.before, Shelf(), EditId(edit))
        except Refused as refused:
            self.refused = refused
        return self

    def then(self, *facts: TimelineFact) -> "Scenario":
        """Exactly these facts."""
        assert self.refused is None, self.refused
        assert self.decided is not None
        assert self.decided.facts == list(facts)
        return self

    def refuses(self, code: str, path: str | None, *, op: int = 0) -> None:
        """By this rule, naming this field."""
        assert self.refused is not None, self.decided
        found = (self.refused.code, self.refused.path, self.refused.extra.get("failing_op"))
        assert found == (code, path, op), self.refused.message

    @property
    def after(self) -> Project:
        """The project after the batch."""
        assert self.decided is not None, self.refused
        return self.decided.project

    def document(self) -> dict[str, Any]:
        """The project after the batch, as JSON, decimals exact."""
        found: dict[str, Any] = msgspec.json.Decoder(float_hook=Decimal).decode(self.after.document())
        return found

    def invalidates(self) -> list[tuple[Decimal, Decimal]]:
        """Stretches in seconds that the batch changed."""
        assert self.decided is not None
        found = impact(self.before, self.after, self.decided.facts)
        return [(Decimal(start) / S, Decimal(end) / S) for start, end in found.invalidated]


def given(*documents: dict[str, Any]) -> Scenario:
    """A project in which these ops happened, in one edit."""
    return Scenario(decide_batch(ops(*documents), NOTHING, Shelf(), EditId("edit_0")).project)


def track(name: str, kind: str = "video", /, **fields: Any) -> dict[str, Any]:
    """Adding a track."""
    return {"op": "add_track", "id": name, "type": kind, **fields}


def clip(name: str, at: Any, lasting: Any, /, *, on: str = "v", source: str = "film", **fields: Any) -> dict[str, Any]:
    """Laying the first so many seconds of a source."""
    return {"op": "add_clip", "id": name, "track": on, "source": source, "at": at, "out_point": lasting, **fields}


def title(name: str, on: str, /, **fields: Any) -> dict[str, Any]:
    """Adding a text."""
    return {"op": "add_effect", "id": name, "clip": on, "type": "text_overlay", "params": {"text": "T"}, **fields}
