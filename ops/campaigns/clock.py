"""A clock that jumps: back, forward, to 1970, past 2038. The order is the log's, and reading by time keeps its rule:
the newest edit whose own time is not later than the time asked for."""

import time
from datetime import UTC, datetime, timedelta

from adapters.eventstore.edits import EditRecord
from ops.campaigns.callers import BASE, Caller, Reply
from ops.campaigns.campaign import Run
from ops.campaigns.server import Server

HOUR, YEAR = 3_600, 365 * 86_400
EDITS = 4  # after each jump
TOLERANCE = 600  # seconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def clock(run: Run) -> None:
    """Jump, edit, look; the same server all along. Its clock is changed inside: libfaketime breaks Python's sleep."""
    now = int(time.time())
    jumps = [-HOUR, HOUR, -10 * YEAR, 10 * YEAR, -now + HOUR, 2**31 - now + HOUR, 4_102_444_800 - now, 0]
    with Server(run.new_folder("server")) as server:
        caller = Caller(server.url, "traveller")
        project, answers = caller.new_project("timeless"), list[tuple[str, Reply]]()
        for number in run.rounds(small=1, full=10):
            for seconds in run.chance.sample(jumps, len(jumps)):
                server.tell("clock", seconds)
                _edit(run, server, caller, project, seconds, answers, f"round {number + 1}")
                run.figures["jumps"] += 1
            server.tell("clock", 0)
        for key, reply in answers:
            again = caller.edit(project, [{"op": "rename_project", "name": key}], key=key)
            run.check(again == reply, f"{key} was answered {reply}, and after the jumps {again}")
        _look(run, server, caller, project, [reply.json["edit_id"] for _, reply in answers])
        caller.close()


def _edit(
    run: Run, server: Server, caller: Caller, project: str, seconds: int, answers: list[tuple[str, Reply]], when: str
) -> None:
    """Some edits at the shifted time, which the log must have taken."""
    wanted = time.time() + seconds
    for _ in range(EDITS):
        key = f"edit-{len(answers)}"
        reply = caller.edit(project, [{"op": "rename_project", "name": key}], key=key)
        run.check(reply.status == 200, f"{when}, {seconds:+d} s: {reply}")
        if reply.status == 200:
            answers.append((key, reply))
    run.check(caller.send("GET", "/health/ready").status == 200, f"{when}, {seconds:+d} s: not ready")
    log = server.log()
    found = log.edit(answers[-1][1].json["edit_id"]) if answers else None
    log.close()
    took = found is not None and abs(found.time_us / 10**6 - wanted) < TOLERANCE
    run.check(took, f"{when}: the clock did not jump by {seconds} s")


def _look(run: Run, server: Server, caller: Caller, project: str, accepted: list[str]) -> None:
    log = server.log()
    report, edits = log.verify(), log.edits(f"project-{project}", 0, 10**9)
    run.check(report.ok, f"verify finds {report.fault}")
    run.check(
        [edit.edit_id for edit in edits[1:]] == accepted, "the edits are not in the order in which they were made"
    )
    moments = sorted({edit.time_us + off for edit in edits for off in (-1, 0, 1) if edit.time_us + off >= 0})
    for moment in moments:
        wanted, found = _by_the_rule(edits, moment), log.version_at(f"project-{project}", moment)
        run.check(found == wanted, f"at {moment} us the version is {found}, by the rule {wanted}")
    log.close()
    for moment in run.chance.sample(moments, min(len(moments), 20)):
        at = f"{_EPOCH + timedelta(microseconds=moment):%Y-%m-%dT%H:%M:%S.%fZ}"
        reply, wanted = caller.send("GET", f"{BASE}/projects/{project}?at={at}"), _by_the_rule(edits, moment)
        found = reply.json.get("version", 0)
        run.check(found == wanted, f"?at={at} is answered with version {found}, by the rule {wanted}")
    run.figures["edits"], run.figures["moments looked at"] = len(edits), len(moments)


def _by_the_rule(edits: list[EditRecord], moment: int) -> int:
    return next((edit.last_version for edit in reversed(edits) if edit.time_us <= moment), 0)
