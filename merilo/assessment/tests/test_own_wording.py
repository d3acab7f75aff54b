"""Own explanations and examples: adapted, marked, taken back, never overwritten, never another's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from merilo.assessment.actions.own_wording import adapt
from merilo.assessment.models import Judgement, OwnWording
from merilo.assessment.queries import own_wording as queries
from merilo.assessment.reporting import content
from merilo.assessment.rules.own_wording import Texts, original
from merilo.core.errors import Conflict, Refused
from merilo.core.frozen import canonical
from merilo.core.models import AuditEntry
from merilo.framework.loading import DATA, load_shipped
from merilo.organisations.models import Membership
from tests.people import (
    NOON,
    a_member,
    an_assessment,
    an_organisation,
    as_viewer,
    signed_in,
)

pytestmark = pytest.mark.django_db
CAF = load_shipped("caf-2020")
MODEL = original(CAF.item("1.2"), "en")
OWN = Texts("What it means in our town.", ("The Monday meeting writes down every task.",))


class Town:
    """A town whose coordinator words 1.2 for its assessors."""

    def __init__(self) -> None:
        self.organisation = an_organisation(name="Old Town")
        self.boss = a_member(self.organisation, "coordinator", name="Elena")
        self.assessor = a_member(self.organisation, "assessor")
        self.assessment = an_assessment(self.organisation, self.assessor)

    def adapt(self, texts: Texts = OWN, *, version: int = 0, by: Membership | None = None) -> None:
        viewer = as_viewer(by or self.boss)
        adapt(viewer=viewer, framework=CAF, code="1.2", language="en", texts=texts, version=version, at=NOON)

    @property
    def row(self) -> OwnWording:
        return OwnWording.objects.get(organisation=self.organisation)

    def client(self, member: Membership | None = None) -> Client:
        client = signed_in(member or self.boss)
        client.cookies["language"] = "en"
        return client

    def url(self, rest: str = "frameworks/caf-2020/texts/1.2/en/") -> str:
        return f"/o/{self.organisation.slug}/{rest}"

    def sheet(self, code: str = "1.2") -> str:
        return self.url(f"a/{self.assessment.pk}/my/{code}/")

    def send(self, **fields: Any) -> Any:
        sent = {"explanation": OWN.explanation, "examples": list(OWN.examples), "version": 0}
        return self.client().post(self.url(), sent | fields)

    def verbs(self) -> list[str]:
        rows = AuditEntry.objects.filter(chain=str(self.organisation.pk)).order_by("pk")
        return list(rows.values_list("verb", flat=True))


# --- writing ------------------------------------------------------------------------------------------


def test_the_coordinator_adapts_and_takes_the_original_back() -> None:
    town = Town()
    answer = town.send()
    assert (answer.status_code, answer["Location"]) == (302, town.url())
    assert (town.row.explanation, town.row.examples, town.row.version) == (*_lines(OWN), 1)
    assert town.row.changed_by == town.boss
    page = town.client().get(town.url()).content.decode()
    assert "by Elena" in page
    assert MODEL.examples[0] in page
    town.send(version=1, back="examples")
    assert (town.row.explanation, town.row.examples, town.row.version) == (OWN.explanation, "", 2)
    town.send(version=2, explanation="", examples=[""])
    assert (town.row.explanation, town.row.version) == ("", 3)
    assert town.verbs() == ["framework.adapted", "framework.adapted", "framework.original_taken"]
    record = town.client().get(town.url("organisation/audit/")).content.decode()
    assert "adapted explanations and examples of a framework" in record


def _lines(texts: Texts) -> tuple[str, str]:
    return texts.explanation, "\n".join(texts.examples)


def test_the_models_own_texts_sent_as_they_are_change_nothing() -> None:
    town = Town()
    town.send(explanation=MODEL.explanation, examples=list(MODEL.examples))
    assert not OwnWording.objects.exists()
    town.adapt()
    town.adapt(version=0)  # the same again, from an older page
    assert (town.row.version, town.verbs()) == (1, ["framework.adapted"])


def test_examples_stand_on_one_line_and_once() -> None:
    town = Town()
    town.send(examples=["One\n example", "Two", "One example", " "])
    assert town.row.examples == "One example\nTwo"


def test_the_second_of_two_editors_sees_both_texts_and_nothing_is_overwritten() -> None:
    town = Town()
    town.adapt()
    answer = town.send(explanation="The deputy's text.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed these texts after you opened them." in page
    assert page.count("The deputy&#x27;s text.") == 2  # beside the other, and in the field
    assert OWN.explanation in page
    assert 'name="version" value="1"' in page
    assert town.row.explanation == OWN.explanation
    assert town.send(explanation="The deputy's text.", version=1).status_code == 302
    with pytest.raises(Conflict):
        town.adapt(Texts("Too late."), version=1)


def test_a_text_that_cannot_be_kept_stays_on_the_page() -> None:
    town = Town()
    answer = town.send(explanation="x" * 4001, examples=["Kept example"])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "4001 characters" in page
    assert "Kept example" in page
    assert not OwnWording.objects.exists()


# --- rights -------------------------------------------------------------------------------------------


def test_only_who_manages_frameworks_adapts_and_unknown_places_are_not_found() -> None:
    town = Town()
    with pytest.raises(Refused):
        town.adapt(by=town.assessor)
    assert town.client(town.assessor).get(town.url()).status_code == 403
    client = town.client()
    for rest in ("caf-2020/texts/1.9/en/", "caf-2020/texts/1.2/fr/", "nothing/texts/1.2/en/"):
        assert client.get(town.url(f"frameworks/{rest}")).status_code == 404


def test_another_organisation_sees_the_model() -> None:
    town, other = Town(), Town()
    town.adapt()
    page = other.client(other.assessor).get(other.sheet()).content.decode()
    assert OWN.explanation not in page
    assert "Adapted by" not in page
    edition = town.assessment.edition
    assert other.client().get(other.url(f"frameworks/{edition.pk}/texts/1.2/en/")).status_code == 200
    edition.organisation = town.organisation
    edition.save()
    assert other.client().get(other.url(f"frameworks/{edition.pk}/texts/1.2/en/")).status_code == 404


# --- reading ------------------------------------------------------------------------------------------


def test_assessors_read_the_own_texts_at_once_with_the_original_to_unfold() -> None:
    town = Town()
    client = town.client(town.assessor)
    assert "Adapted by" not in client.get(town.sheet()).content.decode()
    town.adapt()
    page = client.get(town.sheet()).content.decode()
    assert page.count("Adapted by Old Town") == 2
    assert OWN.explanation in page
    assert OWN.examples[0] in page
    assert MODEL.explanation in page
    assert "Adapted by" not in client.get(town.sheet("1.1")).content.decode()
    framework = client.get(town.url("frameworks/shipped/caf-2020/")).content.decode()
    assert "1 sub-criterion has explanations or examples adapted by Old Town." in framework
    assert OWN.explanation in framework
    assert "texts/1.2/en/" not in framework
    assert town.url() in town.client().get(town.url("frameworks/shipped/caf-2020/")).content.decode()


def test_readers_of_another_language_read_the_model() -> None:
    town = Town()
    town.adapt()
    client = town.client(town.assessor)
    client.cookies["language"] = "bg"
    assert OWN.explanation not in client.get(town.sheet()).content.decode()
    principles = load_shipped("principles-12")
    assert queries.language_in(principles, "en-gb") == "en"
    assert queries.language_in(principles, "fr") == principles.languages[0]


def test_private_ticks_stay_with_their_example() -> None:
    town = Town()
    client = town.client(town.assessor)
    client.post(town.sheet(), {"version": 0, "example-1": "yes", "example-2": "no"})
    town.adapt(Texts("", (OWN.examples[0], MODEL.examples[1])))
    key = queries.wording_of(as_viewer(town.boss), CAF, CAF.item("1.2"), "en").examples[0].key
    page = client.get(town.sheet()).content.decode()
    assert 'id="example-2-no" checked' in page
    client.post(town.sheet(), {"version": 1, f"example-{key}": "yes", "example-2": "yes"})
    assert Judgement.objects.get().examples == {"1": "yes", "2": "yes", key: "yes"}
    town.adapt(Texts(), version=1)
    assert 'id="example-1-yes" checked' in client.get(town.sheet()).content.decode()


def test_the_report_is_not_changed_by_own_texts() -> None:
    town = Town()
    before = canonical(content.collect(town.assessment, language="en"))
    town.adapt()
    assert canonical(content.collect(town.assessment, language="en")) == before


def test_an_own_framework_is_adapted_too(django_assert_num_queries: Any) -> None:
    from merilo.assessment.actions.frameworks import add_framework

    town = Town()
    viewer = as_viewer(town.boss)
    text = (DATA / "principles-12.yaml").read_text("utf-8").replace("code: principles-12", "code: own", 1)
    edition = add_framework(viewer=viewer, text=text, at=NOON)
    url = town.url(f"frameworks/{edition.pk}/texts/1/en/")
    assert town.client().post(url, {"explanation": "Ours.", "examples": [], "version": 0})["Location"] == url
    assert "Ours." in town.client().get(town.url(f"frameworks/{edition.pk}/")).content.decode()
    own = load_shipped("principles-12")
    with django_assert_num_queries(1):
        assert not any(one.is_adapted for one in queries.wordings_of(viewer, own, "en").values())
