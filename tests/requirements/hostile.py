"""Uploads made with ill will, or by broken programs: each with its name, and whether it may be kept.

Everything is built here, byte by byte where the libraries would refuse to write it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

LIMIT = 25 * 1024 * 1024
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00 This program cannot be run in DOS mode"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sends; `kept` says whether it is stored (and then only handed out harmlessly)."""

    about: str
    name: str
    content: bytes
    kept: bool = False


def corpus() -> list[Upload]:
    """All of them."""
    groups = (names, endings, contents, portable_documents, archives, macros, pictures, sizes)
    return [upload for group in groups for upload in group()]


def names() -> Iterator[Upload]:
    """Names that would climb, hide their ending or break a header; the content is innocent."""
    for about, name in {
        "a path": "../../../etc/cron.d/order.pdf",
        "a Windows path": "C:\\Windows\\System32\\order.pdf",
        "an encoded path": "..%2f..%2fetc%2fpasswd.pdf",
        "a name turned around": "order\u202exslx.pdf",
        "isolated directions": "\u2067order\u2069\u200f.pdf",
        "no width": "or\u200bder\u2060.p\u200cdf",
        "a line break for a header": 'a"\r\nSet-Cookie: session=1\r\n.pdf',
        "a second file name": 'a"; filename="b.html.pdf',
        "a NUL": "order.html\0.pdf",
        "half a character": "order\udcff.pdf",
        "invisible tags": "order\U000e0041\U000e0042.pdf",
        "dots alone": "......pdf",
        "a dot and a blank at the end": "order.pdf. ",
        "a name of a device": "CON.pdf",
        "a very long name": "д" * 5000 + ".pdf",
        "a wall of accents": "a" + "\u0301" * 2000 + ".pdf",
        "markup": "<img src=x onerror=alert(1)>.pdf",
        "a formula": "=cmd|' /C calc'!A0.pdf",
        "a home folder": "~/.ssh/authorized_keys.pdf",
    }.items():
        yield Upload(about, name, PDF, kept=True)
    yield Upload("a program turned around", "order\u202efdp.exe", PDF)
    yield Upload("no ending", "order", PDF)


def endings() -> Iterator[Upload]:
    """Endings that are not taken, also behind one that is."""
    for ending in (
        *("html", "xhtml", "svg", "svgz", "xml", "js", "exe", "bat", "lnk", "iso", "zip", "rar", "7z", "gz"),
        *("docm", "dotm", "xlsm", "xlsb", "pptm", "rtf", "mht", "eml", "hta", "swf", "jar", "gif", "php"),
    ):
        yield Upload(f"a file .{ending}", f"report.pdf.{ending}", PDF)


def contents() -> Iterator[Upload]:
    """Content of another kind than the ending says."""
    for ending in ("pdf", "png", "jpg", "webp", "docx", "xlsx", "odt", "doc", "xls", "p7m"):
        yield Upload(f"a page as .{ending}", f"page.{ending}", HTML)
        yield Upload(f"a program as .{ending}", f"program.{ending}", PROGRAM)
    for ending in ("png", "jpg", "webp", "pdf"):
        yield Upload(f"a drawing that can act as .{ending}", f"drawing.{ending}", SVG)
    yield Upload("a program as text", "readme.txt", PROGRAM)
    yield Upload("a table with a NUL", "table.csv", b"a;b\0c")
    yield Upload("a page as text", "page.txt", HTML, kept=True)
    yield Upload("formulas in a table", "table.csv", b'=HYPERLINK("http://x");+1;-1;@SUM(1)', kept=True)
    yield Upload("a riff of sounds as a picture", "sound.webp", b"RIFF\x24\x00\x00\x00WAVEfmt ")
    for kind in ("BMP", "TIFF", "GIF", "ICO", "EPS"):
        yield Upload(f"a {kind} as .png", "picture.png", drawn("RGB", kind))


