"""Facts carry explicit, versioned tags that never follow a class or a module when it is renamed."""

import re
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
