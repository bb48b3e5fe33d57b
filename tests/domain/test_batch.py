"""A batch is one step: ops see what came before them, and all of them happen or none."""

from domain.timeline.events import GlobalEffectAdded, GlobalEffectRemoved, GlobalEffectsOrdered, TracksOrdered
from tests.domain.scenario import NOTHING, clip, given, title, track


def test_an_op_may_name_what_an_earlier_one_made() -> None:
    scene = given().when(
        {"op": "add_track", "type": "video"},
        clip("a", 0, 5, on="$0"),
        {"op": "split_clip", "clip": "$1", "at": 2},
        {"op": "add_effect", "clip": "$2", "type": "volume", "params": {"gain": "0.5"}},
        {"op": "remove_effect", "effect": "$3"},
    )
    first, second = scene.document()["tracks"][0]["clips"]
    assert scene.decided is not None
    assert scene.decided.created == [first["track"], "a", second["id"], scene.decided.created[3], None]


def test_lists_take_references_too() -> None:
    scene = given(track("a")).when(track("b"), {"op": "reorder_tracks", "tracks": ["$0", "a"]})
    assert scene.decided is not None
    assert scene.decided.facts[-1] == TracksOrdered(["b", "a"])


def test_a_reference_names_an_earlier_op_that_made_something() -> None:
    given().when({"op": "remove_clip", "clip": "$0"}).refuses("invalid_field", "ops[0].clip")
    given(track("v")).when({"op": "rename_project", "name": "x"}, {"op": "remove_track", "track": "$0"}).refuses(
        "invalid_field", "ops[1].track", op=1
    )
    given().when({"op": "remove_clip", "clip": "$99999999"}).refuses("invalid_field", "ops[0].clip")


def test_a_refusal_names_the_op_and_changes_nothing() -> None:
    scene = given()
    scene.when(track("v"), clip("a", 0, 5), clip("b", 4, 5)).refuses("clips_overlap", "ops[2].at", op=2)
    assert scene.before.fingerprint() == NOTHING.fingerprint()


def test_the_same_edit_always_gives_the_same_names() -> None:
    unnamed = ({"op": "add_track", "type": "video"}, {"op": "add_track", "type": "video"})
    one, two, other = (given().when(*unnamed, edit=edit).decided for edit in ("e1", "e1", "e2"))
    assert one is not None and two is not None and other is not None
    assert one.created == two.created
    assert not set(one.created) & set(other.created)


def test_start_and_duration_mean_the_same_among_the_parameters() -> None:
    beside = given(track("v"), clip("a", 0, 8)).when(title("t", "a", start=1, duration={"frame": 30}))
    among = given(track("v"), clip("a", 0, 8)).when(
        title("t", "a") | {"params": {"text": "T", "start": 1, "duration": {"frame": 30}}}
    )
    assert beside.decided is not None and among.decided is not None
    assert beside.decided.facts == among.decided.facts


def test_duration_is_a_parameter_where_the_effect_has_one() -> None:
    scene = given(track("v"), clip("a", 0, 8)).when(
        {"op": "add_effect", "id": "f", "clip": "a", "type": "fade_in", "params": {"duration": 2}}
    )
    (effect,) = scene.document()["tracks"][0]["clips"][0]["effects"]
    assert effect["params"] == {"duration": 2}


def test_an_effect_refuses_what_it_does_not_take() -> None:
    scene = given(track("v"), clip("a", 0, 8))
    scene.when(title("t", "a") | {"params": {"text": "T", "expansion": "normal"}})
    assert scene.refused is not None
    assert (scene.refused.code, scene.refused.path) == ("bad_parameter", "ops[0].params.expansion")
    given(track("v"), clip("a", 0, 8)).when(title("t", "a", type="nope")).refuses("unknown_effect_type", "ops[0].type")


def test_effects_of_the_film_are_their_own_chain() -> None:
    def fade(name: str, kind: str) -> dict[str, object]:
        return {"op": "add_global_effect", "id": name, "type": kind, "params": {"duration": 1}}

    scene = given(fade("x", "fade_in")).when(
        fade("y", "fade_out"),
        {"op": "reorder_global_effects", "effects": ["$0", "x"]},
        {"op": "remove_global_effect", "effect": "x"},
    )
    assert scene.decided is not None
    added, ordered, removed = scene.decided.facts
    assert isinstance(added, GlobalEffectAdded)
    assert (ordered, removed) == (GlobalEffectsOrdered(["y", "x"]), GlobalEffectRemoved("x"))
    given(fade("x", "fade_in")).when({"op": "remove_effect", "effect": "x"}).refuses("unknown_effect", "ops[0].effect")
