"""Eight agents editing one timeline of 200 clips: how often they are in each other's way, and that nobody overwrites
what they have not seen."""

import random
import time
from collections import Counter
from dataclasses import dataclass

from ops.campaigns.callers import BASE, Caller, Json, Reply
from ops.campaigns.campaign import Run
from ops.campaigns.crew import all_at_once
from ops.campaigns.server import FOOTAGE, Server

AGENTS, CLIPS = 8, 200
FIELDS = ("volume", "fade_in", "fade_out")
SOURCE = FOOTAGE / "bunny_720p24.mp4"


@dataclass(frozen=True)
class Made:
    """An accepted edit: made for version ``seen``, it became version ``version`` and set one field of a clip."""

    seen: int
    version: int
    clip: str
    field: str
    value: float


def agents(run: Run) -> None:
    """The same work twice: stale edits refused, and stale edits rebased."""
    with Server(run.new_folder("server")) as server:
        caller = Caller(server.url, "director")
        _scan(caller)
        for way in ("reject", "rebase"):
            project = _timeline(caller, way)
            edits = run.many(small=6, full=100)
            made, conflicts = _work(run, server, project, way, edits)
            run.figures[f"{way}: edits"], run.figures[f"{way}: conflicts"] = len(made), conflicts
            run.notes[f"{way}: conflicts per edit"] = f"{conflicts / max(1, len(made)):.3f}"
            run.check(len(made) == AGENTS * edits, f"{way}: {len(made)} of {AGENTS * edits} edits were made")
            _check(run, caller, project, made, way)
            _collide(run, caller, project, way)
        caller.close()


def _scan(caller: Caller) -> None:
    job = caller.send("POST", BASE + "/videos/scan", {"path": str(FOOTAGE), "recursive": False}).json["job_id"]
    while caller.get(f"/jobs/{job}?wait_s=20")["status"] in ("queued", "running"):
        pass


def _timeline(caller: Caller, name: str) -> str:
    project = caller.new_project(name)
    ops: list[Json] = [{"op": "add_track", "id": "main", "type": "video"}]
    clip = {"op": "add_clip", "track": "main", "source": str(SOURCE), "at": "end", "out_point": 2}
    ops += [clip | {"id": f"clip{number}"} for number in range(CLIPS)]
    reply = caller.edit(project, ops)
    if reply.status != 200:
        raise RuntimeError(f"no timeline: {reply}")
    return project


def _work(run: Run, server: Server, project: str, way: str, edits: int) -> tuple[list[Made], int]:
    """Each agent reads, thinks, and sends one op at a time; refused for somebody else's edit, it reads again."""
    made: list[Made] = []
    conflicts: Counter[str] = Counter()

    def work(agent: tuple[int, int]) -> None:
        number, seed = agent
        caller, chance = Caller(server.url, f"agent-{number}"), random.Random(seed)
        for _ in range(edits):
            clip, field = f"clip{chance.randrange(CLIPS)}", chance.choice(FIELDS)
            value = chance.randrange(1, 1_000) / 1_000
            while True:
                seen = caller.get(f"/projects/{project}")["version"]
                time.sleep(chance.uniform(0, 0.02))
                reply = _set(caller, project, clip, field, value, seen, way)
                if reply.status != 409:
                    break
                conflicts[way] += 1
            if reply.status == 200:
                made.append(Made(seen, reply.json["version"], clip, field, value))
            run.check(reply.status == 200, f"{way}: {reply}")
        caller.close()

    all_at_once(work, [(n, run.chance.randrange(2**32)) for n in range(AGENTS)])
    return made, conflicts[way]


def _set(caller: Caller, project: str, clip: str, field: str, value: float, seen: int, way: str) -> Reply:
    op = {"op": "update_clip", "clip": clip, field: value}
    return caller.edit(project, [op], expected_version=seen, on_conflict=way)


def _check(run: Run, caller: Caller, project: str, made: list[Made], way: str) -> None:
    """Nobody set what had been set since they looked, and the timeline is what the last of each said."""
    last: dict[tuple[str, str], Made] = {}
    for edit in sorted(made, key=lambda edit: edit.version):
        before = last.get((edit.clip, edit.field))
        unseen = before is not None and before.version > edit.seen and before.value != edit.value
        run.check(not unseen, f"{way}: {edit} overwrote {before} unseen")
        last[edit.clip, edit.field] = edit
    clips = {clip["id"]: clip for track in caller.get(f"/projects/{project}")["tracks"] for clip in track["clips"]}
    for (clip, field), edit in last.items():
        run.check(float(clips[clip][field]) == edit.value, f"{way}: {clip}.{field} is {clips[clip][field]}, not {edit}")


def _collide(run: Run, caller: Caller, project: str, way: str) -> None:
    """On purpose: an edit of what somebody else has just changed is refused, and changes nothing."""
    for number in range(run.many(small=5, full=50)):
        seen = caller.get(f"/projects/{project}")["version"]
        first = _set(caller, project, f"clip{number}", "volume", 0.25 + number / 1_000, seen, way)
        second = _set(caller, project, f"clip{number}", "volume", 0.75 + number / 1_000, seen, way)
        run.check((first.status, second.status) == (200, 409), f"{way}, a collision: {first} and {second}")
        run.figures[f"{way}: collisions made on purpose"] += 1
