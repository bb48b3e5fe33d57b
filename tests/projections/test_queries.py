"""Pages, cursors and searches: nothing that a client sends is an error of ours."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.views.answers import AuditFilter
from adapters.views.paging import MOST, cursor
from adapters.views.queries import Queries
from domain.errors import Refused
from projections import library
from tests.projections.live import Live
from tests.projections.story import Story, found

HOSTILE = [
    '"', '""', "a AND", "AND", "NOT", "NEAR(a b)", "(", ")", "-x", "*", "a*", "^a", "a:b", "filename:beach", "{a b}:c",
    "'", ";--", "\\", "%", "a OR b", "+", "a\x00b", "🎬", "é", "\u202e", "x" * 1000, " \t\na", "words", "a" + " b" * 63,
]  # fmt: skip


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Queries:
    story = Story()
    for number in range(7):
        story.tell(f"media-m{number}", found(f"m{number}", f"/media/beach/{number} waves.mp4"))
    return Live(story, tmp_path_factory.mktemp("views"), library.projection()).ask


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_search_is_malformed(queries: Queries, typed: str) -> None:
    assert len(queries.search(typed, 100).items) in (0, 7)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.one_of(st.sampled_from("\"'*()^:-+{} ANDORNOTbeach"), st.characters()), max_size=40))
def test_any_text_is_a_search_or_says_why_not(queries: Queries, typed: str) -> None:
    try:
        queries.search(typed, 10)
    except Refused as refused:
        assert refused.code == "invalid_field"
        assert not typed.replace("\0", " ").split() or any("\ud800" <= letter <= "\udfff" for letter in typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "invalid_field"),
        (" \n\t", "invalid_field"),
        ("\0", "invalid_field"),
        ("\ud800", "invalid_field"),
        ("a " * 65, "limit_exceeded"),
        ("a" * 1001, "limit_exceeded"),
    ],
)
def test_what_is_no_search_is_refused_by_name(queries: Queries, typed: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        queries.search(typed, 10)
    assert (refusal.value.code, refusal.value.path) == (code, "q")


def test_quotes_are_text_and_words_are_never_operators(queries: Queries) -> None:
    assert len(queries.search("waves beach", 10).items) == 7
    assert queries.search("waves OR nothing", 10).items == []
    assert queries.search("filename:beach", 10).items == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_of_a_search_fit_together(queries: Queries, size: int) -> None:
    whole = [video.id for video in queries.search("waves", 100).items]
    shown, following = [], None
    while True:
        page = queries.search("waves", size, following)
        shown += [video.id for video in page.items]
        following = page.next_cursor
        if following is None:
            break
    assert len(whole) == 7
    assert shown == whole


@pytest.mark.parametrize("size", [0, -1, MOST + 1])
def test_a_page_has_a_length(queries: Queries, size: int) -> None:
    with pytest.raises(Refused, match="invalid_field"):
        queries.videos(size)


@pytest.mark.parametrize(
    "following",
    [
        "", "!", "a", "AAAA", "é", "\ud800", "x" * 10_000,
        cursor("projects", [3]), cursor("videos", ["3"]), cursor("videos", [-1]), cursor("videos", [2**63]),
        cursor("videos", 3), cursor("videos", []),
    ],
)  # fmt: skip
def test_what_is_no_cursor_of_the_list_is_refused(queries: Queries, following: str) -> None:
    with pytest.raises(Refused) as refusal:
        queries.videos(10, following)
    assert (refusal.value.code, refusal.value.path) == ("invalid_field", "cursor")


def test_a_cursor_belongs_to_its_search(queries: Queries) -> None:
    following = queries.search("waves", 2).next_cursor
    with pytest.raises(Refused, match="cursor of this list"):
        queries.search("beach", 2, following)


def test_a_view_that_is_not_there_yet_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="view_unavailable"):
        Queries(tmp_path).audit(AuditFilter(), 10)


def test_a_view_that_was_removed_and_made_again_is_read_anew(tmp_path: Path) -> None:
    story = Story()
    story.tell("media-m1", found("m1", "/media/a.mp4"))
    live = Live(story, tmp_path, library.projection())
    queries = live.ask
    assert queries.video("m1").filename == "a.mp4"
    for file in tmp_path.iterdir():
        file.unlink()
    with pytest.raises(Refused, match="view_unavailable"):
        queries.video("m1")
    other = Story()
    other.tell("media-m1", found("m1", "/media/b.mp4"))
    Live(other, tmp_path, library.projection()).catch_up()
    assert queries.video("m1").filename == "b.mp4"
