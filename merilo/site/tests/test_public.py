"""Public pages, what machines ask for, and the demo's own pages that exist in the demo only."""

from __future__ import annotations

import re

import pytest
from django.core.mail import send_mail
from django.utils import translation

from merilo.core import version
from merilo.site import cast, serving
from merilo.site.demo import content
from merilo.site.views import pages

pytestmark = pytest.mark.django_db
TEXTS = ("help", "accessibility", "privacy", "about")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("language", ["bg", "en"])
def test_page_of_text_in_both_languages(client, name, language):
    client.cookies["language"] = language
    page = client.get(f"/{name}/").content.decode()
    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1
    assert page.count("<h2") >= 3


@pytest.mark.parametrize("name", TEXTS)
def test_texts_have_the_same_shape_in_both_languages(name):
    shapes = []
    for language in ("bg", "en"):
        lines = (pages.FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8").splitlines()
        shapes.append([line[:2] for line in lines if line])
    assert [mark for mark in shapes[0] if mark in {"# ", "- "}] == [
        mark for mark in shapes[1] if mark in {"# ", "- "}
    ]


def test_about_names_the_version(client):
    assert version.version() in client.get("/about/").content.decode()


def test_robots_stay_outside_of_organisations(client, settings):
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /o/" in said
    assert "/sitemap.xml" in said
    settings.DEMO = True
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


def test_sitemap_holds_public_pages_only(client):
    answer = client.get("/sitemap.xml")
    places = re.findall(r"<loc>(.*?)</loc>", answer.content.decode())
    assert len(places) == 8
    assert not any("/o/" in place or "/accounts/" in place for place in places)


def test_security_contact_expires_within_a_year(client):
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "Contact",
        "Expires",
        "Preferred-Languages",
        "Canonical",
    ]


def test_old_icon_address_leads_to_the_drawn_one(client):
    assert client.get("/favicon.ico").headers["Location"].endswith("icon.svg")


# --- the demo's own pages -------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/demo/", "/demo/mail/"])
def test_demo_pages_are_not_there_otherwise(client, settings, path):
    settings.DEMO = False
    assert client.get(path).status_code == 404


def test_demo_page_lists_the_people(client, settings):
    settings.DEMO = True
    page = client.get("/demo/").content.decode()
    assert "r.dimova@primerovo.example" in page
    assert "merilo-demo-2026" in page


def test_demo_mail_shows_links_to_follow(client, settings):
    settings.DEMO, settings.EMAIL_BACKEND = True, "merilo.core.mail.OutboxBackend"
    send_mail("Тема", "Отворете http://localhost:8000/invitation/abc/", None, ["x@town.example"])
    page = client.get("/demo/mail/").content.decode()
    assert 'href="http://localhost:8000/invitation/abc/"' in page


def test_cast_tells_of_every_person_of_the_town():
    with translation.override("en"):
        told = {actor.email for _, actors in cast.groups() for actor in actors}
    assert {entry["email"] for entry in content.town()["people"]} <= told


# --- serving --------------------------------------------------------------------------------------
def test_a_taken_port_is_refused():
    import socket

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with pytest.raises(serving.PortTaken):
            serving.require_free(busy.getsockname()[1])


def test_web_process_has_one_blocking_thread_a_worker():
    command = serving.Server(8000).web
    assert command[command.index("--blocking-threads") + 1] == "1"
    assert command[command.index("--workers") + 1] == "2"
    assert command[command.index("--host") + 1] == "127.0.0.1"
