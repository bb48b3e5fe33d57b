"""Whatever an op says, it is decided or refused by a rule of the document: never a defect, never a malformed fact."""

from decimal import Decimal
from typing import Any, get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.ids import EditId
from domain.timeline.batch import decide_batch
from domain.timeline.commands import AnyOp, read_value
from domain.timeline.impact import impact
from tests.domain.scenario import Shelf, clip, title, track
from tests.domain.scenario import given as happened

KINDS = get_args(AnyOp)
BEFORE = happened(
    track("v"),
    track("w"),
    track("m", "audio"),
    clip("a", 0, 4),
    clip("b", 6, 4, in_point=1),
    clip("c", 9, 6, in_point=3),
    {"op": "add_transition", "id": "d", "from": "b", "to": "c", "type": "dissolve", "duration": 1},
    clip("s", 0, 9, on="m", source="song"),
    title("t", "a", start=1, duration=2),
    {"op": "add_global_effect", "id": "g", "type": "fade_out", "params": {"duration": 1}},
).before

NAMES = st.sampled_from(
    ["v", "w", "m", "a", "b", "c", "d", "s", "t", "g", "$0", "$1", "$9", "no", "", "a b", "x" * 65, "é", "new"]
)
NUMBERS = st.sampled_from([0, 1, 2, 5, -1, 10, 2**31, 2**32, 2**63 - 1, -(2**63), Decimal("0.5"), Decimal("1e18")])
TIMES = NUMBERS | st.sampled_from(["end", "1", "00:00:02", {"frame": 30}, {"frame": -(10**9)}, {"frame": 1, "x": 1}])
TEXTS = st.sampled_from(["", "x", "\x07", "#000000", "red", "30000/1001", "0", "contain", "video", "it's", "x" * 3000])
SOURCES = st.sampled_from(["film", "song", "photo", "silent", "nothing"])
TYPES = st.sampled_from(
    ["dissolve", "crossfade", "fade_color", "text_overlay", "fade_in", "fade_out", "volume", "video", "audio", "nope"]
)
PARAMS = st.dictionaries(
    st.sampled_from(
        [
            "text",
            "gain",
            "duration",
            "start",
            "font_size",
            "font_color",
            "position",
            "fade_in",
            "nope",
            "size",
            "gap",
            "columns",
            "shadow",
        ]
    ),
    TEXTS | TIMES | st.booleans() | st.none(),
    max_size=3,
)
BY_FIELD: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("track", "clip", "effect", "id", "group", "from", "to", "transition"), NAMES),
    **dict.fromkeys(("tracks", "effects", "clips"), st.lists(NAMES, max_size=4)),
    **dict.fromkeys(("at", "in_point", "out_point", "fade_in", "fade_out", "start", "duration"), TIMES),
    **dict.fromkeys(("muted", "hidden", "locked"), st.booleans()),
    **dict.fromkeys(("width", "height", "sample_rate", "index", "volume"), NUMBERS),
    "transform": st.dictionaries(st.sampled_from(["x", "y", "width", "height"]), NUMBERS, max_size=4),
    "layout": st.sampled_from(["picture_in_picture", "side_by_side", "top_and_bottom", "grid", "rectangles", "no"]),
    "source": SOURCES,
    "type": TYPES,
    "params": PARAMS,
    "fps": TEXTS | NUMBERS,
    "align": st.sampled_from(["center", "start", "end"]),
    "sound": st.sampled_from(["equal_power", "equal_gain", "cut"]),
    "fit": st.sampled_from(["contain", "cover", "stretch"]),
}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """An op with its required fields and some of the others, each with a value of about the right kind."""
    kind = draw(st.sampled_from(KINDS))
    document: dict[str, Any] = {"op": kind.__struct_config__.tag}
    for field in msgspec.structs.fields(kind):
        if field.required or draw(st.booleans()):
            document[field.encode_name] = draw(BY_FIELD.get(field.encode_name, TEXTS))
    return document


@settings(max_examples=400, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4))
def test_any_batch_is_decided_or_refused(batch: list[dict[str, Any]]) -> None:
    try:
        ops = [msgspec.convert(document, AnyOp, dec_hook=read_value) for document in batch]
    except msgspec.ValidationError:
        return
    try:
        decided = decide_batch(ops, BEFORE, Shelf(), EditId("any"))
    except Refused as refused:
        assert refused.code not in ("malformed_fact", "unknown_fact", "internal_error"), refused.message
        assert refused.path is not None
        assert refused.path.startswith(f"ops[{refused.extra['failing_op']}]")
    else:
        found = impact(BEFORE, decided.project, decided.facts)
        assert all(start < end for start, end in found.invalidated)
        assert decided.project.version == BEFORE.version + len(decided.facts)