def portable_documents() -> Iterator[Upload]:
    """PDF that acts when opened: it is kept as evidence and never opened here."""
    for about, action in {
        "a script": b"<</S/JavaScript/JS(app.alert(1))>>",
        "a launch": b"<</S/Launch/F(calc.exe)>>",
        "an address": b"<</S/URI/URI(javascript:alert(1))>>",
        "a form sent away": b"<</S/SubmitForm/F(http://elsewhere.example)>>",
        "a file inside": b"<</Type/EmbeddedFile>>",
    }.items():
        document = PDF.replace(b"/Catalog", b"/Catalog/OpenAction " + action)
        yield Upload(f"a PDF with {about}", "order.pdf", document, kept=True)
    yield Upload("a PDF cut off", "order.pdf", PDF[:20], kept=True)
    yield Upload("a PDF that is an archive too", "order.pdf", PDF + packed({"a.html": HTML}), kept=True)
    yield Upload("a PDF that is a page too", "order.pdf", PDF + HTML, kept=True)
    yield Upload("a page before a PDF", "order.pdf", HTML + PDF)


# --- archives ---------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Entry:
    """One entry as it shall stand in the archive, true or not."""

    name: bytes
    data: bytes = b"<a/>"
    method: int = zipfile.ZIP_STORED
    size: int | None = None
    crc: int | None = None
    flags: int = 0
    at: int | None = None


def crafted(*entries: Entry, directory_size: int | None = None, comment: bytes = b"") -> bytes:
    """An archive that says what the entries say."""
    body, directory = b"", b""
    for entry in (Entry(TYPES.encode(), b"<Types/>"), *entries):
        told = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size = len(entry.data) if entry.size is None else entry.size
        common = struct.pack("<HHHHLLLHH", entry.flags, entry.method, 0, 33, told, len(entry.data), size,
                             len(entry.name), 0)  # fmt: skip
        at = len(body) if entry.at is None else entry.at
        if entry.at is None:
            body += b"PK\x03\x04\x14\x00" + common + entry.name + entry.data
        directory += b"PK\x01\x02\x14\x00\x14\x00" + common
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, at) + entry.name
    count = min(len(entries) + 1, 0xFFFF)
    told = len(directory) if directory_size is None else directory_size
    end = struct.pack("<HHHHLLH", 0, 0, count, count, told, len(body), len(comment))
    return body + directory + b"PK\x05\x06" + end + comment


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An honest archive."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


