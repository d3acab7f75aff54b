"""Every address × method × role × object, once each, against the reviewed table (R32, V3, V8, G03, G04)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import get_resolver

from merilo.core import audit
from tests.walk import visiting
from tests.walk.routes import patterns, routes
from tests.world import World, build

in_the_world = pytest.mark.django_db  # the walks; the rest of this module reads files only


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Both organisations, built once for all walks of this module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=visiting.ROLES)
def walk(request: pytest.FixtureRequest, world: World) -> visiting.Walk:
    return visiting.walk(world, request.param)


def test_every_address_has_a_row_and_every_row_an_address():
    assert visiting.table().keys() == {route.name for route in routes()}


def test_every_address_has_a_name_of_its_own():
    names = [name for name, _, _ in patterns(get_resolver())]
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if name.endswith("?")] == []


@in_the_world
def test_everybody_gets_what_the_table_says_and_nobody_more(walk: visiting.Walk):
    assert walk.rights == []
    assert walk.count > 500


@in_the_world
def test_reading_changes_nothing_and_every_change_is_recorded(walk: visiting.Walk):
    assert walk.writes == []


@in_the_world
def test_every_answer_carries_the_headers_and_only_needed_cookies(walk: visiting.Walk):
    assert walk.headers == {}


@in_the_world
def test_every_page_is_well_made(walk: visiting.Walk):
    assert walk.pages == {}


@in_the_world
def test_nobody_reads_a_word_of_another_organisation(walk: visiting.Walk):
    home = "две" if walk.role == "stranger" else "едно"
    latin = {"две": "dve", "едно": "edno"}[home]
    inside = {"канарче", "kanarche", "тайна"}
    foreign = {
        word: where
        for word, where in walk.words.items()
        if word.startswith(tuple(inside)) and home not in word and latin not in word
    }
    assert foreign == {}


@in_the_world
def test_outsiders_read_only_what_is_published(walk: visiting.Walk):
    if walk.role in {"anonymous", "operator"}:
        shown = {word: where for word, where in walk.words.items() if not word.startswith("видимо")}
        assert shown == {}
        assert any(word.startswith("видимоедно") for word in walk.words)
    assert walk.told_outsider == []


@in_the_world
def test_the_chains_hold(world: World):
    assert audit.verify(str(world.own.organisation.pk)) is None
    assert len(audit.chains()) >= 2


@in_the_world
def test_before_the_lock_a_sheet_is_read_by_its_author_only(walk: visiting.Walk):
    authors = {"assessor": "тайнаоценител", "colleague": "тайнаколега"}
    secret = {word: where for word, where in walk.words.items() if word.startswith("тайна")}
    own = authors.get(walk.role, "-")
    assert {word: where for word, where in secret.items() if not word.startswith(own)} == {}
    assert bool(secret) == (walk.role in authors)
