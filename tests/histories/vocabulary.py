"""Ops nobody chose: small numbers, read against the project that they meet, become ops of the whole vocabulary."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Op = dict[str, Any]
Document = dict[str, Any]

TRY = st.tuples(*(st.integers(0, 255) for _ in range(5)))
SOURCES = ("film", "film", "silent", "song", "photo")
KINDS = (
    *("add_track", "update_track", "remove_track", "reorder_tracks", "set_output", "rename_project"),
    *("add_clip",) * 5,
    *("update_clip",) * 3,
    *("move_clip", "move_clip", "trim_clip", "split_clip", "split_clip", "remove_clip", "replace_source"),
    *("roll_edit", "slip_clip", "slide_clip"),
    *("add_effect", "add_effect", "update_effect", "remove_effect", "reorder_effects"),
    *("add_transition",) * 4,
    *("update_transition", "remove_transition"),
    *(
        "add_global_effect",
        "add_global_effect",
        "update_global_effect",
        "remove_global_effect",
        "reorder_global_effects",
    ),
    *("apply_layout", "group_clips", "group_clips", "ungroup_clips"),
)


def op(document: Document, attempt: tuple[int, ...]) -> Op:
    """What an attempt asks of a project; it may well be refused."""
    kind = KINDS[attempt[0] % len(KINDS)]
    return {"op": kind, **_FIELDS[kind](document, *attempt[1:])}


def clips(document: Document) -> Iterator[Document]:
    """Every clip of a document."""
    for track in document["tracks"]:
        yield from track["clips"]


def _nth(things: list[Any], number: int) -> str:
    """The id of one of these things; one of nothing where there are none."""
    return str(things[number % len(things)]["id"]) if things else "nothing"


def _id(number: int) -> Op:
    """An id of the caller's own for half of all things, from a pool so small that ids come again."""
    return {"id": f"i{number % 12}"} if number % 2 else {}


def _track(document: Document, number: int) -> str:
    return _nth(document["tracks"], number)


def _clip(document: Document, number: int) -> str:
    return _nth(list(clips(document)), number)


def _effect(document: Document, number: int) -> str:
    return _nth([effect for clip in clips(document) for effect in clip["effects"]], number)


def _group(document: Document, number: int) -> str:
    groups = [clip["group"] for clip in clips(document) if clip["group"]]
    return str(groups[number % len(groups)]) if groups else "nothing"


def _turned(things: list[Any], by: int) -> list[str]:
    ids = [thing["id"] for thing in things]
    by %= max(1, len(ids))
    return ids[by:] + ids[:by]


def _time(number: int) -> Any:
    if number % 16 == 15:
        return {"frame": number}
    return f"{number // 8}.{(number % 8) * 125:03}"


