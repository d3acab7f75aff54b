"""Reads the fields of a form out of a page, as a browser would send them."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """Collects the fields of every form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and _is_sent(given):
            self._add(given["name"], given.get("value", ""))
        elif tag == "textarea":
            self._area = given.get("name", "")
            self._add(self._area, "")
        elif tag == "select":
            self._select = given.get("name", "")
            self._add(self._select, "")

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1][self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def _add(self, name: str, value: str) -> None:
        if name and self.forms:
            self.forms[-1].setdefault(name, []).append(value)


def _is_sent(given: dict[str, str]) -> bool:
    if not given.get("name"):
        return False
    return given.get("type") not in {"radio", "checkbox", "submit", "file"} or "checked" in given


def fields_of(content: bytes, *, having: str) -> dict[str, list[str]]:
    """The fields of the first form that has a field of this name. Errors: LookupError."""
    reader = _Reader()
    reader.feed(content.decode())
    found = next((form for form in reader.forms if having in form), None)
    if found is None:
        raise LookupError(having)
    return found
