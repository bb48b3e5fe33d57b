"""Plans as text, to be read in review: a folder of ``tests/golden/plans`` for each case.

``facts.json`` is what is planned, ``plan.txt`` what comes of it. After a change that is meant,
``python -m tests.rust_core.test_golden_plans`` writes the texts anew.
"""

from pathlib import Path

import msgspec
import pytest

import rust_core
from domain.library.media import MediaFile
from domain.render.plan import FfmpegBuild, Plan, Slot, Token, Unit, decode
from domain.timeline.events import TimelineFact
from tests.formats import by_preset

FOLDER = Path(__file__).parent.parent / "golden" / "plans"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/facts.json"))
BUILD = FfmpegBuild("golden", "-filter_complex_script")
REQUEST = by_preset("standard", BUILD, {"title": "ab" * 32, "name": "cd" * 32})


def planned(case: str) -> str:
    facts = msgspec.json.decode((FOLDER / case / "facts.json").read_bytes(), type=list[TimelineFact])
    media = msgspec.json.decode((FOLDER / "media.json").read_bytes(), type=dict[str, MediaFile])
    project = rust_core.Project.empty().apply([msgspec.msgpack.encode(fact) for fact in facts])
    plan = rust_core.plan(project, msgspec.msgpack.encode(media), msgspec.msgpack.encode(REQUEST))
    return written(decode(plan))


def written(plan: Plan) -> str:
    lines = [f"{plan.frames} frames, {plan.samples} samples"]
    lines += [f"  {one.start_frame:>6} +{one.frames:<4} {one.key[:16]}" for one in plan.segments]
    lines += [f"  {one.skip:>6} +{one.packets:<4} {one.key[:16]}" for one in plan.sound]
    for unit in plan.units:
        lines += ["", *_unit(unit)]
    return "\n".join(lines) + "\n"


def _unit(unit: Unit) -> list[str]:
    expected = {name: value for name, value in msgspec.structs.asdict(unit.expect).items() if value is not None}
    due = ", ".join(f"{value} {name}" for name, value in expected.items())
    return [f"{unit.kind} {unit.key[:16]}: {due}", *_arguments(unit.argv), *_files(unit.files)]


def _arguments(tokens: list[Token]) -> list[str]:
    """A line for each option with its value; a graph with a line for each chain."""
    lines: list[str] = []
    for word in map(_word, tokens):
        is_option = word.startswith("-") and not word[1:2].isdigit()
        if is_option or not lines:
            lines.append(f"    {word}")
        else:
            lines[-1] += " " + word.replace(";", ";\n        ")
    return "\n".join(lines).splitlines()


def _word(token: Token) -> str:
    if not isinstance(token, Slot):
        return token
    name, value = next((name, value) for name, value in msgspec.structs.asdict(token).items() if value)
    return f"<{name} {value[:16]}>" if isinstance(value, str) else f"<{name}>"


def _files(files: dict[str, str]) -> list[str]:
    return [f"    {name}: {text!r}" for name, text in files.items()]


@pytest.mark.parametrize("case", CASES)
def test_a_plan_is_as_reviewed(case: str) -> None:
    assert planned(case) == (FOLDER / case / "plan.txt").read_text()


def test_there_are_cases() -> None:
    assert len(CASES) >= 3


if __name__ == "__main__":
    for name in CASES:
        (FOLDER / name / "plan.txt").write_text(planned(name))
