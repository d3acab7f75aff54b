"""Base templates, the gallery, error pages, weights."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.template import Context, Template, loader
from django.test import RequestFactory
from django.utils import translation

from merilo.core import navigation
from merilo.core.errors import Conflict, MeriloError, Refused, TooMany
from merilo.web import component as components
from merilo.web import context, errors, gallery, middleware
from merilo.web.accent import derive
from merilo.web.components.tag.component import Tag
from merilo.web.templatetags import words

pytestmark = pytest.mark.urls("merilo.web.tests.urls")


def request(path: str = "/", **headers: str) -> Any:
    made: Any = RequestFactory().get(path, headers=headers)
    made.csp_nonce = "n0nce"
    return made


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_gallery_shows_every_component_without_inline_style(language: str):
    with translation.override(language):
        text = gallery.gallery(request("/gallery/")).content.decode()
    assert f'<html lang="{language}">' in text
    assert " style=" not in text
    assert text.count('class="stack shown"') == len(components.names())
    assert not re.search(r"<script(?![^>]*src=)", text)


def test_ids_on_the_gallery_are_unique():
    text = gallery.gallery(request("/gallery/")).content.decode()
    ids = re.findall(r' id="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


def test_the_title_of_a_page_with_mistakes_begins_with_error():
    source = '{% extends "web/base.html" %}{% block title %}Plan{% endblock %}'
    with translation.override("en"):
        wrong = Template(source).render(Context({"form": gallery.wrong_form(), "request": request()}))
        right = Template(source).render(Context({"request": request()}))
    assert "<title>Error: Plan – Merilo</title>" in wrong
    assert "<title>Plan – Merilo</title>" in right


def of_organisation(**fields: object) -> Any:
    made = request()
    organisation = SimpleNamespace(name="Община Примерово", name_en="Primerovo", slug="primerovo", **fields)
    made.viewer = SimpleNamespace(organisation=organisation, membership=SimpleNamespace(position="секретар"))
    made.user = SimpleNamespace(is_authenticated=True)
    made.resolver_match = None
    return made


def test_the_accent_of_the_organisation_is_set_in_the_one_style_block_with_a_nonce(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(navigation, "_menu", [])
    made = of_organisation(
        accent={part: getattr(derive("#d52b1e"), part) for part in ("accent", "deep", "soft", "line")}
    )
    text = loader.render_to_string("web/base.html", {"request": made, **context.page(made)})
    assert '<style nonce="n0nce">:root{--accent:#8e3025;' in text
    assert text.count("<style") == 1


def test_the_organisation_speaks_in_the_language_of_the_page():
    page = context.Page(of_organisation())
    with translation.override("bg"):
        assert page.name == "Община Примерово"
    with translation.override("en"):
        assert context.Page(of_organisation()).name == "Primerovo"
    assert page.me_note == "секретар"
    assert page.accent is None
    assert page.home == ""


def test_a_page_without_viewer_has_no_menu_and_speaks_as_the_product():
    page = context.Page(request())
    assert page.navigation == []
    assert page.me is None
    assert page.home == "/"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_each_error_page_has_one_heading_and_a_way_on(status: int):
    text = errors.error_page(request(), status, "Because.").content.decode()
    assert text.count("<h1>") == 1
    assert "Because." in text
    assert 'href="/"' in text


def test_an_error_answers_a_script_with_json_and_htmx_with_a_fragment():
    assert (
        b'"saved": "Because."'
        in errors.error_page(request(accept="application/json"), 422, "Because.").content
    )
    fragment = errors.error_page(request(**{"hx-request": "true"}), 409, "Because.").content.decode()
    assert fragment.lstrip().startswith('<div class="note')


def answer(error: Exception) -> HttpResponse:
    found = middleware.ErrorsMiddleware(lambda _: HttpResponse()).process_exception(request(), error)
    assert found is not None
    return found


def test_our_errors_become_pages_with_their_status():
    assert answer(Refused("No.")).status_code == 403
    assert answer(Conflict("Late.")).status_code == 409
    assert answer(MeriloError("Bad.")).status_code == 422
    slow = answer(TooMany("Often.", retry_after=30))
    assert (slow.status_code, slow["Retry-After"]) == (429, "30")
    assert answer(OperationalError("locked")).status_code == 503
    assert (
        middleware.ErrorsMiddleware(lambda _: HttpResponse()).process_exception(request(), KeyError()) is None
    )


def test_the_handlers_answer_with_their_status():
    assert errors.bad_request(request()).status_code == 400
    assert errors.forbidden(request()).status_code == 403
    assert errors.not_found(request()).status_code == 404
    assert errors.csrf_failure(request()).status_code == 403


def posted(origin: str = "http://testserver", *, signed_in: bool = True, **fields: Any) -> Any:
    sent = {"origin": origin, "referer": f"{origin}/o/town/notes/7/?part=what"}
    made: Any = RequestFactory().post("/o/town/notes/7/done/", fields, headers=sent)
    made.csp_nonce, made.user = "n0nce", SimpleNamespace(is_authenticated=signed_in)
    return made


def test_what_was_written_is_shown_when_it_has_nowhere_to_go():
    fields: dict[str, Any] = {
        "text": "Анкета <b>сред</b> фирмите",
        "note": "Two words",
        "kind": "quick_win",
        "version": "3",
    }
    secret: dict[str, Any] = {
        "password1": "много тайна",
        "csrfmiddlewaretoken": "a b",
        "once": "ключ",
        "code": "12 34",
    }
    page = errors.not_found(posted(**fields, **secret)).content.decode()
    assert re.findall(r'<blockquote class="pre">(.*?)</blockquote>', page) == [
        "Анкета &lt;b&gt;сред&lt;/b&gt; фирмите",
        "Two words",
    ]
    assert (
        "<blockquote" not in errors.not_found(posted("https://elsewhere.example", **fields)).content.decode()
    )
    assert "<blockquote" not in errors.not_found(request("/?text=Анкета сред")).content.decode()


def test_a_form_that_was_open_for_too_long_is_opened_anew():
    with translation.override("bg"):
        page = errors.csrf_failure(posted(text="Анкета сред фирмите")).content.decode()
    assert "Изпратете формуляра още веднъж" in page
    assert 'href="/o/town/notes/7/?part=what"' in page
    for origin in ("https://elsewhere.example", "http://["):
        assert 'href="/o/town' not in errors.csrf_failure(posted(origin)).content.decode()
    assert "Анкета сред фирмите" in page
    assert "Ролята" not in page


def test_the_page_for_our_own_mistake_needs_no_request_context_and_names_the_incident():
    made = request()
    made.META["MERILO_REQUEST_ID"] = "abc123"
    made.viewer = None
    answer = errors.server_error(made)
    assert answer.status_code == 500
    assert "abc123" in answer.content.decode()


def test_styles_fit_into_one_light_file(pytestconfig: pytest.Config):
    styles = (pytestconfig.rootpath / "assets/css/merilo.css").read_bytes()
    assert len(gzip.compress(styles, 9)) <= 14_000


def test_the_joined_styles_are_up_to_date(pytestconfig: pytest.Config):
    import importlib.util

    spec = importlib.util.spec_from_file_location("assets", pytestconfig.rootpath / "scripts/assets.py")
    assert spec is not None
    assert spec.loader is not None
    assets = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(assets)
    sheets = {"merilo": assets.style_sheets(), "answer": assets.answer_style_sheets()}
    for name, sources in sheets.items():
        built = (pytestconfig.rootpath / f"assets/css/{name}.css").read_text("utf-8")
        assert built == assets.joined_styles(sources), name


def test_the_first_page_weighs_at_most_150_kb(pytestconfig: pytest.Config):
    from django.contrib.staticfiles import finders

    with translation.override("bg"):
        page = gallery.gallery(request("/gallery/")).content
    links = set(re.findall(r'(?:src|href)="/?static/([^"]+)"', page.decode()))
    assert any(link.endswith(".woff2") for link in links)
    weight = 0
    for link in links:
        content = Path(str(finders.find(link))).read_bytes()
        weight += len(content) if link.endswith(".woff2") else len(gzip.compress(content, 9))
    # The gallery itself is the largest page there is; others weigh a tenth.
    assert weight + 30_000 <= 150_000


def test_dates_and_numbers_read_as_bulgarians_write_them():
    moment = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
    with translation.override("bg"):
        assert words.day(date(2026, 11, 21)) == "21.11.2026\u00a0г."
        assert words.longday(date(2026, 11, 1)) == "1 ноември 2026\u00a0г."
        assert words.shortday(date(2026, 11, 28)) == "28 ноември"
        assert words.moment(moment).startswith("21.11.2026\u00a0г. в ")
        assert words.score(Fraction(297, 6)) == "49,5"
        assert words.score(Decimal("49.35")) == "49,4"
        assert words.signed(Decimal("-1.96")) == "−2"
        assert words.signed(7) == "+7"
    with translation.override("en"):
        assert words.day(date(2026, 11, 21)) == "21.11.2026"
        assert words.longday(date(2026, 11, 21)) == "21 November 2026"
        assert words.score(None) == "–"
        assert words.score(Decimal("49.35")) == "49.4"
    assert words.day(None) == words.moment(None) == words.clock(None) == ""
    assert words.clock(moment).endswith("05")


def test_a_tag_says_the_usual_word_unless_told_otherwise():
    with translation.override("en"):
        assert Tag("waiting").words == "Waiting for others"
        assert Tag("late", "by 3 days").words == "by 3 days"
