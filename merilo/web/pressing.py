"""Compressed pages of which most is the same for everybody: that part is compressed once and kept.

A gzip file may be put together of pieces that were compressed apart, as long as none refers to another; the
sum over the whole content at its end is all that has to be worked out for each visitor.
"""

from __future__ import annotations

import re
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

WORTH = 500  # letters from which a piece of its own costs less than it saves
LEVEL = 3  # of what is compressed for each visitor: half the time of the usual 6, and a twentieth larger
PADDING = 100  # bytes, at random: so the length of a page tells nothing about what stands in it
_HEAD = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"  # with a name, no date
_END = b"\x03\x00"
_GZIP = re.compile(r"\bgzip\b")


class Fixed(str):
    """A text that stands on the pages of many visitors; nothing of one visitor may be in it."""

    __slots__ = ("__dict__",)  # for what is worked out once

    @cached_property
    def raw(self) -> bytes:
        return self.encode()

    @cached_property
    def piece(self) -> bytes:
        """What stands for it in a compressed page, whatever stands before and after."""
        return _apart(self.raw, 9)


def fixed(text: str) -> str:
    """The text, kept compressed if that is worth while."""
    return Fixed(text) if len(text) >= WORTH else text


def response_of(request: HttpRequest, parts: Sequence[str], *, status: int = 200) -> HttpResponse:
    """A page of these parts, compressed where the browser takes that."""
    if not _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        return HttpResponse("".join(parts), status=status)
    response = HttpResponse(pressed(parts), status=status, headers={"Content-Encoding": "gzip"})
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def pressed(parts: Sequence[str]) -> bytes:
    """The parts as one gzip file."""
    pieces, total, length = [_HEAD, b"a" * secrets.randbelow(PADDING), b"\0"], 0, 0
    for raw, piece in _pieces(parts):
        pieces.append(piece)
        total, length = zlib.crc32(raw, total), length + len(raw)
    return b"".join([*pieces, _END, struct.pack("<LL", total, length & 0xFFFFFFFF)])


def _pieces(parts: Sequence[str]) -> Iterator[tuple[bytes, bytes]]:
    """Each piece as it is and compressed: kept ones, and what stands between them together."""
    for is_fixed, some in groupby(parts, key=lambda part: isinstance(part, Fixed)):
        if is_fixed:
            yield from ((one.raw, one.piece) for one in some if isinstance(one, Fixed))
        else:
            raw = "".join(some).encode()
            yield raw, _apart(raw, LEVEL)


def _apart(raw: bytes, level: int) -> bytes:
    press = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return press.compress(raw) + press.flush(zlib.Z_FULL_FLUSH)
