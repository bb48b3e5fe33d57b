"""Every campaign at its small size, and every planted bug: a campaign that can't fail proves nothing."""

import json
import secrets
import subprocess
import sys

import pytest

from ops.campaigns.bugs import BUGS
from ops.campaigns.catalogue import CAMPAIGNS
from ops.campaigns.runner import run_campaign


@pytest.mark.parametrize("name", CAMPAIGNS)
@pytest.mark.parametrize("kind", ["fixed", "fresh"])
def test_every_promise_holds(name: str, kind: str) -> None:
    seed = 1 if kind == "fixed" else secrets.randbelow(2**32)
    print(f"ops/campaign {name} --seed {seed}")
    run = run_campaign(name, seed, "small")
    print(run.figures, run.notes)
    assert run.findings == []
    assert run.figures.total() > 0


@pytest.mark.parametrize("bug", BUGS)
def test_every_planted_bug_is_caught(bug: str) -> None:
    assert run_campaign(BUGS[bug].campaign, 1, "small", bug).findings


def test_the_command_fails_where_a_promise_is_broken() -> None:
    command = [sys.executable, "-m", "ops.campaigns", "--json", "--seed", "1"]
    ended = {
        arguments: subprocess.run([*command, *arguments.split()], capture_output=True, text=True)
        for arguments in ("torn_wal", "--plant no_savepoint", "torn_wal --plant time_before_order", "no_such")
    }
    assert {arguments: process.returncode for arguments, process in ended.items()} == {
        "torn_wal": 0,
        "--plant no_savepoint": 0,  # found, as it must be
        "torn_wal --plant time_before_order": 1,  # a bug that this campaign can't see
        "no_such": 2,
    }
    (told,) = json.loads(ended["--plant no_savepoint"].stdout)
    assert (told["seed"], told["planted"], len(told["findings"]) > 0) == (1, "no_savepoint", True)
