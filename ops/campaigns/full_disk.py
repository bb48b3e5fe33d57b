"""A full disk under the server, in three ways: edits are refused honestly, reads go on, and with room writing does
too."""

import resource
from collections.abc import Callable

from ops.campaigns.callers import BASE, Caller, Writers
from ops.campaigns.campaign import Run
from ops.campaigns.crew import all_at_once
from ops.campaigns.server import Server

REFUSALS = 3  # each writer goes on until it has met so many
MOST_EDITS = 400
PLENTY = 2**40


def full_disk(run: Run) -> None:
    """Each way in turn, on a server of its own."""
    for number in run.rounds(small=1, full=10):
        for way, (fill, make_room) in WAYS.items():
            with Server(run.new_folder(f"{way}{number}")) as server:
                _fill_and_go_on(run, server, fill, make_room, f"{way} {number + 1}")


def _pages(server: Server) -> None:
    server.tell("pages", 4)


def _more_pages(server: Server) -> None:
    server.tell("pages", 100_000)


def _limit(server: Server) -> None:
    """No file of the process may grow past where the log is now, and a little."""
    largest = max(path.stat().st_size for path in server.data.glob("log.db*"))
    resource.prlimit(server.child.pid, resource.RLIMIT_FSIZE, (largest + 20_000, resource.RLIM_INFINITY))


def _no_limit(server: Server) -> None:
    resource.prlimit(server.child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _no_space(server: Server) -> None:
    server.tell("room", 20_000)


def _space(server: Server) -> None:
    server.tell("room", PLENTY)


Way = Callable[[Server], None]
WAYS: dict[str, tuple[Way, Way]] = {
    "max_page_count": (_pages, _more_pages),
    "RLIMIT_FSIZE": (_limit, _no_limit),
    "ENOSPC": (_no_space, _space),
}


def _fill_and_go_on(run: Run, server: Server, fill: Way, make_room: Way, when: str) -> None:
    writers = Writers(run, server)
    writers.begin()
    with writers.at_work(edits=3):
        pass
    fill(server)
    refused = _write_until_refused(run, server, writers, when)
    run.check(refused >= REFUSALS, f"{when}: the disk did not run full")
    reader = Caller(server.url, "reader")
    for project in writers.projects:
        run.check(reader.send("GET", f"{BASE}/projects/{project}").status == 200, f"{when}: {project} can't be read")
    make_room(server)
    before = len(writers.sent)
    with writers.at_work(edits=2):
        pass
    after = writers.sent[before:]
    run.check(all(sent.reply.status == 200 for sent in after), f"{when}: with room again: {after[0].reply}")
    reader.close()
    writers.check(when)
    run.figures["refused for want of room"] += refused
    run.figures["accepted"] += len(writers.accepted)


def _write_until_refused(run: Run, server: Server, writers: Writers, when: str) -> int:
    """Long batches, from all writers, until each was refused often enough; answers with how often."""

    def write(project: str) -> int:
        caller, own = Caller(server.url, "filler"), 0
        for step in range(MOST_EDITS):
            ops = [{"op": "rename_project", "name": f"{step}-{filler}" + "x" * 150} for filler in range(20)]
            reply = caller.edit(project, ops)
            full = reply.status == 507 and reply.json["code"] == "storage_full"
            run.check(full or reply.status == 200, f"{when}: {reply}")
            own += full
            if own == REFUSALS or not (full or reply.status == 200):
                break
        caller.close()
        return own

    return min(all_at_once(write, writers.projects))
