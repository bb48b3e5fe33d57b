"""Effects from requests: parameters in the core's units, and the window in which they work.

Every effect has a window: ``start`` and ``duration`` beside ``params``. The architecture document writes them among the
parameters, so there they mean the same, for every effect that has no parameter of that name.
"""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from domain.core import refusing
from domain.errors import Refused
from domain.time import Moment, moment
from domain.timeline.commands import AddEffect, AddGlobalEffect, UpdateEffect, UpdateGlobalEffect
from domain.timeline.decide.fields import differing
from domain.timeline.decide.keyframes import moved
from domain.timeline.events import Effect, Value, Window
from domain.timeline.state import State
from rust_core import effect_definitions, normalise_params

_PARAMS = msgspec.msgpack.Decoder(dict[str, Value])
_WIRE = msgspec.json.Encoder(decimal_format="number")
WINDOW = ("start", "duration")

_DEFINITIONS = msgspec.json.decode(effect_definitions())
PARAMETERS: dict[str, frozenset[str]] = {
    definition["effect_type"]: frozenset(name for name, of in definition["parameters"].items() if "window" not in of)
    for definition in _DEFINITIONS
}
HEARD = frozenset(definition["effect_type"] for definition in _DEFINITIONS if definition["category"] == "audio")


def new_effect(op: AddEffect | AddGlobalEffect, state: State) -> Effect:
    """The effect that an op describes, defaults filled in."""
    if op.type not in PARAMETERS:
        raise Refused("unknown_effect_type", "No effect has that name", "type", [op.type[:64]])
    params, start, duration = _parted(op.type, op.params, op.start, op.duration)
    return Effect(
        id=state.name("effect", op.id),
        effect_type=op.type,
        params=_normal(op.type, params, None, state),
        window=Window(
            start=0 if start is UNSET else state.flicks(start),
            duration=None if duration is None or duration is UNSET else state.flicks(duration),
        ),
        keyframes=moved({}, op.keyframes, state),
    )


def updated(op: UpdateEffect | UpdateGlobalEffect, before: Effect, state: State) -> dict[str, Any]:
    """The fields of an effect that an op changes."""
    kind = before.effect_type
    own, start, duration = _parted(kind, op.params, op.start, op.duration)
    params = _normal(kind, own, msgspec.msgpack.encode(before.params), state) if own else before.params
    length = duration if duration is None or duration is UNSET else state.flicks(duration)
    window = Window(
        start=before.window.start if start is UNSET else state.flicks(start),
        duration=before.window.duration if length is UNSET else length,
    )
    keyframes = moved(before.keyframes, op.keyframes, state)
    return differing(before, params=params, window=window, keyframes=keyframes)


def _normal(kind: str, params: dict[str, Any], current: bytes | None, state: State) -> dict[str, Value]:
    rate = state.output.fps
    with refusing():
        normal = _PARAMS.decode(normalise_params(kind, wire(params), current, (rate.num, rate.den)))
    if "text" in params and isinstance(text := normal.get("text"), str):
        state.library.must_draw(text)
    return normal


def wire(params: dict[str, Any]) -> bytes:
    """Parameters as the core reads them: JSON with exact decimals."""
    return _WIRE.encode(params)


def _parted(
    kind: str, params: dict[str, Any], start: Moment | UnsetType, duration: Moment | UnsetType | None
) -> tuple[dict[str, Any], Moment | UnsetType, Moment | UnsetType | None]:
    """Parameters proper, start and duration, wherever the request has the last two."""
    own = {name: value for name, value in params.items() if name not in WINDOW or name in PARAMETERS[kind]}
    among = {name: _moment(name, value) for name, value in params.items() if name not in own}
    return own, among.get("start", start) or UNSET, among.get("duration", duration)


def _moment(name: str, value: Any) -> Moment | None:
    if value is None:
        return None
    try:
        return moment(value)
    except ValueError as error:
        raise Refused("invalid_field", str(error), f"params.{name}") from None
