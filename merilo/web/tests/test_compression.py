"""Pages go compressed to browsers that can read that; files and scripts' answers go as they are."""

from __future__ import annotations

import pytest
from django.http import FileResponse, HttpResponse, JsonResponse
from django.test import RequestFactory

from merilo.web.middleware import CompressMiddleware


def answered(response, *, accepts="gzip, br"):
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return CompressMiddleware(lambda _: response)(request)


def test_page_is_compressed():
    page = answered(HttpResponse("<p>самооценка</p>" * 1000))
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    assert len(page.content) < 1000


def test_page_stays_as_it_is_for_who_cannot_read_it_compressed():
    assert not answered(HttpResponse("<p>самооценка</p>" * 1000), accepts="").has_header("Content-Encoding")


@pytest.mark.django_db
def test_file_keeps_its_length(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF" * 1000)
    sent = answered(FileResponse(file.open("rb"), content_type="application/pdf"))
    sent.close()
    assert not sent.has_header("Content-Encoding")
    assert sent["Content-Length"] == "4000"


def test_answer_to_a_script_stays_as_it_is():
    assert not answered(JsonResponse({"saved": "Записано" * 100})).has_header("Content-Encoding")
