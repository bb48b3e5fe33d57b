"""What effects there are, what they take, and the filters they become."""

from typing import Any

import msgspec

from adapters.telemetry.metrics import Metrics
from domain.core import refusing
from domain.errors import Refused
from domain.timeline.decide.params import PARAMETERS, WINDOW, wire
from domain.timeline.events import Output
from rust_core import effect_definitions, effect_filter, effect_schema, normalise_params

ALIASES = {"text": "text_overlay"}


class Effects:
    """Discovery, and a look at the filters."""

    def __init__(self, metrics: Metrics) -> None:
        """Nothing to prepare: the definitions are the core's."""
        self._metrics = metrics
        self._definitions: list[dict[str, Any]] = msgspec.json.decode(effect_definitions())

    def listed(self) -> list[dict[str, Any]]:
        """Every definition."""
        return self._definitions

    def named(self, name: str) -> str:
        """The effect type that a route names; refuses ``not_found``: here the name is part of the path."""
        kind = ALIASES.get(name, name)
        if all(definition["effect_type"] != kind for definition in self._definitions):
            raise Refused("not_found", "No effect has that name; GET /api/v1/effects lists them")
        return kind

    def schema(self, kind: str) -> bytes:
        """JSON Schema of the parameters."""
        with refusing():
            return bytes(effect_schema(kind))

    def preview(self, kind: str, params: dict[str, Any], output: Output) -> bytes:
        """The filter that these parameters become, as the renderer would use it, and the files that it reads."""
        own = {name: value for name, value in params.items() if name not in WINDOW or name in PARAMETERS[kind]}
        with refusing(), self._metrics.filter_seconds.time():
            packed = normalise_params(kind, wire(own), None, (output.fps.num, output.fps.den))
            return bytes(effect_filter(kind, packed, msgspec.msgpack.encode(output)))
