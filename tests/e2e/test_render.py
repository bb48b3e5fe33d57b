"""Renders in one process: real FFmpeg, a real log, a broker in memory."""

import asyncio
import dataclasses
import errno
import json
import os
import subprocess
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.broker.memory import MemoryBroker
from adapters.ffmpeg.run import Limits, run
from adapters.render.ledger import Ledger
from adapters.render.make import expect_success
from adapters.render.segments import SegmentStore, Sidecar, Stored
from domain.errors import Refused
from domain.render import decide
from domain.render.events import RenderCompleted, RenderFailed, RenderPlanned, RenderRequested, UnitFailed, UnitRendered
from tests.e2e.workshop import MEDIA, TOOLS, Workshop, by, film, in_memory, key, make_source, segment, until

pytestmark = pytest.mark.ffmpeg
THREE = film([segment(0), segment(1), segment(2)])


def frames_of(path: Path) -> int:
    argv = [str(TOOLS.ffprobe), "-v", "error", "-select_streams", "v", "-count_frames"]
    argv += ["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", str(path)]
    return int(subprocess.run(argv, capture_output=True, check=True, text=True).stdout.strip().strip(","))


async def test_a_film_is_made_and_its_manifest_says_of_what(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        await shop.render("a")
        job = await shop.coordinator.wait("a", 30)
    assert (job.status, job.progress, job.units.total, job.units.done, job.units.reused) == ("completed", 1.0, 5, 5, 0)
    made = tmp_path / "renders" / "a.mp4"
    assert frames_of(made) == 90
    paper = json.loads((tmp_path / "renders" / "a.mp4.manifest.json").read_text())
    assert paper["output"]["frames"] == 90
    assert paper["output"]["duration"] == 3
    assert [(piece["start_frame"], piece["reused"]) for piece in paper["segments"]] == [
        (0, False),
        (30, False),
        (60, False),
    ]
    assert paper["sources"][0]["id"] == MEDIA
    assert shop.outputs() == ["a.mp4", "a.mp4.manifest.json"]


async def test_the_log_tells_the_render_in_order_and_its_end_once(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        await shop.render("a")
        await shop.coordinator.wait("a", 30)
        facts = shop.facts("a")
        paper = json.loads((tmp_path / "renders" / "a.mp4.manifest.json").read_text())
        anchor = shop.log.read_all(after=paper["log"]["position"] - 1, limit=1)[0]
    assert [type(fact) for fact in facts] == [RenderRequested, RenderPlanned, *[UnitRendered] * 5, RenderCompleted]
    assert anchor.chain.hex() == paper["log"]["chain"]
    rendered = [fact.unit for fact in facts if isinstance(fact, UnitRendered)]
    audio, mix = THREE.units[-2].key, THREE.units[-1].key
    assert rendered.index(audio) < rendered.index(mix)


async def test_a_second_render_of_the_same_makes_nothing_anew(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        await shop.render("a")
        await shop.coordinator.wait("a", 30)
        await shop.render("b")
        job = await shop.coordinator.wait("b", 30)
        facts = shop.facts("b")
    assert (job.status, job.units.reused) == ("completed", 5)
    assert [type(fact) for fact in facts] == [RenderRequested, RenderPlanned, RenderCompleted]
    assert (tmp_path / "renders" / "a.mp4").read_bytes() == (tmp_path / "renders" / "b.mp4").read_bytes()


@pytest.mark.parametrize(("kind", "from_end"), [("picture", 9_000), ("picture", 700), ("picture", 20), ("sound", 300)])
async def test_a_damaged_result_counts_as_missing_and_is_made_again(tmp_path: Path, kind: str, from_end: int) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        await shop.render("a")
        await shop.coordinator.wait("a", 30)
        sound = shop.store.path(THREE.sound[0].key, ".m4a")
        hurt = sound if kind == "sound" else shop.store.path(THREE.segments[1].key, ".mp4")
        content = bytearray(hurt.read_bytes())
        content[-from_end] ^= 1  # among the packets, or in the header, which lies at the end
        hurt.write_bytes(content)
        await shop.render("b")
        job = await shop.coordinator.wait("b", 30)
    assert (job.status, job.units.reused, job.units.done) == ("completed", 4, 5)
    assert (tmp_path / "renders" / "a.mp4").read_bytes() == (tmp_path / "renders" / "b.mp4").read_bytes()


async def test_a_result_that_vanishes_during_the_render_is_made_again(tmp_path: Path) -> None:
    plan = film([segment(0), segment(1, slow=True)])
    first = plan.segments[0].key
    async with in_memory(tmp_path, plan) as shop:
        await shop.render("a")
        await until(lambda: any(isinstance(fact, UnitRendered) and fact.unit == first for fact in shop.facts("a")))
        shop.store.path(first, ".mp4").unlink()
        job = await shop.coordinator.wait("a", 30)
        failures = [fact for fact in shop.facts("a") if isinstance(fact, UnitFailed)]
    assert job.status == "completed"
    assert [(fact.unit, fact.attempt, fact.code) for fact in failures] == [(first, 1, "segment_lost")]


async def test_a_broken_unit_is_tried_three_times_and_ends_the_render_with_its_reason(tmp_path: Path) -> None:
    plan = film([segment(0), segment(1, broken=True)])
    async with in_memory(tmp_path, plan) as shop:
        await shop.render("a")
        job = await shop.coordinator.wait("a", 30)
        failures = [fact for fact in shop.facts("a") if isinstance(fact, UnitFailed)]
        end = shop.facts("a")[-1]
    assert [fact.attempt for fact in failures] == [1, 2, 3]
    assert isinstance(end, RenderFailed)
    assert job.status == "failed"
    assert job.error
    assert (job.error.code, job.error.unit) == ("unit_failed", plan.segments[1].key)
    assert "no_such_filter" in job.error.detail
    assert shop.outputs() == []


async def test_segments_of_other_encoders_are_not_joined(tmp_path: Path) -> None:
    other = segment(1)
    other = replace(other, key=key("other"), argv=["medium" if word == "ultrafast" else word for word in other.argv])
    async with in_memory(tmp_path, film([segment(0), other])) as shop:
        await shop.render("a")
        job = await shop.coordinator.wait("a", 30)
    assert job.error
    assert job.error.code == "result_wrong"
    assert other.key in job.error.detail
    assert shop.outputs() == []


async def test_a_result_of_another_length_than_planned_is_no_result(tmp_path: Path) -> None:
    short = film([segment(0), segment(3)])
    make = segment(9)  # past the end of the source: FFmpeg is content, and makes nothing
    plan = film([short.units[0], make])
    async with in_memory(tmp_path, plan) as shop:
        await shop.render("a")
        job = await shop.coordinator.wait("a", 30)
    assert job.error
    assert job.error.code == "result_wrong"
    assert shop.outputs() == []


async def test_a_source_that_changed_since_the_scan_is_not_used(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        shop.scanned = await shop.planned(shop.wanted("a"))
        make_source(shop.source, 5)
        await shop.render("a")
        job = await shop.coordinator.wait("a", 30)
    assert job.error
    assert job.error.code == "source_changed"


async def test_a_source_that_has_gone_is_named(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        shop.scanned = await shop.planned(shop.wanted("a"))
        shop.source.unlink()
        await shop.render("a")
        job = await shop.coordinator.wait("a", 30)
    assert job.error
    assert job.error.code == "media_missing"
    assert f"{shop.source.name} ({MEDIA})" in job.error.detail


async def test_a_source_that_changed_under_an_unchanged_name_and_time_is_not_used(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        await shop.render("a")
        await shop.coordinator.wait("a", 30)
        shop.scanned = await shop.planned(shop.wanted("b"))
        before = shop.source.stat()
        content = bytearray(shop.source.read_bytes())
        content[len(content) // 2] ^= 1
        shop.source.write_bytes(content)
        os.utime(shop.source, ns=(before.st_atime_ns, before.st_mtime_ns))
        shop.scanned = dataclasses.replace(shop.scanned, plan=film([segment(3)]))
        await shop.render("b")
        job = await shop.coordinator.wait("b", 30)
    assert job.error
    assert job.error.code == "source_changed"
    assert "touch it" in job.error.detail


async def test_an_output_that_is_there_already_is_refused_at_once(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE, executors=0) as shop:
        (tmp_path / "renders" / "a.mp4").write_bytes(b"mine")
        with pytest.raises(Refused) as refusal:
            await shop.render("a")
        assert refusal.value.code == "output_exists"
        assert shop.facts("a") == []
        assert shop.outputs() == ["a.mp4"]


async def test_an_output_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    async with in_memory(tmp_path, film([segment(0, slow=True)])) as shop:
        await shop.render("a")
        (tmp_path / "renders" / "a.mp4").write_bytes(b"mine")
        job = await shop.coordinator.wait("a", 30)
    assert job.error
    assert job.error.code == "output_exists"
    assert (tmp_path / "renders" / "a.mp4").read_bytes() == b"mine"
    assert shop.outputs() == ["a.mp4"]


async def test_a_cancelled_render_stops_and_leaves_nothing(tmp_path: Path) -> None:
    async with in_memory(tmp_path, film([segment(0, slow=True), segment(1, slow=True)])) as shop:
        await shop.render("a")
        await until(lambda: shop.coordinator.status("a").status == "running")
        job = await shop.coordinator.cancel("a", by("cancel-1"))
        assert (await shop.coordinator.cancel("a", by("cancel-2"))).status == job.status == "cancelled"
        await until(lambda: shop.outputs() == [])
        assert isinstance(shop.broker, MemoryBroker)
        await until(lambda: not list((tmp_path / "data" / "segments" / ".scratch").iterdir()))
        assert not any(isinstance(fact, RenderCompleted) for fact in shop.facts("a"))


async def test_an_ended_render_cannot_be_cancelled_and_an_unknown_one_is_unknown(tmp_path: Path) -> None:
    async with in_memory(tmp_path, film([segment(0)])) as shop:
        await shop.render("a")
        await shop.coordinator.wait("a", 30)
        for job, code in (("a", "job_finished"), ("nobody", "unknown_job")):
            with pytest.raises(Refused) as refusal:
                await shop.coordinator.cancel(job, by("cancel-" + job))
            assert refusal.value.code == code


async def test_too_many_unfinished_renders_are_refused(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE, executors=0) as shop:
        for job in ("a", "b", "c"):
            await shop.render(job)
        with pytest.raises(Refused) as refusal:
            await shop.render("d")
        assert refusal.value.code == "queue_full"
        await until(lambda: shop.coordinator.status("b").status == "running")
        assert shop.coordinator.status("c").status == "queued"


async def test_renders_that_come_at_once_are_counted_before_they_are_accepted(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE, executors=0) as shop:
        answers = await asyncio.gather(*(shop.render(job) for job in "abcde"), return_exceptions=True)
        refused = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert (refused, shop.coordinator.unfinished()) == (["queue_full"] * 2, 3)


async def test_a_name_kept_by_a_job_that_never_came_to_be_is_free(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE, executors=0) as shop:
        (tmp_path / "renders" / ".a.mp4.claim").write_text("killed-before-the-log-had-it")
        await shop.render("a")
        assert shop.coordinator.status("a").status in ("queued", "running")


async def test_units_under_way_are_counted_while_they_are_made(tmp_path: Path) -> None:
    async with in_memory(tmp_path, film([segment(0, slow=True)])) as shop:
        await shop.render("a")
        await until(lambda: shop.coordinator.under_way() == 1)
        await shop.coordinator.wait("a", 30)
        assert (shop.coordinator.under_way(), shop.coordinator.unfinished()) == (0, 0)


async def test_an_open_render_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE, executors=0) as shop:
        await shop.render("a")
        await until(lambda: shop.coordinator.status("a").status == "running")
        await shop.coordinator.stop()
        shop.broker = MemoryBroker(lease_s=2)  # what it held is lost, too
        again = Workshop.new_coordinator(shop)
        shop.coordinator = again
        async with shop.running(executors=1):
            assert again.unfinished() == 1
            job = await again.wait("a", 30)
            assert job.status == "completed"
            assert sum(isinstance(fact, RenderPlanned) for fact in shop.facts("a")) == 1


async def test_a_film_that_was_placed_just_before_a_crash_is_recognised(tmp_path: Path) -> None:
    async with in_memory(tmp_path, THREE) as shop:
        await shop.render("a")
        await shop.coordinator.wait("a", 30)
    placed = (tmp_path / "renders" / "a.mp4").stat()
    later = Workshop(tmp_path, MemoryBroker(), THREE, log_name="without_the_end.db")
    await Ledger(later.log, "a").request(partial(decide.request, later.wanted("a")), by("request-a"))
    async with later.running():
        job = await later.coordinator.wait("a", 30)
    assert job.status == "completed"
    found = (tmp_path / "renders" / "a.mp4").stat()
    assert (found.st_ino, found.st_mtime_ns) == (placed.st_ino, placed.st_mtime_ns)


async def test_a_full_disk_is_named_as_the_reason(tmp_path: Path) -> None:
    argv = [
        str(TOOLS.ffmpeg),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc=duration=1",
        "-f",
        "nut",
        "-y",
        "file:/dev/full",
    ]
    outcome = await run(argv, timeout=20, limits=Limits(20, 1 << 32, 1 << 30))
    with pytest.raises(Refused) as refusal:
        expect_success(outcome)
    assert refusal.value.code == "storage_full"


async def test_a_unit_that_takes_far_too_long_is_stopped_and_named_so(tmp_path: Path) -> None:
    argv = ["-v", "error", "-re", "-f", "lavfi", "-i", "testsrc=duration=60", "-f", "null", "-"]
    outcome = await run([str(TOOLS.ffmpeg), *argv], timeout=0.5, limits=Limits(20, 1 << 32, 1 << 30))
    with pytest.raises(Refused) as refusal:
        expect_success(outcome)
    assert refusal.value.code == "unit_timeout"


async def test_a_store_without_room_ends_the_render_with_that_reason(tmp_path: Path) -> None:
    class Full(SegmentStore):
        def keep(self, made: Path, key: str, suffix: str, sidecar: Sidecar) -> Stored:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with in_memory(tmp_path, THREE, store=Full) as shop:
        await shop.render("a")
        job = await shop.coordinator.wait("a", 30)
    assert job.error
    assert job.error.code == "storage_full"
    assert shop.outputs() == []
    assert list((tmp_path / "data" / "segments").glob("*/*.mp4")) == []
