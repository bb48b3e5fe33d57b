"""A small film made by hand for render tests: a source, a plan of real FFmpeg units, and all that renders it."""

import asyncio
import hashlib
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.broker.memory import MemoryBroker
from adapters.broker.port import Broker
from adapters.eventstore.edits import Provenance
from adapters.eventstore.sqlite import SqliteLog
from adapters.ffmpeg.locate import locate
from adapters.media.outputs import OutputRoots
from adapters.media.paths import MediaRoots
from adapters.render.coordinator import Coordinator
from adapters.render.durable import sha256
from adapters.render.executor import Executor
from adapters.render.make import Maker
from adapters.render.production import Planned
from adapters.render.segments import SegmentStore
from domain.render.events import RenderFact, RenderRequested, decode
from domain.render.formats.presets import chosen
from domain.render.messages import SourceFile
from domain.render.plan import Chunk, Expect, Plan, Segment, Slot, Token, Unit
from domain.timeline.events import Output, Rate

TOOLS = locate()
FPS, RATE = 30, 48_000
OUTPUT = Output(160, 90, Rate(FPS, 1), RATE, "#000000")
MEDIA = "m1"
VIDEO = ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-bf", "0", "-video_track_timescale", str(FPS)]
EXACT = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]


def make_source(path: Path, seconds: int) -> None:
    """A test picture with a tone."""
    picture = f"testsrc=size=160x90:rate={FPS}:duration={seconds}"
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=sample_rate={RATE}:duration={seconds}"]
    argv = [str(TOOLS.ffmpeg), "-v", "error", *inputs, *VIDEO, "-c:a", "aac", "-ac", "2", "-y", str(path)]
    subprocess.run(argv, check=True)


def key(*parts: object) -> str:
    """A unit's key."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def segment(number: int, *, slow: bool = False, broken: bool = False, note: str = "") -> Unit:
    """The second ``number`` of the source; ``slow`` takes a second of real time, ``broken`` fails."""
    pace: list[Token] = ["-readrate", "1"] if slow else []
    filters = "no_such_filter" if broken else "setpts=N"
    argv: list[Token] = [*pace, "-ss", str(number), "-f", "mov", "-i", Slot(media=MEDIA), "-an", "-vf", filters]
    argv += ["-r", str(FPS), "-frames:v", str(FPS), *VIDEO, *EXACT, "-f", "mp4", Slot(out=True)]
    if not broken:
        argv[argv.index("setpts=N")] = f"setpts=N/{FPS}/TB"
    expect = Expect(frames=FPS, width=160, height=90)
    return Unit(key("segment", number, slow, broken, note), "segment", ".mp4", argv, 30, expect, {}, [], [MEDIA], [])


def sound(seconds: int) -> list[Unit]:
    """The source's sound as PCM, and the mix made of it, all in one chunk."""
    length = Expect(samples=seconds * RATE, sample_rate=RATE, channels=2)
    pcm: list[Token] = ["-f", "mov", "-i", Slot(media=MEDIA), "-vn", "-af", f"atrim=end_sample={seconds * RATE}"]
    pcm += ["-c:a", "pcm_f32le", *EXACT, "-f", "wav", Slot(out=True)]
    audio = Unit(key("audio", seconds), "audio", ".wav", pcm, 5, length, {}, [], [MEDIA], [])
    aac: list[Token] = ["-f", "wav", "-i", Slot(unit=audio.key), "-c:a", "aac", *EXACT, "-f", "mp4", Slot(out=True)]
    return [audio, Unit(key("mix", seconds), "mix", ".m4a", aac, 5, length, {}, [audio.key], [], [])]


