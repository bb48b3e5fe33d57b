"""What must be true of renders whatever happens: while they go on, and when all is over."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from adapters.eventstore.edits import Record
from adapters.render.delivery import SUFFIX
from domain.render.events import RenderCancelled, RenderCompleted, RenderFailed, UnitFailed, UnitRendered, decode
from domain.render.state import RenderState, apply
from ops.campaigns.campaign import Run
from ops.campaigns.renders import zombie
from ops.campaigns.renders.clients import Asked
from ops.campaigns.server import Server

# what may become of a render when units are killed, damaged and without room
REASONS = frozenset({"unit_failed", "unit_lost", "segment_lost", "storage_full", "result_wrong"})
_STATUS = {RenderCompleted: "completed", RenderFailed: "failed", RenderCancelled: "cancelled"}


@contextmanager
def watched(run: Run, films: Path, hashes: set[str]) -> Iterator[None]:
    """From the moment when a film has its name it is whole, and its manifest is beside it."""
    stop = Event()

    def watch() -> None:
        seen: set[Path] = set()
        while not stop.is_set():
            for path in set(films.glob("job_*.mp4")) - seen:
                seen.add(path)
                run.check(_sha256(path) in hashes, f"{path.name} was seen with another content than a film's")
                run.check(Path(f"{path}{SUFFIX}").exists(), f"{path.name} was seen without its manifest")
                run.figures["films seen as they appeared"] += 1
            time.sleep(0.005)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def check_log(run: Run, server: Server, asked: list[Asked]) -> None:
    """The log proves itself, and tells of each render what its client was told."""
    log = server.log()
    try:
        report = log.verify()
        run.check(report.fault is None, f"verify finds {report.fault}")
        streams = set(log.streams("render-"))
        for render in asked:
            stream = f"render-{render.job}"
            run.check(stream in streams, f"{render.job} was accepted and is not there")
            _check_render(run, render, log.read(stream))
    finally:
        log.close()


def _check_render(run: Run, render: Asked, records: list[Record]) -> None:
    state, endings = RenderState(), []
    for fact in (decode(record.payload) for record in records):
        if isinstance(fact, UnitRendered):
            current = fact.attempt == state.attempts.get(fact.unit)
            run.check(current and fact.executor != zombie.NAME, f"{render.job}: a result of an older attempt counts")
            run.check(fact.unit not in state.done, f"{render.job}: a unit was rendered twice")
            run.figures["units reused" if fact.reused else "units made"] += 1
        elif isinstance(fact, UnitFailed):
            run.figures[f"attempts ended by {fact.code}"] += 1
        elif isinstance(fact, RenderCompleted | RenderFailed | RenderCancelled):
            endings.append(_STATUS[type(fact)])
            if isinstance(fact, RenderCompleted):
                run.check(fact.sha256 == render.film.sha256, f"{render.job}: the log has another film")
        state = apply(state, fact)
    run.check(len(endings) == 1, f"{render.job} has ended {len(endings)} times")
    run.check(endings[-1:] == [render.status], f"{render.job} is {endings} and its client was told {render.status!r}")
    if render.status == "failed":
        run.check(render.code in REASONS, f"{render.job} failed with {render.code}")


def check_folder(run: Run, films: Path, asked: list[Asked]) -> None:
    """There are the films that were completed, with their manifests, byte for byte; and nothing else."""
    wanted = set()
    for render in asked:
        if render.status == "completed":
            film = films / f"{render.job}.mp4"
            paper = films / f"{film.name}{SUFFIX}"
            wanted |= {film.name, paper.name}
            if film.exists() and paper.exists():
                run.check(_sha256(film) == render.film.sha256, f"{film.name} is not the film that it was")
                named = json.loads(paper.read_bytes())["output"]["sha256"]
                run.check(named == render.film.sha256, f"{paper.name} names another film")
                run.figures["films compared with their reference"] += 1
    there = {path.name for path in films.iterdir()}
    run.check(wanted <= there, f"missing: {sorted(wanted - there)[:3]}")
    run.check(there <= wanted, f"left behind: {sorted(there - wanted)[:3]}")


def check_scratch(run: Run, server: Server) -> None:
    """After a start and a stop nothing is left of what was under way."""
    left = list((server.data / "segments" / ".scratch").iterdir())
    run.check(not left, f"working folders left behind: {left[:3]}")


def counted(asked: list[Asked]) -> Counter[str]:
    """How the renders ended."""
    return Counter(f"{render.status} ({render.code})" if render.code else render.status for render in asked)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
