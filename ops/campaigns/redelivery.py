"""Every request sent up to five times, in any order and at once: it happens once, and every answer is the same."""

from collections import defaultdict

from ops.campaigns.callers import Caller, Reply, renames
from ops.campaigns.campaign import Run
from ops.campaigns.crew import all_at_once
from ops.campaigns.server import Server

SENDERS = 6
BATCH = 20  # requests that are mixed with each other


def redelivery(run: Run) -> None:
    """Batches of mixed deliveries; then each key with another body."""
    with Server(run.new_folder("server")) as server:
        caller = Caller(server.url, "sender")
        project = caller.new_project("redelivered")
        version = caller.get(f"/projects/{project}")["version"]
        for number in run.rounds(small=3, full=100):
            requests = {f"{number}-{key}": renames(run.chance, f"{number}-{key}") for key in range(BATCH)}
            answers = _deliver(run, server, project, requests)
            for key, replies in answers.items():
                run.check(len(replies) == 1, f"{key} was answered differently: {replies}")
                run.check(all(reply.status == 200 for reply in replies), f"{key}: {replies}")
            other = caller.edit(project, [{"op": "rename_project", "name": "another"}], key=f"{number}-0")
            run.check(other.status == 422, f"another body under a key that was used: {other}")
            version += sum(len(ops) for ops in requests.values())
            found = caller.get(f"/projects/{project}")["version"]
            run.check(found == version, f"after batch {number + 1} the project is at {found}, not at {version}")
            run.figures["requests"] += len(requests)
        caller.close()


def _deliver(
    run: Run, server: Server, project: str, requests: dict[str, list[dict[str, object]]]
) -> dict[str, set[Reply]]:
    deliveries = [key for key in requests for _ in range(run.chance.randrange(1, 6))]
    run.chance.shuffle(deliveries)
    answers: dict[str, set[Reply]] = defaultdict(set)

    def send(share: list[str]) -> None:
        caller = Caller(server.url, "sender")
        for key in share:
            answers[key].add(caller.edit(project, requests[key], key=key))
        caller.close()

    all_at_once(send, [deliveries[n::SENDERS] for n in range(SENDERS)])
    run.figures["deliveries"] += len(deliveries)
    return answers