def film(pieces: Sequence[Unit]) -> Plan:
    """A film of these one-second pieces, in this order, with sound."""
    audio, mix = sound(len(pieces))
    segments = [Segment(piece.key, number * FPS, FPS) for number, piece in enumerate(pieces)]
    units = list({unit.key: unit for unit in [*pieces, audio, mix]}.values())
    frames, samples = len(pieces) * FPS, len(pieces) * RATE
    return Plan(
        key("plan", [unit.key for unit in units]), frames, samples, OUTPUT, segments,
        [Chunk(mix.key, 0, -(-samples // 1024) + 1)], units,
    )  # fmt: skip


@dataclass
class Workshop:
    """Folders, log, store and broker of one server; what the planner answers can be set."""

    folder: Path
    broker: Broker
    plan: Plan
    log_name: str = "log.db"
    store_class: type[SegmentStore] = SegmentStore
    scanned: Planned | None = None
    plans: dict[str, Plan] = field(default_factory=dict)
    log: SqliteLog = field(init=False)
    store: SegmentStore = field(init=False)
    coordinator: Coordinator = field(init=False)

    def __post_init__(self) -> None:
        for name in ("media", "renders"):
            (self.folder / name).mkdir(exist_ok=True)
        self.source = self.folder / "media" / "source.mp4"
        self.log = SqliteLog(self.folder / self.log_name)
        self.store = self.store_class(self.folder / "data" / "segments")
        self.coordinator = self.new_coordinator()

    def new_coordinator(self) -> Coordinator:
        outputs = OutputRoots([self.folder / "renders"])
        return Coordinator(self.log, self.broker, self.store, outputs, TOOLS, self.planned, open_limit=3, watch_s=0.5)

    async def planned(self, wanted: RenderRequested) -> Planned:
        """Stands in for the core: the plan that was set, and the source as it is, or as it was scanned."""
        if self.scanned:
            return self.scanned
        seen = self.source.stat()
        source = SourceFile(str(self.source), sha256(self.source), seen.st_size, seen.st_mtime_ns)
        plan = self.plans.get(wanted.job, self.plan)
        versions = {"core_version": "test", "ffmpeg_version": "test"}
        return Planned(plan, {MEDIA: source}, {}, versions, chosen(wanted.preset, wanted.settings), [])

    def wanted(self, job: str) -> RenderRequested:
        return RenderRequested(job, "p1", 7, "draft", str(self.folder / "renders" / f"{job}.mp4"))

    async def render(self, job: str) -> None:
        await self.coordinator.request(self.wanted(job), by("request-" + job))

    def facts(self, job: str) -> list[RenderFact]:
        return [decode(record.payload) for record in self.log.read(f"render-{job}")]

    def outputs(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "renders").iterdir())

    @property
    def environment(self) -> dict[str, str]:
        """Settings for executor processes, but for the broker."""
        return {"STOAT_DATA_DIR": str(self.folder / "data"), "STOAT_MEDIA_ROOTS": str(self.folder / "media")}

    @asynccontextmanager
    async def running(self, executors: int = 0) -> AsyncIterator["Workshop"]:
        """The coordinator at work, with so many executors inside this process."""
        stop = asyncio.Event()
        maker = Maker(TOOLS, self.store, MediaRoots([self.folder / "media"]))
        at_work = [
            asyncio.create_task(Executor(self.broker, maker, f"hand-{number}").work(stop))
            for number in range(executors)
        ]
        await self.coordinator.start()
        try:
            yield self
        finally:
            stop.set()
            await asyncio.gather(*at_work)
            await self.coordinator.stop()
            self.log.close()


def by(edit_id: str) -> Provenance:
    """A request of the test's."""
    return Provenance(edit_id=edit_id, actor="tester", kind="record", command=b"{}", correlation_id="c-" + edit_id)


@asynccontextmanager
async def in_memory(
    folder: Path, plan: Plan, executors: int = 1, store: type[SegmentStore] = SegmentStore
) -> AsyncIterator[Workshop]:
    """A workshop in one process, without NATS."""
    shop = Workshop(folder, MemoryBroker(lease_s=2), plan, store_class=store)
    make_source(shop.source, 4)
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(shop.running(executors))


async def until(condition: Callable[[], bool], timeout_s: float = 20) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - files and other processes set no event
            await asyncio.sleep(0.05)