def document(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """What an office program would open."""
    return packed({TYPES: b"<Types/>", **parts}, method)


def zeros(megabytes: int) -> bytes:
    """So many zeros as a packed stream, made of one piece repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes + packer.flush()


def archives() -> Iterator[Upload]:
    """Office documents that unpack without end, lie, or are broken."""
    deflated, part = zipfile.ZIP_DEFLATED, b"word/document.xml"
    bomb = zeros(4)
    huge = Entry(part, bomb, deflated, size=400 << 20)
    shared = [Entry(b"part%d" % number, b"<a/>", at=27 + 30) for number in range(100)]
    many = [Entry(b"%d" % number, b"") for number in range(5001)]
    whole = document({"word/document.xml": b"<a/>" * 100})
    for about, name, content in (
        ("that would unpack to 400 MB", "bomb.docx", crafted(huge)),
        ("of many large parts", "bomb.xlsx", crafted(*(Entry(b"%d" % n, bomb, deflated, size=4 << 20)
                                                       for n in range(80)))),
        ("that says 10 bytes and holds 4 MB", "liar.docx", crafted(Entry(part, bomb, deflated, size=10))),
        ("that says 9 MB and holds 4", "liar.docx", crafted(Entry(part, bomb, deflated, size=9 << 20))),
        ("of 5001 entries", "many.docx", crafted(*many)),
        ("with a list of 2 GB", "list.docx", crafted(Entry(part), directory_size=1 << 31)),
        ("whose entries share their bytes", "overlap.docx", crafted(*shared)),
        ("with one name twice", "twice.docx", crafted(Entry(part), Entry(part, b"<b/>"))),
        ("packed with bzip2", "bomb.docx", document({"a": bytes(1 << 22)}, zipfile.ZIP_BZIP2)),
        ("packed with LZMA", "bomb.xlsx", document({"a": bytes(1 << 20)}, zipfile.ZIP_LZMA)),
        ("packed in an unknown way", "odd.docx", crafted(Entry(part, method=77))),
        ("with a password", "locked.docx", crafted(Entry(part, flags=0x1))),
        ("with strong encryption", "locked.pptx", crafted(Entry(part, flags=0x41))),
        ("with a wrong checksum", "damaged.docx", crafted(Entry(part, crc=1))),
        ("cut off", "cut.docx", whole[:-40]),
        ("cut in front", "cut.docx", b"PK\x03\x04" + whole[200:]),
        ("that is a beginning only", "cut.xlsx", b"PK\x03\x04" + bytes(100)),
        ("with a name that climbs", "climbs.docx", document({"word/../../../etc/passwd": b"x"})),
        ("with a Windows name that climbs", "climbs.docx", crafted(Entry(b"..\\..\\start.bat"))),
        ("with a name that is no text", "name.docx", crafted(Entry(b"\xff\xfe", flags=0x800))),
        ("of another kind", "other.docx", packed({"a.txt": b"x"})),
        ("that is a program archive", "program.docx", packed({"META-INF/MANIFEST.MF": b"x"})),
        ("with a far end", "far.docx", crafted(Entry(part)).replace(b"PK\x05\x06", b"PK\x06\x07" + bytes(16)
                                                                   + b"PK\x05\x06")),
    ):  # fmt: skip
        yield Upload(f"a document {about}", name, content)
    nested = packed({"a.zip": packed({"b.zip": packed({"c": bytes(1 << 20)})})})
    for about, parts in {
        "with archives in archives": {"word/embeddings/a.zip": nested},
        "with entities of entities": {"word/document.xml": laughs()},
        "with an outer entity": {
            "word/document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        },
        "with a page inside": {"word/page.html": HTML},
    }.items():
        yield Upload(f"a document {about}", "nested.docx", document(parts), kept=True)
    yield Upload("a document behind which a program lies", "tail.docx", crafted(Entry(part), comment=PROGRAM),
                 kept=True)  # fmt: skip


def laughs() -> bytes:
    """A few hundred bytes of XML that stand for a billion words."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{lines}]><l>&l9;</l>'.encode()


def macros() -> Iterator[Upload]:
    """Documents with programs inside, whatever their ending says; and those with a password."""
    types = b'<Types><Override ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    for about, name, parts in (
        ("a document with macros", "order.docx", {TYPES: b"", "word/vbaProject.bin": b"x"}),
        ("a workbook with macros", "table.xlsx", {TYPES: b"", "xl/VBAPROJECT.BIN": b"x"}),
        ("macros under another name", "order.docx", {TYPES: types, "word/picture.bin": b"x"}),
        ("macros told in two-byte letters", "order.docx", {TYPES: types.decode().encode("utf-16")}),
        ("macros of the old kind", "table.xlsx", {TYPES: b"", "xl/macrosheets/sheet1.xml": b"x"}),
        ("a list of kinds without end", "order.docx", {TYPES: bytes(2 << 20)}),
        ("an open text with macros", "text.odt", {"mimetype": b"x", "Basic/Standard/Module1.xml": b"x"}),
        ("an open table with scripts", "table.ods", {"mimetype": b"x", "Scripts/python/a.py": b"x"}),
    ):
        yield Upload(about, name, packed(parts))
    for name in ("order.doc", "table.xls"):
        yield Upload("an old document with macros", name, OLE + "_VBA_PROJECT".encode("utf-16-le"))
    locked = OLE + "EncryptedPackage".encode("utf-16-le")
    yield Upload("a new document with a password", "order.docx", locked)
    yield Upload("an old document as a new one", "order.docx", OLE)
    empty = {"mimetype": b"x", "Basic/script-lc.xml": b"<a/>"}
    yield Upload("an open text with an empty library", "text.odt", packed(empty), kept=True)


