"""Renders while executors, FFmpeg and NATS are killed at random: each ends, once, with a whole film or a reason."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import pytest

from adapters.render.segments import SegmentStore
from domain.render.events import RenderCancelled, RenderCompleted, RenderFailed, UnitRendered
from tests.e2e.test_render_nats import children, command, is_executor, with_nats
from tests.e2e.workshop import film, segment

pytestmark = [pytest.mark.ffmpeg, pytest.mark.nats, pytest.mark.slow]
SEED = 7
KILLING_S = 8


def victims(kind: str) -> list[int]:
    ours = children(os.getpid())
    if kind == "nats":
        return [pid for pid in ours if b"nats-server" in command(pid)]
    hands = [pid for pid in ours if is_executor(pid)]
    if kind == "executor":
        return hands
    return [pid for hand in hands for pid in children(hand) if b"-progress" in command(pid)]


async def test_whatever_is_killed_each_render_ends_once_and_nothing_stays_behind(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    print(f"seed {SEED}")
    plans = {f"j{job}": film([segment(k, slow=k == 0, note=f"job {job}") for k in range(3)]) for job in range(3)}
    async with with_nats(tmp_path, plans["j0"], count=2) as (shop, _):
        shop.plans = plans
        for job in plans:
            await shop.render(job)
        kills, end = 0, time.monotonic() + KILLING_S
        while time.monotonic() < end:
            await asyncio.sleep(dice.uniform(0.3, 1.2))
            found = victims(dice.choice(["executor", "ffmpeg", "nats"]))
            if found:
                os.kill(dice.choice(found), signal.SIGKILL)
                kills += 1
        ended = [await shop.coordinator.wait(job, 60) for job in plans]
        facts = {job: shop.facts(job) for job in plans}
    assert kills > 3
    assert {job.status for job in ended} <= {"completed", "failed"}
    for job, told in facts.items():
        assert sum(isinstance(fact, RenderCompleted | RenderFailed | RenderCancelled) for fact in told) == 1, job
        rendered = [fact.unit for fact in told if isinstance(fact, UnitRendered)]
        assert len(rendered) == len(set(rendered)), job
    films = [f"{job.job_id}.mp4" for job in ended if job.status == "completed"]
    assert shop.outputs() == sorted(films + [f"{name}.manifest.json" for name in films])
    SegmentStore(shop.store.root)  # as the next start does, which sweeps what the last killed executor left
    assert list((tmp_path / "data" / "segments" / ".scratch").iterdir()) == []
