"""Backups of a server under load: each has what was accepted before it, proves itself, is a prefix, and can be
served."""

import time
from pathlib import Path

from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from ops.campaigns.callers import Caller, Writers
from ops.campaigns.campaign import Run
from ops.campaigns.server import Server


def backup(run: Run) -> None:
    """Copy while four writers write, as ``stoat log backup`` does it from another process, then restore the last."""
    copies: list[tuple[Path, int]] = []
    with Server(run.new_folder("server")) as server:
        writers = Writers(run, server)
        writers.begin()
        log = server.log()
        with writers.at_work():
            for number in run.rounds(small=3, full=20):
                time.sleep(run.chance.uniform(0.05, 0.3))
                before, target = len(writers.accepted), run.folder / f"backup{number}.db"
                try:
                    log.backup(target)
                except Refused as refused:
                    run.check(False, f"backup {number + 1}: {refused}")
                    continue
                copies.append((target, before))
        chains = {record.position: record.chain for record in log.read_all(0, 10**9)}
        log.close()
    for target, before in copies:
        _look(run, target, [sent.reply.json["edit_id"] for sent in writers.accepted[:before]], chains)
    if copies:
        _serve(run, *copies[-1], writers)
    run.figures["accepted"] = len(writers.accepted)


def _look(run: Run, target: Path, accepted: list[str], chains: dict[int, bytes]) -> None:
    copy = SqliteLog(target)
    report = copy.verify()
    run.check(report.ok, f"{target.name}: verify finds {report.fault}")
    run.check(chains.get(report.head.position) == report.head.chain, f"{target.name} is no prefix of the log")
    kept = {record.edit_id for record in copy.read_all(0, 10**9)}
    for edit in accepted:
        run.check(edit in kept, f"{target.name}: {edit} was accepted before it and is not there")
    copy.close()
    run.figures["backups"] += 1
    run.figures["facts proved"] += report.events


def _serve(run: Run, target: Path, before: int, writers: Writers) -> None:
    folder = run.new_folder("restored")
    restored = Server(folder)
    restored.data.mkdir()
    target.rename(restored.data / "log.db")
    with restored:
        caller = Caller(restored.url, "reader")
        for project in writers.projects:
            versions = [sent.reply.json["version"] for sent in writers.accepted[:before] if sent.project == project]
            found = caller.get(f"/projects/{project}")["version"]
            run.check(
                found >= max(versions, default=0), f"restored: {project} is at {found}, not {max(versions, default=0)}"
            )
            reply = caller.edit(project, [{"op": "rename_project", "name": "restored"}])
            run.check(reply.status == 200, f"restored: {reply}")
        caller.close()