# --- pictures ---------------------------------------------------------------------------------------------
def drawn(mode: str, kind: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """A small picture of any kind."""
    sink = io.BytesIO()
    Image.new(mode, size, 1).save(sink, kind, **options)
    return sink.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """One piece of a PNG with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *before: bytes, pixels: bytes = b"\0\0") -> bytes:
    """A PNG that says it is so large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    ended = chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + ended


def pictures() -> Iterator[Upload]:
    """Pictures that say they are huge, hide something, move, or end too early."""
    photo, small, modern = drawn("RGB", "JPEG"), drawn("RGB", "PNG"), drawn("RGB", "WEBP")
    wall = photo.replace(struct.pack(">HH", 30, 40), struct.pack(">HH", 65000, 65000))
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\xff" * 2
    flat = io.BytesIO()
    Image.new("1", (7000, 7000)).save(flat, "PNG")
    hidden = zlib.compress(bytes(80 << 20))
    for about, name, content in (
        ("60 000 × 60 000 pixels", "wall.png", png(60_000, 60_000)),
        ("more pixels than are counted", "wall.png", png(2**31 - 1, 2**31 - 1)),
        ("65 000 × 65 000 pixels", "wall.jpg", wall),
        ("a canvas of 16 million pixels square", "wall.webp", riff(canvas)),
        ("49 million white pixels", "wall.png", flat.getvalue()),
        ("no pixels", "none.png", png(0, 0)),
        ("fewer pixels than said", "cut.png", png(4000, 4000)),
        ("80 MB of hidden text", "text.png", png(1, 1, chunk(b"zTXt", b"a\0\0" + hidden))),
        ("an end too early", "cut.png", small[:-30]),
        ("an end too early", "cut.jpg", photo[: len(photo) // 2]),
        ("an end too early", "cut.webp", modern[:-20]),
        ("a wrong checksum", "wrong.png", small.replace(b"IDAT", b"IDBT")),
        ("only a beginning", "begin.jpg", b"\xff\xd8\xff\xe0" + bytes(300)),
    ):
        yield Upload(f"a picture with {about}", name, content)
    yield from kept_pictures(photo, small, modern)


def kept_pictures(photo: bytes, small: bytes, modern: bytes) -> Iterator[Upload]:
    """Pictures of which the pixels stay, and nothing else."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")] * 20
    for kind, name in (("PNG", "moves.png"), ("WEBP", "moves.webp")):
        sink = io.BytesIO()
        frames[0].save(sink, kind, save_all=True, append_images=frames[1:], duration=20)
        yield Upload("a picture that moves", name, sink.getvalue(), kept=True)
    sink = io.BytesIO()
    frames[0].save(sink, "MPO", save_all=True, append_images=frames[1:5])
    yield Upload("a picture of many pictures", "many.jpg", sink.getvalue(), kept=True)
    text = chunk(b"tEXt", b"Comment\0" + HTML)
    for about, name, content in (
        ("an archive behind it", "photo.jpg", photo + packed({"a.html": HTML})),
        ("a page behind it", "photo.png", small + HTML),
        ("a page behind it", "photo.webp", modern + HTML),
        ("a page in its words", "photo.png", png(1, 1, text)),
        ("a page in its words", "photo.jpg", drawn("RGB", "JPEG", comment=HTML)),
        ("a page in what the camera says", "photo.jpg", drawn("RGB", "JPEG", exif=b"Exif\0\0II*\0" + HTML)),
        ("a page in what the camera says", "photo.webp", drawn("RGB", "WEBP", exif=b"Exif\0\0II*\0" + HTML)),
        ("a page in its colours", "photo.png", png(1, 1, chunk(b"iCCP", b"a\0\0" + zlib.compress(HTML)))),
        ("the colours of printers", "photo.jpg", drawn("CMYK", "JPEG")),
        ("two-byte greys", "photo.png", drawn("I;16", "PNG")),
    ):
        yield Upload(f"a picture with {about}", name, content, kept=True)


def riff(content: bytes) -> bytes:
    """The frame around a WebP picture."""
    return b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP" + content


def sizes() -> Iterator[Upload]:
    """Nothing at all, and a little too much."""
    for ending in ("pdf", "docx", "png", "txt"):
        yield Upload(f"nothing as .{ending}", f"empty.{ending}", b"")
    yield Upload("a byte too much", "large.pdf", PDF.ljust(LIMIT + 1, b"\n"))
    yield Upload("exactly as much as is taken", "large.pdf", PDF.ljust(LIMIT, b"\n"), kept=True)