def _place(number: int) -> Any:
    return "end" if number % 3 == 0 else _time(number // 2)


def _inside(document: Document, clip: int, number: int) -> Any:
    """A time that often lies in that clip."""
    found = [float(each["timeline_start"]) for each in clips(document) if each["id"] == _clip(document, clip)]
    return f"{(found or [0.0])[0] + (number % 24) / 8:.3f}"


def _bits(number: int, fields: Op) -> Op:
    """Some of these fields, by the bits of a number: at least one."""
    some = {name: value for place, (name, value) in enumerate(fields.items()) if number >> place & 1}
    return some or dict([next(iter(fields.items()))])


def _effect_of(number: int) -> Op:
    kind = ("fade_in", "fade_out", "volume", "text_overlay")[number % 4]
    params: dict[str, Op] = {
        "fade_in": {"duration": _time(1 + number % 12)},
        "fade_out": {"duration": _time(1 + number % 12)},
        "volume": {"gain": f"0.{number}"},
        "text_overlay": {"text": f"It's {number}%", "font_size": 10 + number % 50},
    }
    window: Op = {"start": _time(number % 8), "duration": _time(4 + number % 16)} if kind == "text_overlay" else {}
    return {"type": kind, "params": params[kind], **window}


def _change_of(effects: list[Any], number: int) -> Op:
    """New parameters for an effect, such as its kind takes."""
    if not effects:
        return {"effect": "nothing", "params": {}}
    effect = effects[number % len(effects)]
    params: dict[str, Op] = {
        "fade_in": {"duration": _time(1 + number % 9)},
        "fade_out": {"duration": _time(1 + number % 9)},
        "volume": {"gain": f"0.{number}"},
        "text_overlay": {"text": f"Now {number}", "position": "top" if number % 2 else "center"},
        "border": {"width": f"0.{number:03}"},
        "drop_shadow": {"distance": number % 50},
    }
    return {"effect": effect["id"], "params": params[effect["type"]]}


def _joined(document: Document, number: int) -> Op:
    """A clip and the one that starts where it ends; with nothing where there is none."""
    found = list(clips(document))
    pairs = [(a["id"], b["id"]) for a in found for b in found if a["timeline_end"] == b["timeline_start"]]
    one, other = pairs[number % len(pairs)] if pairs else (_clip(document, number), "nothing")
    return {"from": one, "to": other}


def _transition_of(number: int) -> Op:
    kind = ("dissolve", "fade_black", "fade_color", "crossfade")[number % 4]
    params = {"color": f"#0000{number:02x}"} if kind == "fade_color" else {}
    return {"type": kind, "params": params, "align": ("center", "start", "end")[number // 4 % 3]}


def _all_effects(document: Document) -> list[Any]:
    return [effect for clip in clips(document) for effect in clip["effects"]]


def _ripple(number: int) -> Op:
    return {"ripple": True} if number % 3 == 0 else {"snap": True} if number % 3 == 1 else {}


def _range(a: int, b: int) -> Op:
    start = a % 24
    return {"in_point": _time(start), "out_point": _time(start + 1 + b % 24)}


_FIELDS: dict[str, Any] = {
    "set_output": lambda d, a, b, c, e: _bits(
        a, {"fps": (30, 25, "30000/1001")[b % 3], "width": 640 + 2 * (c % 4), "background": f"#0000{e:02x}"}
    ),
    "rename_project": lambda d, a, b, c, e: {"name": f"Film {a % 4}"},
    "add_track": lambda d, a, b, c, e: (
        {"type": "video" if b % 3 else "audio", **_id(c), "locked": e % 16 == 0} | ({"index": a % 3} if a % 2 else {})
    ),
    "update_track": lambda d, a, b, c, e: (
        {"track": _track(d, a)}
        | _bits(
            b, {"name": f"T{c % 4}", "muted": bool(c % 2), "volume": f"0.{e}", "locked": c % 4 == 0, "index": e % 3}
        )
    ),
    "remove_track": lambda d, a, b, c, e: {"track": _track(d, a)},
    "reorder_tracks": lambda d, a, b, c, e: {"tracks": _turned(d["tracks"], a)},
    "add_clip": lambda d, a, b, c, e: {
        **_id(e),
        "track": _track(d, a),
        "source": SOURCES[b % len(SOURCES)],
        "at": _place(c),
        **_range(b // 8, e),
        **_ripple(a // 4),
        "mode": ("place", "place", "place", "insert", "overwrite")[c % 5],
    },
    "update_clip": lambda d, a, b, c, e: (
        {"clip": _clip(d, a)}
        | _bits(
            b,
            {
                "volume": f"0.{c}",
                "fit": ("contain", "cover", "stretch")[c % 3],
                "at": _place(e),
                "fade_in": _time(c % 4),
                "fade_out": _time(e % 4),
                "transform": {"x": f"0.{c % 5}", "width": "0.5"},
                "track": _track(d, e),
                "out_point": _time(8 + e % 32),
            },
        )
    ),
    "move_clip": lambda d, a, b, c, e: (
        {"clip": _clip(d, a), **_ripple(b // 4)} | _bits(b, {"at": _place(c), "track": _track(d, e)})
    ),
    "trim_clip": lambda d, a, b, c, e: {"clip": _clip(d, a), **_ripple(b // 4)} | _bits(1 + b, _range(c, e)),
    "roll_edit": lambda d, a, b, c, e: {"clip": _clip(d, a), "at": _inside(d, a, b), "snap": bool(c % 2)},
    "slip_clip": lambda d, a, b, c, e: {"clip": _clip(d, a), "in_point": _time(b % 32)},
    "slide_clip": lambda d, a, b, c, e: {"clip": _clip(d, a), "at": _inside(d, a, b), "snap": bool(c % 2)},
    "split_clip": lambda d, a, b, c, e: {"clip": _clip(d, a), "at": _inside(d, a, b), **_id(c)},
    "remove_clip": lambda d, a, b, c, e: {"clip": _clip(d, a), "ripple": b % 3 == 0},
    "replace_source": lambda d, a, b, c, e: {"clip": _clip(d, a), "source": SOURCES[b % len(SOURCES)]},
    "add_effect": lambda d, a, b, c, e: {"clip": _clip(d, a), **_effect_of(b), **_id(c)},
    "update_effect": lambda d, a, b, c, e: _change_of(_all_effects(d), a),
    "remove_effect": lambda d, a, b, c, e: {"effect": _effect(d, a)},
    "reorder_effects": lambda d, a, b, c, e: {
        "clip": _clip(d, a),
        "effects": _turned(next((clip["effects"] for clip in clips(d) if clip["id"] == _clip(d, a)), []), b),
    },
    "add_transition": lambda d, a, b, c, e: (
        {**_joined(d, a), **_transition_of(b), **_id(c), "duration": f"0.{1 + e % 8}"}
    ),
    "update_transition": lambda d, a, b, c, e: (
        {"transition": _nth(d["transitions"], a)}
        | _bits(b, {"duration": f"0.{1 + c % 9}", "sound": ("equal_gain", "cut")[c % 2], **_transition_of(e)})
    ),
    "remove_transition": lambda d, a, b, c, e: {"transition": _nth(d["transitions"], a)},
    "add_global_effect": lambda d, a, b, c, e: {**_effect_of(b), **_id(c)},
    "update_global_effect": lambda d, a, b, c, e: _change_of(d["global_effects"], a),
    "remove_global_effect": lambda d, a, b, c, e: {"effect": _nth(d["global_effects"], a)},
    "group_clips": lambda d, a, b, c, e: {"clips": [_clip(d, a), _clip(d, b)], **_id(c)},
    "ungroup_clips": lambda d, a, b, c, e: {"group": _group(d, a)},
    "apply_layout": lambda d, a, b, c, e: {
        "layout": ("picture_in_picture", "side_by_side")[a % 2],
        "clips": [_clip(d, b), _clip(d, c)],
        "params": _bits(e, {"border_width": "0.05", "radius": "0.2", "shadow": "0.5"}),
    },
    "reorder_global_effects": lambda d, a, b, c, e: {"effects": _turned(d["global_effects"], a)},
}
