"""Fifty clients against one expected version: exactly one wins, in every round."""

import asyncio
from collections import Counter

import httpx2

from ops.campaigns.callers import BASE, Caller
from ops.campaigns.campaign import Run
from ops.campaigns.server import Server

CLIENTS = 50


def one_winner(run: Run) -> None:
    """All of them at once on one project, round after round."""
    with Server(run.new_folder("server")) as server:
        caller = Caller(server.url, "judge")
        project = caller.new_project("fought over")
        version = caller.get(f"/projects/{project}")["version"]
        asyncio.run(_rounds(run, server.url, project, version))
        found = caller.get(f"/projects/{project}")["version"]
        rounds = run.figures["rounds"]
        run.check(found == version + rounds, f"{rounds} rounds brought the project from {version} to {found}")
        caller.close()


async def _rounds(run: Run, url: str, project: str, version: int) -> None:
    limits = httpx2.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx2.AsyncClient(base_url=url, timeout=60, limits=limits) as http:

        async def ask(client: int, expected: int) -> tuple[int, str]:
            body = {
                "ops": [{"op": "rename_project", "name": f"{expected}, client {client}"}],
                "expected_version": expected,
            }
            response = await http.post(
                f"{BASE}/projects/{project}/edits", json=body, headers={"X-Actor": f"client-{client}"}
            )
            return response.status_code, response.json().get("code", "")

        for number in run.rounds(small=15, full=1_000):
            told = Counter(await asyncio.gather(*(ask(client, version + number) for client in range(CLIENTS))))
            wanted = {(200, ""): 1, (409, "version_conflict"): CLIENTS - 1}
            run.check(told == wanted, f"round {number + 1}: {dict(told)}")
            run.figures["rounds"] += 1
            run.figures["winners"] += told[200, ""]
