"""Facts carry explicit, versioned tags that never follow a class or a module when it is renamed."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from domain.catalogue import FACTS


def test_a_tag_is_a_snake_case_name_and_a_version() -> None:
    tags = [fact.__struct_config__.tag for fact in FACTS]
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*\.[1-9][0-9]*", tag) for tag in tags)


def test_no_two_facts_share_a_tag() -> None:
    tags = [fact.__struct_config__.tag for fact in FACTS]
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__struct_config__.tag)
def test_a_fact_is_frozen_and_refuses_fields_it_does_not_know(fact: type) -> None:
    assert fact.__struct_config__.frozen
    assert fact.__struct_config__.forbid_unknown_fields
    assert fact.__doc__


def test_the_catalogue_is_every_union_together() -> None:
    from domain.library.events import LibraryFact
    from domain.render.events import RenderFact
    from domain.timeline.events import TimelineFact
    from domain.webhook.events import WebhookFact

    unions = (LibraryFact, RenderFact, TimelineFact, WebhookFact)
    assert set(FACTS) == {fact for union in unions for fact in get_args(union)}


ROOT = Path(__file__).resolve().parents[2]
AS_STORED = {"projections/audit.py"}  # they show what is in the log
NEW_FACTS = {"adapters/app/commits.py"}  # on their way in


def test_whoever_goes_by_a_fact_reads_it_in_its_newest_shape() -> None:
    """``Record.payload`` is what was stored; ``Record.fact`` is what it means today."""
    sources = [path for room in ("domain", "projections", "adapters") for path in (ROOT / room).rglob("*.py")]
    reading = {
        str(path.relative_to(ROOT))
        for path in sources
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "payload"
    }
    assert {name for name in reading if not name.startswith("adapters/eventstore/")} == AS_STORED | NEW_FACTS


def test_a_tag_that_is_spelled_out_is_the_newest_of_its_name() -> None:
    """Whoever compares tags would pass over a newer shape in silence."""
    newest = {str(fact.__struct_config__.tag) for fact in FACTS}
    names = {tag.partition(".")[0] for tag in newest}
    spelled = {
        f"{path.relative_to(ROOT)}: {node.value}"
        for room in ("projections", "adapters")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in newest
        if re.fullmatch(r"[a-z_]+\.[0-9]+", node.value) and node.value.partition(".")[0] in names
    }
    assert spelled == set()
