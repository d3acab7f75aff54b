"""Follows the links of pages as one person, from the first page on."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from urllib.parse import urljoin

from django.urls import Resolver404, resolve

from tests.walk.visiting import Visitor
from tests.world import World

LINK = re.compile(rb'<a\b[^>]*\bhref="([^"]+)"')


def dead_ends(world: World, role: str) -> dict[str, str]:
    """Links shown to a person that lead to no page, each with the page that shows it."""
    visitor, found = Visitor(world, role), {}
    waiting, shown_on, taken = deque(["/"]), {"/": ""}, set[str]()
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind in taken:  # one page of a kind, for each self-assessment, is like the next
            continue
        taken.add(kind)
        answer = visitor.ask("GET", path)
        if answer.status >= 400:
            found[path] = f"{answer.status}, shown on {shown_on[path]}"
        for link in [answer.location] if answer.location else links(answer.body, path):
            if link not in shown_on:
                shown_on[link] = path
                waiting.append(link)
    assert len(taken) > 3, "nothing was followed"
    return found


def links(body: bytes, path: str) -> list[str]:
    """The addresses of this site that a page links to, in their order."""
    if not body.lstrip().startswith(b"<!doctype"):
        return []
    addresses = (urljoin(path, unescape(found.decode())) for found in LINK.findall(body))
    return [address.partition("#")[0] for address in addresses if address.startswith("/")]


def kind_of(path: str) -> str:
    """The name of the route, and the self-assessment it is asked with."""
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return path
    return f"{found.view_name} {found.kwargs.get('pk', '')}"
