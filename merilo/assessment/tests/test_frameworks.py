"""Frameworks: read, added with every mistake named, withdrawn, checked from the command line."""

from __future__ import annotations

from io import StringIO

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from merilo.assessment.actions import frameworks as actions
from merilo.assessment.models import FrameworkEdition
from merilo.assessment.queries import frameworks as queries
from merilo.assessment.tests.planned import Town
from merilo.core.errors import MeriloError, Refused
from merilo.framework.findings import FrameworkInvalid
from merilo.framework.loading import DATA
from tests.people import NOON, as_viewer

SHIPPED = (DATA / "principles-12.yaml").read_text("utf-8")


@pytest.fixture
def town(db):
    return Town()


@pytest.fixture
def own():
    """A framework of one's own: the shipped one under another name."""
    return SHIPPED.replace("code: principles-12", "code: our-own", 1)


@pytest.fixture
def broken(own):
    data = yaml.safe_load(own)
    del data["criteria"][0]["title"]
    data["scales"][0]["maximum"] = "four"
    return yaml.safe_dump(data, allow_unicode=True)


def add(town, text):
    return actions.add_framework(viewer=town.viewer, text=text, at=NOON)


def page(town, rest=""):
    return f"/o/{town.organisation.slug}/frameworks/{rest}"


# --- actions --------------------------------------------------------------------------------------
def test_an_own_framework_is_kept_and_offered(town, own):
    edition = add(town, own)
    assert edition.organisation == town.organisation
    assert [choice.key for choice in queries.choices(town.viewer)] == [
        "caf-2020",
        "principles-12",
        str(edition.pk),
    ]
    assert town.verbs()[-1] == "framework.added"
    assert town.started(str(edition.pk)).edition == edition


def test_the_same_text_is_kept_once_and_comes_back(town, own):
    edition = add(town, own)
    actions.withdraw_edition(viewer=town.viewer, edition=edition, at=NOON)
    assert len(queries.choices(town.viewer)) == 2
    assert add(town, own).pk == edition.pk
    assert len(queries.choices(town.viewer)) == 3


def test_a_mistaken_framework_leaves_nothing(town, broken):
    before = FrameworkEdition.objects.count()
    with pytest.raises(FrameworkInvalid) as invalid:
        add(town, broken)
    paths = {finding.path for finding in invalid.value.findings}
    assert {"criteria[0].title", "scales[0].maximum"} <= paths
    assert FrameworkEdition.objects.count() == before


def test_a_withdrawn_framework_stays_with_those_that_began(town, own):
    edition = add(town, own)
    begun = town.started(str(edition.pk))
    actions.withdraw_edition(viewer=town.viewer, edition=edition, at=NOON)
    begun.refresh_from_db()
    assert begun.edition == edition
    with pytest.raises(MeriloError):
        actions.withdraw_edition(viewer=town.viewer, edition=edition, at=NOON)


def test_shipped_and_foreign_ones_are_not_withdrawn(town, own):
    with pytest.raises(Refused):
        actions.withdraw_edition(viewer=town.viewer, edition=town.assessment.edition, at=NOON)
    edition = add(town, own)
    with pytest.raises(Refused):
        actions.withdraw_edition(viewer=as_viewer(town.stranger), edition=edition, at=NOON)


def test_an_own_framework_is_nobody_elses(town, own):
    edition = add(town, own)
    stranger = as_viewer(town.stranger)
    assert len(queries.choices(stranger)) == 2
    with pytest.raises(FrameworkEdition.DoesNotExist):
        queries.edition(stranger, edition.pk)


# --- pages ----------------------------------------------------------------------------------------
def test_members_read_what_is_asked(town):
    client = town.client(town.people[0], language="bg")
    assert "Обща рамка за оценка" in client.get(page(town)).content.decode()
    text = client.get(page(town, "shipped/caf-2020/")).content.decode()
    assert "Лидерство" in text
    assert text.count("<details id=") == 28
    assert client.get(page(town, "shipped/unknown/")).status_code == 404
    assert client.get(page(town, f"{town.assessment.edition_id}/")).status_code == 200


def test_a_file_is_checked_and_added(town, own):
    client = town.client()
    file = SimpleUploadedFile("own.yaml", own.encode())
    answer = client.post(page(town, "new/"), {"file": file, "text": ""}, follow=True)
    assert "12 principles" in answer.content.decode()
    assert FrameworkEdition.objects.filter(organisation=town.organisation).count() == 1


def test_every_mistake_is_listed_and_the_text_stays(town, broken):
    answer = town.client().post(page(town, "new/"), {"text": broken})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "criteria[0].title" in text
    assert "scales[0].maximum" in text
    assert "code: our-own" in text
    assert not FrameworkEdition.objects.filter(organisation=town.organisation).exists()


@pytest.mark.parametrize("text", ["", "   ", "just words", "a: [", "\x00", "!!python/object:os.system {}"])
def test_what_is_no_framework_is_refused(town, text):
    assert town.client().post(page(town, "new/"), {"text": text}).status_code == 422


def test_withdrawing_is_asked_first(town, own):
    edition = add(town, own)
    client = town.client()
    address = page(town, f"{edition.pk}/withdraw/")
    assert client.get(address).status_code == 200
    assert client.post(address)["Location"] == page(town)
    edition.refresh_from_db()
    assert edition.withdrawn_at is not None
    assert client.get(address)["Location"] == page(town, f"{edition.pk}/")


def test_others_add_and_withdraw_nothing(town, own):
    edition = add(town, own)
    assessor = town.client(town.people[0])
    assert assessor.get(page(town, "new/")).status_code == 403
    assert assessor.post(page(town, f"{edition.pk}/withdraw/")).status_code == 403
    elsewhere = f"/o/{town.stranger.organisation.slug}/frameworks/{edition.pk}/"
    assert town.client(town.stranger).get(elsewhere).status_code == 404
    assert town.client(town.stranger).post(f"{elsewhere}withdraw/").status_code == 404


# --- command --------------------------------------------------------------------------------------
def test_the_command_names_every_mistake_by_path(tmp_path, broken):
    file = tmp_path / "own.yaml"
    file.write_text(broken, "utf-8")
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("framework", "check", str(file), stdout=out)
    assert error.value.returncode == 1
    assert "criteria[0].title" in out.getvalue()
    assert "scales[0].maximum" in out.getvalue()


def test_the_command_accepts_a_good_file(tmp_path, own):
    file = tmp_path / "own.yaml"
    file.write_text(own, "utf-8")
    out = StringIO()
    call_command("framework", "check", str(file), stdout=out)
    assert str(file) in out.getvalue()


def test_the_command_says_that_there_is_no_file(tmp_path):
    with pytest.raises(CommandError):
        call_command("framework", "check", str(tmp_path / "none.yaml"))
