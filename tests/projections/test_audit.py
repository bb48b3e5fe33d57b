"""The audit's view: every fact of every stream, in words, and the questions that it answers."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from adapters.views.answers import AuditFilter
from domain.errors import Refused
from domain.library.media import FrameTable
from domain.timeline.events import ClipChanged, EffectAdded, ProjectDeleted, ProjectRenamed, Window
from domain.timeline.events import Effect as TimelineEffect
from projections import audit, telling
from tests.projections.live import Live
from tests.projections.story import SECOND, START_US, Story, clip, created, found, media_file, requested, track


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def live(story: Story, tmp_path: Path) -> Live:
    return Live(story, tmp_path, audit.projection())


def summaries(live: Live, **wanted: object) -> list[str]:
    """What the facts say that fit, oldest first."""
    page = live.ask.audit(AuditFilter(**wanted), 100)
    return [entry.summary for entry in reversed(page.items)]


def test_a_fact_is_told_with_who_when_and_why(story: Story, live: Live) -> None:
    story.tell("project-p1", created("Holiday"), actor="agent-7")
    (entry,) = live.ask.audit(AuditFilter(), 10).items
    assert (entry.position, entry.stream, entry.version, entry.type) == (1, "project-p1", 1, "project_created.1")
    assert (entry.actor, entry.correlation_id, entry.edit_id) == ("agent-7", "request-edit-0", "edit-0")
    assert entry.time == "2023-11-14T22:13:20.000000Z"
    assert entry.summary.startswith("project created: name=Holiday, width=1280")
    assert msgspec.json.decode(entry.detail)["output"]["fps"] == {"num": 30, "den": 1}


def test_times_and_gains_are_readable(story: Story, live: Live) -> None:
    effect = TimelineEffect("e1", "volume", {"gain": 300_000}, Window(SECOND // 2, None))
    story.tell("project-p1", ClipChanged("c1", at=SECOND * 3 // 2, volume=-250_000), EffectAdded("c1", effect, 0))
    changed, added = summaries(live)
    assert changed == "clip changed: clip=c1, at=1.5 s, volume=-0.25"
    assert added == "effect added: clip=c1, id=e1, effect_type=volume, gain=0.3, start=0.5 s, index=0"


def test_a_long_frame_table_is_cut_and_says_so(story: Story, live: Live) -> None:
    picture = media_file("m1").video
    assert picture is not None
    table = FrameTable(0, [(tick, 1) for tick in range(1, 1001)], 1)
    story.tell("media-m1", found("m1", "/m/a.mp4", video=msgspec.structs.replace(picture, frames=table)))
    (entry,) = live.ask.audit(AuditFilter(), 10).items
    runs = msgspec.json.decode(entry.detail)["description"]["content"]["video"]["frames"]["runs"]
    assert (len(runs), runs[-1]) == (telling.LONGEST_LIST + 1, "… and 984 more")


def test_a_long_text_is_cut_and_says_so(story: Story, live: Live) -> None:
    story.tell("project-p1", ProjectRenamed("n" * 1000))
    (entry,) = live.ask.audit(AuditFilter(), 10).items
    assert len(entry.summary) == telling.SENTENCE
    assert msgspec.json.decode(entry.detail)["name"].endswith("… and 800 characters more")


@pytest.fixture
def told(story: Story) -> Story:
    story.tell("project-p1", created("One"), track("t1"), actor="ann")
    story.tell("project-p2", created("Two"), actor="bob")
    story.tell("project-p1", clip("c1", "t1", 0), actor="bob")
    story.tell("render-r1", requested("r1"), actor="ann")
    story.tell("project-p2", ProjectDeleted(), actor="ann")
    return story


@pytest.mark.parametrize(
    ("wanted", "positions"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"actor": "bob"}, [3, 4]),
        ({"stream": "project-p1"}, [1, 2, 4]),
        ({"type": "project_created"}, [1, 3]),
        ({"type": "project_created.1"}, [1, 3]),
        ({"type": "project_created.2"}, []),
        ({"type": "project"}, []),
        ({"type": ""}, []),
        ({"correlation_id": "request-edit-0"}, [1, 2]),
        ({"edit_id": "edit-2"}, [3]),
        ({"since_us": START_US + 200_000}, [3, 4, 5, 6]),
        ({"until_us": START_US + 200_000}, [1, 2]),
        ({"since_us": START_US + 200_000, "until_us": START_US + 400_000, "actor": "bob"}, [3, 4]),
        ({"actor": "bob' OR 1=1 --"}, []),
    ],
)
def test_filters_narrow_and_add_up(told: Story, live: Live, wanted: dict[str, object], positions: list[int]) -> None:
    page = live.ask.audit(AuditFilter(**wanted), 100)
    assert [entry.position for entry in page.items] == positions[::-1]


WANTED = [
    {},
    {"actor": "ann"},
    {"stream": "project-p1"},
    {"type": "project_renamed"},
    {"since_us": START_US + 1_000_000},
]


@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_fit_together_while_writing_goes_on(
    story: Story, live: Live, wanted: dict[str, object], limit: int
) -> None:
    for number in range(20):
        story.tell(f"project-p{number % 3}", ProjectRenamed(str(number)), actor=("ann", "bob")[number % 2])
    fits = AuditFilter(**wanted)
    expected = [entry.position for entry in live.ask.audit(fits, 1000).items]
    seen: list[int] = []
    page = live.ask.audit(fits, limit)
    while True:
        seen += [entry.position for entry in page.items]
        if page.next_cursor is None:
            break
        story.tell("project-p1", ProjectRenamed("meanwhile"), actor="ann")
        page = live.ask.audit(fits, limit, page.next_cursor)
    assert seen == expected
    assert len(expected) > 3


@pytest.mark.parametrize("wanted", [{"since_us": 2**63}, {"until_us": -(2**70)}, {"actor": "\ud800"}])
def test_what_sqlite_can_not_hold_is_refused(told: Story, live: Live, wanted: dict[str, object]) -> None:
    with pytest.raises(Refused, match="invalid_field"):
        live.ask.audit(AuditFilter(**wanted), 10)


@pytest.mark.parametrize(
    "payload", [b"\xc1", b"", b"\x01", b"\x81\xc4\x01\xff\x01", b"\x81\xa1a\xa1\xff", b"\x81\xa1a" * 5000]
)
def test_a_damaged_fact_is_told_as_that(story: Story, live: Live, payload: bytes) -> None:
    story.tell("project-p1", created(), payload, track("t1"))
    damaged = live.ask.audit(AuditFilter(), 10).items[1]
    assert (damaged.position, damaged.type, live.parked) == (2, "project_renamed.1", [])
    assert damaged.summary.startswith("project renamed: can't be read")


def test_a_fact_that_only_a_newer_version_knows_is_told_as_well(story: Story, live: Live) -> None:
    story.tell("project-p1", msgspec.msgpack.encode({"type": "clip_bent.7", "clip": "c"}), tag="clip_bent.7")
    assert summaries(live) == ["clip bent: clip=c"]


def test_durations_are_exact(story: Story, live: Live) -> None:
    story.tell("project-p1", ClipChanged("c1", at=705_600_000 * 1001 // 30_000))
    assert Decimal(summaries(live)[0].split("=")[-1].removesuffix(" s")) == Decimal("0.033366667")
