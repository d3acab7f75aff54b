"""Every address × method × role × object, once each, against the reviewed table (R21, R32, R40, V3, V8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from merilo.accounts.models import Person
from merilo.core import audit
from merilo.organisations.actions.sharing import share
from merilo.organisations.roles import ROLES
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.walk import following, reading, reflecting, visiting
from tests.walk.routes import patterns, routes
from tests.world import World, build

AUTHORS = {"assessor": "тайнаоценител", "colleague": "тайнаколега", "guest": "тайнавъншен"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both organisations, built once for all walks of this module and taken back afterwards."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA temp_store = MEMORY")  # what is taken back need not lie on disk
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)


# --- what one walk must not have met ----------------------------------------------------------------
def foreign_words(walk: visiting.Walk) -> dict[str, str]:
    """Words of another organisation, with the address that told them."""
    homes = ("две", "dve") if walk.role == "stranger" else ("едно", "edno")
    return {
        word: where
        for word, where in walk.words.items()
        if not word.startswith("видимо") and not any(home in word for home in homes)
    }


def unpublished_words(walk: visiting.Walk) -> dict[str, str]:
    """What somebody who is no member anywhere read beyond what is published."""
    if walk.role not in {"anonymous", "operator"}:
        return {}
    return {word: where for word, where in walk.words.items() if not word.startswith("видимо")}


def others_sheets(walk: visiting.Walk) -> dict[str, str]:
    """Words of sheets that are not locked yet and not the reader's own."""
    own = AUTHORS.get(walk.role, "-")
    return {
        word: where
        for word, where in walk.words.items()
        if word.startswith("тайна") and not word.startswith(own)
    }


def more_than_accounts(walk: visiting.Walk) -> dict[str, str]:
    """What a list of accounts told beside their names and addresses."""
    accounts = " ".join(f"{name} {email}" for name, email in Person.objects.values_list("name", "email"))
    known = reading.words_in(reading.text_of(accounts.encode()))
    return {
        word: where
        for word, where in walk.listed.items()
        if word not in known and not word.startswith("видимо")
    }


def unread_words(walk: visiting.Walk) -> list[str]:
    """What this role must have read, for otherwise nothing could have leaked."""
    wanted = ["видимоедно"]
    if walk.role not in {"anonymous", "operator"}:
        wanted.append("канарчедве" if walk.role == "stranger" else "канарчеедно")
    if walk.role in AUTHORS:
        wanted.append(AUTHORS[walk.role])
    return [start for start in wanted if not any(word.startswith(start) for word in walk.words)]


# --- the walk ---------------------------------------------------------------------------------------
def test_every_address_has_a_row_and_every_row_an_address():
    assert visiting.table().keys() == {route.name for route in routes()}


def test_every_address_has_a_name_of_its_own():
    names = [name for name, _, _ in patterns(get_resolver())]
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if name.endswith("?")] == []


# The rights do not depend on the database: everybody walks on SQLite, one of them on PostgreSQL too.
# A deputy has the coordinator's permissions, which a test of its own holds to.
WALKERS = (
    [role for role in visiting.ROLES if role != "deputy"]
    if connection.vendor == "sqlite"
    else ["coordinator"]
)


def test_a_deputy_may_what_the_coordinator_may():
    assert ROLES["deputy"].may == ROLES["coordinator"].may


# Whose pages differ in what they link to.
FOLLOWERS = {"coordinator", "sponsor", "assessor", "guest", "anonymous"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", WALKERS)
@pytest.mark.every_database
def test_everybody_gets_what_the_table_says_and_nobody_more(world: World, role: str):
    """One walk judged in all respects: rights, writes and their audit, headers, cookies, markup, words."""
    walk = visiting.walk(world, role)
    found = {
        "rights": walk.rights,
        "written without a right or a record": walk.writes,
        "headers and cookies": walk.headers,
        "pages": walk.pages,
        "words of another organisation": foreign_words(walk),
        "more than names and addresses of accounts": more_than_accounts(walk),
        "words told to those who were refused": walk.told_outsider,
        "words that are not published": unpublished_words(walk),
        "words of others' sheets before the lock": others_sheets(walk),
        "nothing to leak": unread_words(walk),
    }
    assert {aspect: faults for aspect, faults in found.items() if faults} == {}
    assert walk.count > 300


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in WALKERS if role in FOLLOWERS])
def test_no_link_that_is_shown_leads_nowhere(world: World, role: str):
    assert following.dead_ends(world, role) == {}


@pytest.mark.django_db
@pytest.mark.sqlite
def test_every_file_goes_out_as_an_attachment_in_a_sandbox(world: World):
    found, count = reflecting.file_faults(world)
    assert found == []
    assert count > 20


@pytest.mark.django_db
@pytest.mark.sqlite
def test_no_parameter_that_a_page_reads_comes_back_as_markup(world: World):
    found, count = reflecting.reflected_parameters(world)
    assert found == []
    assert count > 20


@pytest.mark.django_db
@pytest.mark.sqlite
def test_no_malformed_address_comes_back_as_markup(world: World):
    found, count = reflecting.reflected_addresses(world)
    assert found == []
    assert count > 100


@pytest.mark.django_db
@pytest.mark.parametrize("consents", [True, False])
def test_a_resource_centre_reads_of_a_town_only_what_is_public_and_where_it_stands(
    world: World, *, consents: bool
):
    centre = a_member(an_organisation(kind="centre"), "coordinator")
    if consents:
        town = as_viewer(world.own.people["coordinator"])
        share(viewer=town, centre=centre.organisation_id, with_reports=True, at=timezone.now())
    client = signed_in(centre)
    pages = [reverse("organisations:towns", args=[centre.organisation.slug])]
    pages += [f"{pages[0]}list.{kind}" for kind in ("csv", "xlsx", "json")]
    pages += [f"/o/{world.own.slug}/", f"/o/{world.own.slug}/a/"]
    told = "".join(reading.text_of(reading.body_of(client.get(page))) for page in pages)
    words = reading.words_in(told)
    assert {word for word in words if not word.startswith("видимо")} == set()
    assert ("видимоедноград" in words) is consents


@pytest.mark.django_db
@pytest.mark.every_database
def test_the_chains_hold(world: World):
    assert audit.verify(str(world.own.organisation.pk)) is None
    assert len(audit.chains()) >= 2
