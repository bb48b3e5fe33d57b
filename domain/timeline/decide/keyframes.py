"""Keyframes from requests, in the units of facts."""

from domain.timeline.commands import Keyframe, Moving
from domain.timeline.events import Bezier, Key, Keyframes
from domain.timeline.state import State


def moved(before: Keyframes, asked: Moving, state: State) -> Keyframes:
    """``before`` with the keys of the values that the request names, in the order of their times."""
    keys = {name: sorted((_key(one, state) for one in wanted), key=lambda key: key.t) for name, wanted in asked.items()}
    return {name: keys for name, keys in sorted((before | keys).items()) if keys}


def _key(asked: Keyframe, state: State) -> Key:
    easing = asked.easing if isinstance(asked.easing, str) else Bezier(*map(int, asked.easing))
    return Key(state.flicks(asked.t), int(asked.value), easing)
