"""What a look at a file adds to the library, and what people may wish of it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.ids import MediaId
from domain.library import decide
from domain.library.events import (
    LibraryFact,
    MediaChanged,
    MediaFound,
    MediaLost,
    MediaMoved,
    MediaNamed,
    MediaRefused,
    MediaRemoved,
    MediaTagged,
    MediaTouched,
)
from domain.library.shelf import Shelf
from tests.domain.library_scenes import found, names, shelf_of


def look(
    shelf: Shelf, path: str, content: str = "a", mtime_ns: int = 1, gone: tuple[str, ...] = ()
) -> list[LibraryFact]:
    facts = decide.read(shelf, found(path, content, mtime_ns), gone, lambda: MediaId(f"m{len(shelf.files) + 1}"))
    for fact in facts:
        shelf.apply(fact)
    return facts


def refuse(shelf: Shelf, path: str, reason: str = "cut off") -> list[LibraryFact]:
    facts = decide.refuse(
        shelf, path, 1_000, 1, "media_unreadable", reason, lambda: MediaId(f"m{len(shelf.files) + 1}")
    )
    for fact in facts:
        shelf.apply(fact)
    return facts


def test_a_new_file_is_found_under_a_new_id_and_only_once() -> None:
    shelf = Shelf()
    (fact,) = look(shelf, "/m/a.flac")
    assert isinstance(fact, MediaFound)
    assert fact.media == fact.description.content.id == "m1"
    assert look(shelf, "/m/a.flac") == []


def test_other_content_at_the_path_is_a_change_of_the_same_file() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    (fact,) = look(shelf, "/m/a.flac", content="b", mtime_ns=2)
    assert isinstance(fact, MediaChanged)
    assert (fact.media, fact.description.content.sha256[0]) == ("m1", "b")


def test_another_time_stamp_on_the_same_content_is_noted_once() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    assert look(shelf, "/m/a.flac", mtime_ns=2) == [MediaTouched("m1", 2)]
    assert look(shelf, "/m/a.flac", mtime_ns=2) == []


def test_a_file_that_moved_keeps_its_id() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    assert look(shelf, "/m/b.flac", gone=("/m/a.flac",)) == [MediaMoved("m1", "/m/b.flac", 1)]
    assert shelf.at("/m/a.flac") is None
    assert shelf.files["m1"].path == "/m/b.flac"


def test_a_copy_is_another_file() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    (fact,) = look(shelf, "/m/b.flac")
    assert isinstance(fact, MediaFound)
    assert fact.media == "m2"


def test_a_lost_file_that_turns_up_anywhere_is_the_same_file() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    shelf.apply(MediaLost("m1"))
    assert look(shelf, "/n/b.flac") == [MediaMoved("m1", "/n/b.flac", 1)]
    assert shelf.files["m1"].status == "ready"


def test_a_lost_file_that_comes_back_is_ready_again() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    shelf.apply(MediaLost("m1"))
    assert look(shelf, "/m/a.flac") == [MediaMoved("m1", "/m/a.flac", 1)]


def test_a_file_is_lost_once() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    assert decide.lose(shelf.files["m1"]) == [MediaLost("m1")]
    shelf.apply(MediaLost("m1"))
    assert decide.lose(shelf.files["m1"]) == []


def test_a_refused_file_is_noted_once_and_again_for_another_reason() -> None:
    shelf = Shelf()
    (fact,) = refuse(shelf, "/m/a.mp4")
    assert isinstance(fact, MediaRefused)
    assert refuse(shelf, "/m/a.mp4") == []
    assert len(refuse(shelf, "/m/a.mp4", "damaged")) == 1


def test_a_refused_file_that_was_mended_is_found_under_the_same_id() -> None:
    shelf = Shelf()
    refuse(shelf, "/m/a.flac")
    (fact,) = look(shelf, "/m/a.flac")
    assert isinstance(fact, MediaFound)
    assert fact.media == "m1"


def test_a_good_file_that_broke_is_refused_and_may_be_restored() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    refuse(shelf, "/m/a.flac")
    assert shelf.files["m1"].status == "refused"
    assert look(shelf, "/m/a.flac") == [MediaMoved("m1", "/m/a.flac", 1)]
    assert shelf.files["m1"].refusal is None


def test_a_removed_file_is_found_again_under_the_id_that_clips_know() -> None:
    shelf = Shelf()
    look(shelf, "/m/a.flac")
    shelf.apply(MediaRemoved("m1"))
    (fact,) = look(shelf, "/m/a.flac")
    assert isinstance(fact, MediaFound)
    assert fact.media == "m1"


def test_names_and_tags_are_kept_over_changes_of_content() -> None:
    shelf = shelf_of(MediaFound("m1", found("/m/a.flac")), MediaNamed("m1", "Waves"), MediaTagged("m1", ["sea"]))
    look(shelf, "/m/a.flac", content="b", mtime_ns=2)
    assert (shelf.files["m1"].name, shelf.files["m1"].tags) == ("Waves", ("sea",))


def test_tags_are_a_set_and_the_same_set_adds_nothing() -> None:
    shelf = shelf_of(MediaFound("m1", found("/m/a.flac")))
    (fact,) = decide.tag(shelf, MediaId("m1"), ["b", "a", "b"])
    assert fact == MediaTagged("m1", ["a", "b"])
    shelf.apply(fact)
    assert decide.tag(shelf, MediaId("m1"), ["a", "b"]) == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (lambda shelf: decide.rename(shelf, MediaId("m1"), " "), "invalid_field"),
        (lambda shelf: decide.rename(shelf, MediaId("m1"), "x" * 201), "invalid_field"),
        (lambda shelf: decide.tag(shelf, MediaId("m1"), [""]), "invalid_field"),
        (lambda shelf: decide.tag(shelf, MediaId("m1"), [str(n) for n in range(65)]), "limit_exceeded"),
        (lambda shelf: decide.remove(shelf, MediaId("m9")), "unknown_media"),
    ],
)
def test_an_impossible_wish_is_refused(wish: Callable[[Shelf], object], code: str) -> None:
    shelf = shelf_of(MediaFound("m1", found("/m/a.flac")))
    with pytest.raises(Refused) as refused:
        wish(shelf)
    assert refused.value.code == code


def test_what_was_removed_can_be_neither_renamed_nor_removed() -> None:
    shelf = shelf_of(MediaFound("m1", found("/m/a.flac")), MediaRemoved("m1"))
    with pytest.raises(Refused, match="unknown_media"):
        decide.rename(shelf, MediaId("m1"), "Waves")
    with pytest.raises(Refused, match="unknown_media"):
        decide.remove(shelf, MediaId("m1"))


def test_below_tells_a_folder_from_one_whose_name_begins_alike() -> None:
    new_id = names()
    paths = ["/m/a.flac", "/m/x/b.flac", "/m2/c.flac"]
    shelf = shelf_of(*[MediaFound(new_id(), found(path, str(n))) for n, path in enumerate(paths)])
    assert [known.path for known in shelf.below("/m", recursive=True)] == ["/m/a.flac", "/m/x/b.flac"]
    assert [known.path for known in shelf.below("/m", recursive=False)] == ["/m/a.flac"]


LOOKS = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(1, 3))


@given(st.lists(LOOKS, max_size=20))
def test_the_same_look_twice_adds_nothing(looks: list[tuple[str, str, int]]) -> None:
    shelf = Shelf()
    for name, content, mtime_ns in looks:
        look(shelf, f"/m/{name}", content, mtime_ns)
        assert look(shelf, f"/m/{name}", content, mtime_ns) == []
        assert shelf.at(f"/m/{name}") is not None
    assert len({known.path for known in shelf.files.values()}) == len(shelf.files)
