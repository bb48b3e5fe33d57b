"""A program that is stopped as soon as it has started ends, and leaves nobody behind."""

import asyncio
from pathlib import Path

from adapters.bootstrap import build
from adapters.settings import Settings


def test_a_program_stopped_at_once_ends(tmp_path: Path) -> None:
    async def begun_and_ended() -> None:
        program = build(Settings(data_dir=tmp_path, media_roots=(), executors=1))
        await program.start()
        await program.stop()

    for _ in range(3):
        asyncio.run(asyncio.wait_for(begun_and_ended(), 60))
