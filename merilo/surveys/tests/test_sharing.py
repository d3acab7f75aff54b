"""What is handed out to get people to an open survey."""

from __future__ import annotations

import pytest

from merilo.surveys.models import Entry
from tests.people import a_member, an_organisation, signed_in
from tests.surveys import a_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_organisation()


def test_address_code_tablet_and_text_are_ready_to_hand_out(town, settings) -> None:
    settings.BASE_URL = "https://merilo.example"
    survey = a_survey(town, kiosk=True)
    client = signed_in(a_member(town, "coordinator"))
    base = f"/o/{town.slug}/s/{survey.pk}/share/"
    page = client.get(base).content.decode()
    assert f"https://merilo.example/s/{survey.short}/" in page
    assert f"https://merilo.example/s/{survey.short}/kiosk/" in page
    assert f"&lt;a href=&quot;https://merilo.example/s/{survey.short}/" in page.replace('"', "&quot;")
    assert "<svg" in client.get(f"{base}poster/").content.decode()
    assert client.get(f"{base}code.png").content.startswith(b"\x89PNG")
    assert client.get(f"{base}code.svg").content.startswith(b"<svg xmlns=")
    assert client.get(f"{base}code.gif").status_code == 404


def test_survey_for_invited_people_has_no_address_to_hand_out(town) -> None:
    survey = a_survey(town, entry=Entry.INVITED)
    client = signed_in(a_member(town, "coordinator"))
    assert client.get(f"/o/{town.slug}/s/{survey.pk}/share/").status_code == 404
    assert "/share/" not in client.get(f"/o/{town.slug}/s/{survey.pk}/").content.decode()
