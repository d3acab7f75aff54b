"""Prepared queries: the same rows as ever, put together once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.utils import timezone

from merilo.core.models import StoredFile
from merilo.core.prepared import Prepared, put
from merilo.organisations.models import Organisation
from tests.people import an_organisation

pytestmark = pytest.mark.django_db


def _rows() -> QuerySet[Organisation]:
    rows = Organisation.objects.select_related("logo").defer("founded_at").annotate(shown_as=F("slug"))
    return rows.order_by("name")


@pytest.fixture
def town() -> Organisation:
    logo = StoredFile.objects.create(
        name="arms.png", content_type="image/png", size=1, sha256="0" * 64, uploaded_at=timezone.now()
    )
    made = an_organisation(name_en="Primerovo")
    Organisation.objects.filter(pk=made.pk).update(logo=logo, languages=["bg", "en"])
    return made


def test_row_is_the_one_that_the_queryset_finds(town, django_assert_num_queries) -> None:
    prepared = Prepared(_rows, by="slug")
    with django_assert_num_queries(1):
        found = prepared.get(town.slug)
        assert found.logo is not None
    assert found.logo.name == "arms.png"
    expected = _rows().get(slug=town.slug)
    assert (found, found.__dict__["shown_as"], found.languages) == (expected, town.slug, ["bg", "en"])
    assert found.get_deferred_fields() == {"founded_at"}
    assert found.founded_at == town.founded_at


def test_relation_that_is_empty_is_none(town) -> None:
    Organisation.objects.update(logo=None)
    assert Prepared(_rows, by="slug").get(town.slug).logo is None


def test_key_of_any_kind_finds_its_row(town) -> None:
    assert Prepared(_rows, by="id").get(town.pk).slug == town.slug


def test_query_is_put_together_once_and_every_value_asked_for_itself(town) -> None:
    other, asked = an_organisation(name_en="Drugovo"), []

    def rows() -> QuerySet[Organisation]:
        asked.append(1)
        return _rows()

    prepared = Prepared(rows, by="slug")
    assert [prepared.get(one.slug).pk for one in (town, other, town)] == [town.pk, other.pk, town.pk]
    assert asked == [1]


def test_value_that_no_row_has_is_an_error(town) -> None:
    with pytest.raises(Organisation.DoesNotExist):
        Prepared(_rows, by="slug").get("nowhere")


def test_condition_with_a_value_of_its_own_is_refused(town) -> None:
    with pytest.raises(ValueError, match="SELECT"):
        Prepared(lambda: _rows().filter(kind="agency"), by="slug").get(town.slug)


def test_row_that_was_put_is_one_like_any_other(town, django_assert_num_queries) -> None:
    known = StoredFile.objects.get()
    row = {field.attname: getattr(known, field.attname) for field in StoredFile._meta.concrete_fields}
    row["id"] = uuid4()
    with django_assert_num_queries(1):
        put(StoredFile, **row)
    assert StoredFile.objects.values(*row).get(pk=row["id"]) == row
    with pytest.raises(KeyError):
        put(StoredFile, name="incomplete")
    with pytest.raises(IntegrityError):
        put(StoredFile, **row)
