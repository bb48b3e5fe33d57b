"""kill -9 of the server while four writers edit: what was accepted is there, whole, and its answers are given again."""

import time

from ops.campaigns.callers import Caller, Sent, Writers
from ops.campaigns.campaign import Run
from ops.campaigns.server import Server

EACH_LIFE = 5  # answers at least between two kills
REPLAYED = 10  # answers asked for again after each kill, newest first


def kill(run: Run) -> None:
    """Start, write, kill at a random moment, and look; on one log, over and over."""
    server = Server(run.folder)
    writers = Writers(run, server)
    server.start()
    writers.begin()
    try:
        for number in run.rounds(small=3, full=150):
            before = len(writers.sent)
            with writers.at_work():
                writers.wait_for(before + EACH_LIFE)
                time.sleep(run.chance.uniform(0.05, 0.4))
                server.kill()
            server.start()
            _look(run, server, writers, writers.sent[before:], f"kill {number + 1}")
            run.figures["kills"] += 1
    finally:
        server.stop()
    run.figures["accepted"] = len(writers.accepted)


def _look(run: Run, server: Server, writers: Writers, sent: list[Sent], when: str) -> None:
    cut_off = [request for request in sent if request.reply.status == 0]
    answered = [request for request in sent if request.reply.status != 0]
    for request in cut_off:  # nobody knows what became of it: asked again, it happens once
        caller = Caller(server.url, request.actor)
        request.reply = request.again(caller)
        run.check(request.reply.status == 200, f"{when}: {request.key} again: {request.reply}")
        caller.close()
    for request in [*answered[-REPLAYED:], *cut_off]:
        caller = Caller(server.url, request.actor)
        again = request.again(caller)
        run.check(again == request.reply, f"{when}: {request.key} was answered {request.reply}, and now {again}")
        other = caller.edit(request.project, [{"op": "rename_project", "name": "another"}], key=request.key)
        run.check(other.status == 422, f"{when}: another body under the key {request.key}: {other.status}")
        caller.close()
        run.figures["answers given again"] += 1
    run.figures["cut off and sent again"] += len(cut_off)
    writers.check(when)
    _newest(run, server, writers, when)


def _newest(run: Run, server: Server, writers: Writers, when: str) -> None:
    """Each project is at the version that was last accepted: the requests of one writer come one after the other."""
    caller = Caller(server.url, "reader")
    for project in writers.projects:
        last = [sent for sent in writers.accepted if sent.project == project][-1:]
        found = caller.get(f"/projects/{project}")["version"]
        wanted = [sent.reply.json["version"] for sent in last] or [found]
        run.check([found] == wanted, f"{when}: {project} was last accepted at {wanted} and is at {found}")
    caller.close()
