"""Flipped bits, zeroed and swapped pages, truncated files: each that changed data is found and its position named, and
nothing wrong is ever read."""

import random
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import apsw

from adapters.app.heads import Heads
from adapters.eventstore.edits import Head
from adapters.eventstore.reading import LogReader, open_log
from adapters.eventstore.verify import Fault
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused
from ops.campaigns.callers import Caller
from ops.campaigns.campaign import Run
from ops.campaigns.server import Server

PAGE = 4_096
EDITS = 140  # of five facts; most in one project, so that it has a snapshot
HONEST = ("log_corrupt", "log_unavailable")

Content = dict[str, list[tuple[Any, ...]]]  # rows by table
Asked = dict[str, Callable[[LogReader], object]]  # what is read, by name


def corruption(run: Run) -> None:
    """Make a log by a real server, then damage copies of it, one place at a time."""
    sound, projects, keys = _made(run)
    reader = open_log(sound / "log.db")
    head, asked = reader.head(), _questions(projects, keys)
    truth = {name: question(reader) for name, question in asked.items()}
    reader.close()
    before = _content(sound / "log.db")
    for number in run.rounds(small=60, full=600):
        damaged = run.new_folder(f"damaged{number}")
        kind = _damage(run.chance, sound, damaged, run.chance.choice(before["answers"])[4])
        when = f"{kind} {number + 1}"
        _look(run, damaged, before, head, when)
        _read(run, damaged, asked, truth, when)
        for left in damaged.iterdir():
            left.unlink()
        run.figures[kind] += 1


def _made(run: Run) -> tuple[Path, list[str], list[str]]:
    """A log with a snapshot and answers, half of it in its write-ahead log; its projects and keys."""
    folder, sound, keys = run.new_folder("server"), run.new_folder("sound"), []
    with Server(folder) as server:
        caller = Caller(server.url, "author")
        projects = [caller.new_project(f"project {number}") for number in range(3)]
        for number in range(EDITS):
            project = projects[max(0, number % 10 - 7)]
            ops = [{"op": "rename_project", "name": f"{number}-{part} " + "x" * 60} for part in range(5)]
            caller.edit(project, ops, key=f"key{number}")
            keys.append(f"key{number}")
            if number == EDITS * 3 // 4:
                log = apsw.Connection(str(server.data / "log.db"))
                log.execute("SELECT count(*) FROM events").fetchall()  # or it does not know that there is a WAL
                log.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
                log.close()
        caller.close()
        server.kill()
    for name in ("log.db", "log.db-wal"):
        (sound / name).write_bytes((server.data / name).read_bytes())
    return sound, projects, keys


def _questions(projects: list[str], keys: list[str]) -> Asked:
    """Everything that the application asks a log for."""
    asked: Asked = {}
    for project in projects:
        stream = f"project-{project}"
        asked[f"state of {project}"] = lambda log, p=project: Heads(log, Metrics()).head(p).durable.fingerprint()  # type: ignore[misc]
        asked[f"facts of {project}"] = lambda log, s=stream: log.read(s)  # type: ignore[misc]
        asked[f"edits of {project}"] = lambda log, s=stream: log.edits(s, 0, 10**9)  # type: ignore[misc]
    asked |= {f"answer to {key}": lambda log, k=key: log.answer("author", k) for key in keys}  # type: ignore[misc]
    asked["all facts"] = lambda log: log.read_all(0, 10**9)
    return asked


def _damage(chance: random.Random, sound: Path, damaged: Path, answer: bytes) -> str:
    """A copy with one thing wrong; answers with its kind. ``answer`` is one that is kept in the log."""
    files = {name: bytearray((sound / name).read_bytes()) for name in ("log.db", "log.db-wal")}
    name = chance.choices(list(files), [3, 1])[0]
    content = files[name]
    kind = chance.choices(["flip", "flip in an answer", "zeroed page", "swapped pages", "truncation"], [6, 1, 1, 1, 1])[
        0
    ]
    pages = len(content) // PAGE
    if kind == "flip":
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == "flip in an answer":
        having = {file: at for file, copy in files.items() if (at := copy.find(answer)) >= 0}
        for file, at in having.items():  # wherever it stands first
            files[file][at + chance.randrange(20)] ^= 1 << chance.randrange(8)
        name = " and ".join(having)
    elif kind == "truncation":
        del content[chance.randrange(len(content)) :]
    else:
        one, other = (PAGE * page for page in chance.sample(range(pages), 2))
        here, there = content[one : one + PAGE], content[other : other + PAGE]
        content[one : one + PAGE] = bytes(PAGE) if kind == "zeroed page" else there
        if kind == "swapped pages":
            content[other : other + PAGE] = here
    for file, changed in files.items():
        (damaged / file).write_bytes(changed)
    return f"{kind} in {name}"


def _look(run: Run, damaged: Path, before: Content, head: Head, when: str) -> None:
    """Verify finds it, with the position of the first fact that reads otherwise; or the content is what it was."""
    fault = _found(damaged / "log.db", head)
    after = _content_or_none(damaged / "log.db")
    if fault is None:
        run.check(after == before, f"{when} changed data, and verify finds nothing")
        run.figures["changed no data, nothing found"] += 1
        return
    run.figures["found"] += 1
    run.figures["found, position named"] += fault.position is not None
    first = None if after is None else _difference(before, after)
    run.check(
        first is None or fault.position == first, f"{when}: position {first} reads otherwise, verify says {fault}"
    )


def _read(run: Run, damaged: Path, asked: Asked, truth: dict[str, object], when: str) -> None:
    """Everything that is asked is answered as before the damage, or refused."""
    try:
        reader = open_log(damaged / "log.db")
        end = reader.position()
    except Refused as refused:
        run.check(refused.code in HONEST, f"{when}: the log is opened with {refused}")
        run.figures["refused to open"] += 1
        return
    facts = truth["all facts"]
    assert isinstance(facts, list)  # noqa: S101  # for the type only
    shorter = "wal" in when and end < len(facts)  # as after a power cut: a prefix
    for name, question in asked.items():
        try:
            found = question(reader)
        except Refused as refused:
            run.check(refused.code in HONEST, f"{when}: {name} is refused with {refused}")
            run.figures["reads refused"] += 1
        else:
            prefix = shorter and (name != "all facts" or found == facts[:end])
            run.check(prefix or found == truth[name], f"{when}: {name} reads otherwise")
            run.figures["reads right"] += 1
    run.figures["logs cut short, found by the anchor"] += shorter
    reader.close()


def _found(path: Path, anchor: Head) -> Fault | None:
    """The fault; a file that can't even be opened is one as well."""
    try:
        reader = open_log(path)
        report = reader.verify(anchor=anchor)
    except Refused as refused:
        return Fault(None, str(refused))
    reader.close()
    return report.fault


def _content(path: Path) -> Content:
    """What the file holds, asked of SQLite itself without any index."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return {
            table: connection.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid").fetchall()  # noqa: S608
            for table in ("events", "edits", "answers")
        }
    finally:
        connection.close()


def _content_or_none(path: Path) -> Content | None:
    try:
        return _content(path)
    except (apsw.Error, UnicodeDecodeError):
        return None


def _difference(before: Content, after: Content) -> int | None:
    """The position of the first fact that reads otherwise or has gone, or whose edit does."""
    positions: list[int] = []
    for table in ("events", "edits"):
        pairs = zip_longest(before[table], after[table])
        positions += [int(row[0]) for row, other in pairs if row is not None and row != other]
    return min(positions, default=None)
