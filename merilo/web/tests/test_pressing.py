"""Pages of kept pieces arrive as if they had been compressed in one go."""

from __future__ import annotations

import gzip

from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.web import pressing
from merilo.web.pressing import Fixed, fixed, pressed, response_of

PARTS = st.lists(st.text(max_size=50) | st.text(min_size=1, max_size=50).map(Fixed), max_size=8)


def asked(accepts: str = "gzip, br"):
    return RequestFactory().get("/", headers={"Accept-Encoding": accepts})


@given(PARTS)
@settings(deadline=None)
def test_every_way_to_put_a_page_together_unpacks_to_the_page(parts) -> None:
    assert gzip.decompress(pressed(parts)).decode() == "".join(parts)


def test_pieces_are_compressed_once_and_short_ones_not_alone(monkeypatch) -> None:
    calls: list[int] = []
    apart = pressing._apart

    def counted(raw: bytes, level: int) -> bytes:
        calls.append(level)
        return apart(raw, level)

    monkeypatch.setattr(pressing, "_apart", counted)
    frame = fixed("<p>Как сте обслужени?</p>" * 50)
    pages = [gzip.decompress(pressed([frame, fixed("<b>"), name, fixed("</b>")])) for name in ("А", "Б")]
    assert pages == [f"{frame}<b>{name}</b>".encode() for name in ("А", "Б")]
    assert calls == [9, pressing.LEVEL, pressing.LEVEL]


def test_page_is_compressed_for_who_takes_that_and_its_length_tells_nothing() -> None:
    parts = [fixed("<p>въпрос</p>" * 100), "отговор"]
    pages = [response_of(asked(), parts) for _ in range(30)]
    assert {(page["Content-Encoding"], page["Vary"]) for page in pages} == {("gzip", "Accept-Encoding")}
    assert len({len(page.content) for page in pages}) > 5
    plain = response_of(asked("br"), parts, status=422)
    assert (plain.status_code, plain.content.decode()) == (422, "".join(parts))
    assert not plain.has_header("Content-Encoding")
