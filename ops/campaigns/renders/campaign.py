"""Renders while processes are killed and paused, JetStream's folder is deleted, the store's files are damaged and disks
run full: each render ends once, with its film or with a reason."""

import itertools
import time
from pathlib import Path

from ops.campaigns.callers import Caller
from ops.campaigns.campaign import FINDINGS_KEPT, Run
from ops.campaigns.renders import checks, processes
from ops.campaigns.renders.clients import Clients
from ops.campaigns.renders.faults import Faults, remove_disks, small_disks
from ops.campaigns.renders.films import make_films, make_source
from ops.campaigns.renders.zombie import zombie
from ops.campaigns.server import Server

EXECUTORS = 2
KILLS = ("kills", "jetstream")  # deleting its folder takes one


def renders(run: Run) -> None:
    """One server, however often it is started; clients beside it; and what happens to both of them."""
    media, films = run.new_folder("media"), run.folder / "films"
    disks = [run.folder / "data" / "segments", films]
    has_disks = small_disks(*disks)
    if not has_disks:
        films.mkdir(exist_ok=True)
        run.notes["full disks"] = "left out: only root may mount small ones"
    environment = {
        "STOAT_MEDIA_ROOTS": str(media),
        "STOAT_OUTPUT_ROOTS": str(films),
        "STOAT_EXECUTORS": str(EXECUTORS),
    }
    server = Server(run.folder, environment)
    try:
        make_source(media / "source.mp4")
        server.start()
        clients = _calm(run, server, media / "source.mp4", films)
        faults = Faults(run, server, films, has_disks)
        with checks.watched(run, films, {film.sha256 for film in clients.films}), zombie(run, server):
            _storm(run, clients, faults)
        _afterwards(run, server, films, clients)
    finally:
        server.stop()
        if has_disks:
            remove_disks(*disks)


def _calm(run: Run, server: Server, source: Path, films: Path) -> Clients:
    caller = Caller(server.url, "author")
    made = make_films(run, caller, source, films, run.many(small=3, full=8))
    caller.close()
    return Clients(run, server, made)


def _storm(run: Run, clients: Clients, faults: Faults) -> None:
    """One fault after the other, each kind as often as any, until there have been enough of them and of renders."""
    rounds, jobs = run.many(small=1, full=100), run.many(small=8, full=1000)
    with clients.at_work():
        for number in itertools.count():
            if number >= rounds and clients.ended >= jobs:
                break
            for name in run.chance.sample(sorted(faults.all), len(faults.all)):
                if len(run.findings) >= FINDINGS_KEPT:
                    return
                run.progress(f"{clients.ended} of {jobs} renders, {number} of {rounds} rounds of faults")
                time.sleep(run.chance.uniform(0.1, 0.6))
                faults.damage()  # so that there is always something to be made
                done = faults.all[name]()
                run.figures[name] += done
                run.figures["kills"] += done and name.startswith(KILLS)
        faults.settle()


def _afterwards(run: Run, server: Server, films: Path, clients: Clients) -> None:
    server.stop()
    left = processes.of(run.folder)
    run.check(not left, f"the server was stopped and these live on: {sorted(left.values())}")
    server.start()
    server.stop()
    checks.check_log(run, server, clients.asked)
    checks.check_folder(run, films, clients.asked)
    checks.check_scratch(run, server)
    run.figures["renders"] = len(clients.asked)
    run.figures.update(checks.counted(clients.asked))
