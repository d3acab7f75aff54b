from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from merilo.core import pictures
from merilo.core.errors import BadFile
from merilo.core.models import AuditEntry, StoredFile
from merilo.organisations import logos
from merilo.organisations.models import Organisation
from merilo.web import accent
from tests.people import a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return a_member(an_organisation("town"), "coordinator")


def go(name):
    return reverse(f"organisations:{name}", kwargs={"org": "town"})


def picture(kind="PNG", size=(900, 600), **more):
    file = io.BytesIO()
    Image.new("RGB", size, "#8a2d78").save(file, kind, **more)
    return file.getvalue()


def upload(client, content, name="logo.png"):
    return client.post(go("look"), {"what": "logo", "logo": SimpleUploadedFile(name, content)})


def test_names_and_codes_are_changed_and_recorded_before_and_after(coordinator):
    client = signed_in(coordinator)
    data = {
        "name": "Община Синьо бърдо",
        "name_en": "Sinyo Bardo Municipality",
        "kind": "municipality",
        "country": "BG",
        "register_number": "000093442",
        "territory_code": "BG341",
    }
    assert client.post(go("names"), data).status_code == 302
    town = Organisation.objects.get()
    assert {name: getattr(town, name) for name in data} == data
    assert town.slug == "town"
    entry = AuditEntry.objects.get(verb="organisation.changed")
    assert "000093442" in entry.payload.data
    assert client.post(go("names"), data).status_code == 302
    assert AuditEntry.objects.filter(verb="organisation.changed").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"register_number": "<script>"}, {"territory_code": "x" * 21}, {"name_en": "\u202e"}],
)
def test_refused_names_answer_422_and_stay_typed(coordinator, wrong):
    data = {"name": "Община", "kind": "municipality", "country": "BG"} | wrong
    answer = signed_in(coordinator).post(go("names"), data)
    assert answer.status_code == 422
    assert Organisation.objects.get().name == "Община town"


def test_languages_and_time_zone(coordinator):
    client = signed_in(coordinator)
    assert client.post(go("languages"), {"languages": ["en"], "time_zone": "Europe/Rome"}).status_code == 302
    town = Organisation.objects.get()
    assert (town.languages, town.time_zone) == (["en"], "Europe/Rome")
    for wrong in ({"languages": [], "time_zone": "Europe/Rome"}, {"languages": ["en"], "time_zone": "Mars"}):
        assert client.post(go("languages"), wrong).status_code == 422


def test_the_accent_is_derived_shown_and_explained(coordinator):
    client = signed_in(coordinator)
    assert client.post(go("look"), {"what": "colour", "colour": " #FFD500"}).status_code == 302
    town = Organisation.objects.get()
    assert (town.colour, town.accent["accent"]) == ("#ffd500", accent.derive("#ffd500").accent)
    page = client.get(go("look")).content.decode()
    assert "#5f4e05" in page
    assert "по-тъмен" in page


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#12345g", "#ffffff;}"])
def test_what_is_no_colour_is_refused(coordinator, colour):
    assert signed_in(coordinator).post(go("look"), {"what": "colour", "colour": colour}).status_code == 422


def test_a_logo_is_drawn_anew_small_and_without_metadata(coordinator):
    exif = Image.Exif()
    exif[0x010E] = "canary"
    client = signed_in(coordinator)
    assert upload(client, picture("JPEG", (900, 600), exif=exif), "герб.jpg").status_code == 302
    town = Organisation.objects.get()
    assert StoredFile.objects.get().name == "logo.png"
    address = reverse("site:logo", kwargs={"pk": town.logo_id})
    assert address in client.get(go("settings")).content.decode()
    answer = Client().get(address)
    content = b"".join(answer)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Disposition"].startswith("inline")
    assert b"canary" not in content
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.size == (512, 341)
        assert not shown.getexif()


def test_a_logo_is_removed_and_no_longer_served(coordinator):
    client = signed_in(coordinator)
    upload(client, picture())
    address = reverse("site:logo", kwargs={"pk": Organisation.objects.get().logo_id})
    assert client.post(go("look"), {"what": "no-logo"}).status_code == 302
    assert Organisation.objects.get().logo is None
    assert Client().get(address).status_code == 404
    assert AuditEntry.objects.filter(verb="organisation.logo_changed").count() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"", ""),
        (b"not a picture", "PNG"),
        (b"\x89PNG\r\n\x1a\n broken", "PNG"),
        (picture("GIF", (9, 9)), "PNG"),
        (picture()[:200], "PNG"),
    ],
)
def test_what_is_no_picture_is_refused_with_words(coordinator, content, words):
    answer = upload(signed_in(coordinator), content)
    assert answer.status_code == 422
    (error,) = answer.context["logo"].errors["logo"]
    assert words in error
    assert Organisation.objects.get().logo is None


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(BadFile):
        logos.redrawn(SimpleUploadedFile("a.png", picture(size=(11, 10))))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20)
    with pytest.raises(BadFile):
        logos.redrawn(SimpleUploadedFile("a.png", picture(size=(9, 9))))


def test_a_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    with pytest.raises(BadFile, match="1 MB"):
        logos.redrawn(SimpleUploadedFile("a.png", b"0" * (1024 * 1024 + 1)))


def test_nobody_without_the_right_changes_anything(coordinator):
    client = signed_in(a_member(coordinator.organisation, "editor"))
    data = {"name": "Х", "kind": "agency", "country": "BG", "what": "colour", "colour": "#000000"}
    for name in ("names", "look", "languages"):
        assert client.post(go(name), data).status_code == 403
    assert Organisation.objects.get().name == "Община town"


def test_the_organisations_colours_and_logo_stand_on_its_pages_only(coordinator):
    client = signed_in(coordinator)
    client.post(go("look"), {"what": "colour", "colour": "#d52b1e"})
    assert "--accent:#8e3025" in client.get(go("settings")).content.decode()
    assert "--accent:#8e3025" not in client.get("/accounts/profile/").content.decode()
