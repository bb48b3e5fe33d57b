"""The rule for every projection: rebuilt from zero, in any batches, equals live, kept up in any others."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.views.reading import open_reader, view_path
from adapters.views.rebuild import Rebuild
from adapters.views.view import open_view
from domain.library.events import MediaLost, MediaMoved, MediaNamed, MediaRefused, MediaRemoved, MediaTagged
from domain.render.events import RenderCancelled, RenderFailed, RenderPlanned, UnitFailed, UnitRendered
from domain.timeline.events import ClipChanged, ClipRemoved, ProjectDeleted, ProjectRenamed
from projections import states
from projections.catalogue import projections
from projections.projection import Projection
from tests.projections.story import SECOND, Story, clip, created, found, requested, track, unit

ids = st.sampled_from(["a", "b", "c"])
words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
seconds = st.integers(0, 5)

project_facts = st.one_of(
    st.builds(created, words),
    st.builds(track, st.just("t")),
    st.builds(clip, ids, st.just("t"), seconds),
    st.builds(clip, ids, st.just("t"), seconds),
    st.builds(lambda name, at: ClipChanged(name, at=at * SECOND), ids, seconds),
    st.builds(ClipRemoved, ids),
    st.builds(ProjectRenamed, words),
    st.just(ProjectDeleted()),
    st.just(b"\xc1"),
)


def media_facts(media: str) -> st.SearchStrategy[msgspec.Struct | bytes]:
    paths = st.builds(lambda name: f"/media/{name}.mp4", words)
    return st.one_of(
        st.builds(lambda path: found(media, path, {"title": path}), paths),
        st.builds(lambda path: MediaMoved(media, path, 2), paths),
        st.builds(lambda path: MediaRefused(media, path, 1, 1, "media_unreadable", "no"), paths),
        st.builds(lambda name: MediaNamed(media, name), words),
        st.builds(lambda tags: MediaTagged(media, tags), st.lists(words, max_size=3)),
        st.just(MediaLost(media)),
        st.just(MediaRemoved(media)),
        st.just(b"\x80"),
    )


def render_facts(job: str) -> st.SearchStrategy[msgspec.Struct | bytes]:
    units = st.lists(
        st.builds(unit, ids, st.integers(1, 9), st.booleans()), max_size=3, unique_by=lambda made: made.key
    )
    return st.one_of(
        st.just(requested(job)),
        st.builds(lambda planned: RenderPlanned("plan", 9, planned), units),
        st.builds(lambda key, reused: UnitRendered(key, 1, "x", "ab" * 32, 1, 1, reused), ids, st.booleans()),
        st.builds(lambda key: UnitFailed(key, 1, "x", "render_failed", "no"), ids),
        st.just(RenderFailed("render_failed", "no")),
        st.just(RenderCancelled()),
    )


edits = st.one_of(
    st.tuples(ids.map("project-{}".format), st.lists(project_facts, min_size=1, max_size=4)),
    ids.flatmap(lambda m: st.tuples(st.just(f"media-{m}"), st.lists(media_facts(m), min_size=1, max_size=3))),
    ids.flatmap(lambda j: st.tuples(st.just(f"render-{j}"), st.lists(render_facts(j), min_size=1, max_size=3))),
)
histories = st.lists(st.tuples(edits, st.booleans(), st.integers(1, 7)), max_size=25)

OPENING: list[tuple[str, list[Any]]] = [
    ("project-a", [created("A"), track("t")]),
    ("project-b", [created("B"), track("t")]),
    ("media-a", [found("a", "/media/first.mp4")]),
    ("render-a", [requested("a")]),
]


RESTART = 7
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # what is tested here is not the disk


def anew(name: str) -> Projection:
    """The projection as a process that has just begun has it."""
    (projection,) = (projection for projection in projections() if projection.name == name)
    return projection


@pytest.fixture(autouse=True, scope="module")
def short_tails() -> Iterator[None]:
    """Snapshots come often enough to matter in short histories."""
    with patch.object(states, "LONGEST_TAIL", 3):
        yield


@pytest.mark.parametrize("name", [projection.name for projection in projections()])
@settings(max_examples=40, deadline=None)
@given(history=histories, limit=st.integers(1, 9))
def test_rebuilt_in_any_batches_equals_live(name: str, history: list[Any], limit: int) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as directory:
        story = Story()
        path = view_path(Path(directory), anew(name))
        live = open_view(path, anew(name))
        for (stream, facts), look, size in [*((edit, True, 3) for edit in OPENING), *history]:
            story.tell(stream, *facts)
            if look:
                live.advance(story, size)
            if size == RESTART:
                live.close()
                live = open_view(path, anew(name))
        while live.advance(story, 500):
            pass
        rebuild = Rebuild(anew(name))
        while rebuild.step(story, limit):
            pass
        reader = open_reader(path)
        assert rebuild.view.difference_from(reader) is None
        assert rebuild.position == story.position()
        reader.close()
        live.close()
        rebuild.close()
