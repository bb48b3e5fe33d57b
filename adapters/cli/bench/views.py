"""Every projection rebuilt from a log of many projects, files and renders, beside reading that log and nothing else."""

import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from itertools import islice
from pathlib import Path

import msgspec

from adapters.cli.bench.figures import Figure
from adapters.cli.bench.timelines import SECOND, edits
from adapters.eventstore.edits import Edit, NewFact, Record
from adapters.eventstore.sqlite import SqliteLog
from adapters.views.log import BATCH, whole_edits
from adapters.views.rebuild import Rebuild
from adapters.views.replay import replay
from domain.library.events import Description, MediaFound, MediaTagged
from domain.library.media import AudioStream, FrameTable, MediaFile, Ratio, VideoStream
from domain.render.events import PlannedUnit, RenderCompleted, RenderPlanned, RenderRequested, UnitRendered
from projections.catalogue import projections

QUICK, FULL = 100_000, 1_000_000  # facts
IN_FLIGHT = 2_000  # edits that wait for their commit at once
UNITS = 50  # of a render
TURN = 250  # edits of one project before the next one is worked on
LENGTH = 9_000  # edits of a project

Told = tuple[str, Sequence[msgspec.Struct]]


def measure(facts: int) -> list[Figure]:
    """Facts a second, by projection and in all."""
    with tempfile.TemporaryDirectory(prefix="stoat-bench-") as folder:
        log = SqliteLog(Path(folder) / "log.db", "normal")
        try:
            _write(log, facts)
            return [*_one_by_one(log), _side_by_side(log, Path(folder) / "views")]
        finally:
            log.close()


def _side_by_side(log: SqliteLog, folder: Path) -> Figure:
    """As ``stoat replay`` does it, with the new rows put in their place."""
    read = _read(log)
    began = time.process_time()
    replay(log, folder, check=False)
    taken = time.process_time() - began
    return Figure("rebuilding all", log.position() / taken, "facts/CPU s", f"{taken / read:.1f} times the reading")


def _read(log: SqliteLog) -> float:
    """Seconds to read all that there is."""
    began = time.process_time()
    position = 0
    while found := whole_edits(log, position, BATCH):
        position = found[-1][-1].position
    return time.process_time() - began


def _one_by_one(log: SqliteLog) -> Iterator[Figure]:
    facts = log.position()
    beside = f"reading {facts:,} facts and no more: {facts / _read(log):,.0f}/CPU s"
    for projection in projections():
        rebuild = Rebuild(projection)
        began = time.process_time()
        while rebuild.step(log):
            pass
        taken = time.process_time() - began
        rebuild.close()
        yield Figure(f"rebuilding {projection.name}", facts / taken, "facts/CPU s", beside)


def _write(log: SqliteLog, facts: int) -> None:
    """Tell the log a history of so many facts."""
    versions: dict[str, int] = {}
    pending: deque[Future[list[Record]]] = deque()
    left = facts
    for number, (stream, told) in enumerate(_history(facts)):
        version = versions.get(stream, 0)
        new = [NewFact(str(fact.__struct_config__.tag), msgspec.msgpack.encode(fact)) for fact in told]
        edit = Edit(
            edit_id=f"edit-{number}",
            stream=stream,
            expected_version=version,
            facts=new,
            actor=f"agent-{number % 7}",
            kind="edit",
            command=b'{"ops": []}',
            correlation_id=f"request-{number}",
        )
        pending.append(log.submit(edit))
        if len(pending) > IN_FLIGHT:
            pending.popleft().result()
        versions[stream] = version + len(new)
        left -= len(new)
        if left <= 0:
            break
    for last in pending:
        last.result()


def _history(facts: int) -> Iterator[Told]:
    """Edits of many streams, in turns: a fact of twenty is one of files, one of twenty one of renders."""
    going = [_project(number) for number in range(max(1, facts * 9 // 10 // LENGTH))]
    files, renders = _files(), _renders()
    while True:
        for project in going:
            yield from islice(project, TURN)
            yield from islice(files, TURN // 18)
            yield from islice(renders, TURN // 18)


def _project(number: int) -> Iterator[Told]:
    for fact in edits(10 * LENGTH):
        yield f"project-bench-{number}", [fact]


def _files() -> Iterator[Told]:
    number = 0
    while True:
        number += 1
        name = f"media_{number:08}"
        picture = VideoStream(
            index=0, codec="h264", width=1920, height=1080, pix_fmt="yuv420p", sar=Ratio(1, 1), rotation=0,
            time_base=Ratio(1, 12800), frames=FrameTable(0, [(512, 2999)], 512), color_range=None, color_space=None,
            color_primaries=None, color_transfer=None,
        )  # fmt: skip
        sound = AudioStream(1, "aac", 48_000, 2, 0, 120 * SECOND)
        content = MediaFile(
            id=name, kind="video", sha256=f"{number:064x}", demuxer="mov", exact_seek=True, origin=0,
            duration=120 * SECOND, video=picture, audio=sound,
        )  # fmt: skip
        title = {"title": f"Take {number} of scene {number % 97}", "artist": "Somebody"}
        path = f"/media/day {number % 31}/camera {number % 5}/clip {number}.mp4"
        yield f"media-{name}", [MediaFound(name, Description(path, 10_000_000, number, 8_000_000, title, content))]
        yield f"media-{name}", [MediaTagged(name, ["outdoors", f"scene-{number % 97}"])]


def _renders() -> Iterator[Told]:
    number = 0
    while True:
        number += 1
        stream = f"render-job_{number:08}"
        units = [PlannedUnit(f"{number:032x}{unit:032x}", "segment", 1, False) for unit in range(UNITS)]
        yield stream, [RenderRequested(stream[7:], "bench-0", 9, "standard", f"/films/{number}.mp4")]
        yield stream, [RenderPlanned("ab" * 32, 3_000, units)]
        for unit in units:
            yield stream, [UnitRendered(unit.key, 1, "executor-1", "cd" * 32, 100_000, 900, False)]
        film = f"/films/{number}.mp4"
        yield stream, [RenderCompleted(film, film + ".json", "ef" * 32, 5_000_000, 3_000, 120 * SECOND)]
