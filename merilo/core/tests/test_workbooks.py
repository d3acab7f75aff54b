"""Workbooks made to hurt: refused before the library that reads workbooks sees them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import translation
from xlsxwriter.workbook import Workbook

from merilo.core import workbooks
from merilo.core.errors import BadFile
from merilo.core.workbooks import Grid, grids, place

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
HEAD = '<?xml version="1.0"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in the language of the source, whatever was active before."""
    with translation.override("en"):
        yield


def book(fill: Callable[[Any], object] = lambda sheet: sheet.write(0, 0, "a")) -> bytes:
    buffer = io.BytesIO()
    made = Workbook(buffer, {"in_memory": True})
    fill(made.add_worksheet("Лист 1"))
    made.close()
    return buffer.getvalue()


def changed(content: bytes, **parts: str | bytes | None) -> bytes:
    """The workbook with some parts in place of its own; None leaves one out."""
    buffer = io.BytesIO()
    named = {"sheet": SHEET, "texts": TEXTS, "links": "xl/_rels/workbook.xml.rels", "book": "xl/workbook.xml"}
    given = {named[name]: data for name, data in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = given.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return buffer.getvalue()


def twice(content: bytes) -> str:
    """The list of sheets with the one of the book named twice."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("xl/workbook.xml").decode()
    sheet = text[text.index("<sheet ") : text.index("</sheets>")]
    return text.replace(sheet, sheet * 2)


def rows(inner: str) -> str:
    return f"{HEAD}<worksheet {MAIN}><sheetData>{inner}</sheetData></worksheet>"


def test_values_come_with_their_places_kinds_and_merged_areas() -> None:
    def fill(sheet: Any) -> None:
        sheet.write(1, 1, "текст")
        sheet.write(2, 0, 45)
        sheet.write_boolean(2, 1, True)
        sheet.write_formula(3, 0, "=1+1", None, 2)
        sheet.write_formula(3, 1, "=1+1", None, "")
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.merge_range(4, 0, 5, 1, "общо")

    [grid] = grids(book(fill))
    assert (grid.name, grid.merged, grid.unknown) == ("Лист 1", ((4, 0, 5, 1),), frozenset({(3, 1), (3, 2)}))
    assert [grid.at(*at) for at in ((1, 1), (2, 0), (2, 1), (3, 0), (4, 0), (9, 9))] == [
        "текст",
        45.0,
        True,
        2.0,
        "общо",
        "",
    ]


def test_days_are_days_and_numbers_that_look_alike_are_not() -> None:
    buffer = io.BytesIO()
    made = Workbook(buffer, {"in_memory": True})
    sheet = made.add_worksheet()
    for row, form in enumerate(("dd.mm.yyyy", 14, '0 "days"', "[Red]0.0", "0")):
        sheet.write_number(row, 0, 46082, made.add_format({"num_format": form}))
    sheet.write_number(5, 0, 1e300, made.add_format({"num_format": 14}))
    made.close()
    [grid] = grids(buffer.getvalue())
    day = date(2026, 3, 1)
    assert [row[0] for row in grid.rows] == [day, day, 46082.0, 46082.0, 46082.0, 1e300]


def test_texts_in_runs_escapes_and_texts_inside_cells() -> None:
    runs = "<si><r><t>нов </t></r><r><t>портал</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D_b</t></si>"
    cells = [
        '<c t="s"><v>0</v></c>',
        '<c t="s"><v>1</v></c>',
        '<c t="inlineStr"><is><t>тук</t></is></c>',
        '<c t="inlineStr"><is/></c>',
        '<c t="str"><f>A1</f><v>x</v></c>',
        '<c t="d"><v>2026-03-01</v></c>',
        '<c t="b"><v>0</v></c>',
        "<c/>",
    ]
    content = changed(
        book(), sheet=rows(f"<row>{''.join(cells)}</row>"), texts=f"{HEAD}<sst {MAIN}>{runs}</sst>"
    )
    assert grids(content)[0].rows == (("нов портал", "a\rb", "тук", "", "x", "2026-03-01", False),)


def test_what_a_file_says_of_its_own_size_reserves_no_memory() -> None:
    """The number of texts and the extent of a sheet are not believed: elsewhere they end the process."""
    texts = f'{HEAD}<sst {MAIN} count="99999999999999" uniqueCount="99999999999999"><si><t>a</t></si></sst>'
    inner = rows('<row><c t="s"><v>0</v></c></row>').replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    assert grids(changed(book(), texts=texts, sheet=inner))[0].rows == (("a",),)


def test_an_empty_workbook_has_an_empty_sheet() -> None:
    assert grids(book(lambda sheet: sheet)) == (Grid("Лист 1", ()),)


def test_names_of_cells() -> None:
    assert [place(0, 0), place(6, 3), place(0, 25), place(0, 26), place(9, 701), place(0, 702)] == [
        "A1",
        "D7",
        "Z1",
        "AA1",
        "ZZ10",
        "AAA1",
    ]


def test_cells_without_places_follow_one_another() -> None:
    inner = "<row><c><v>1</v></c><c><f>A1</f></c></row><row><c><v>2</v></c></row>"
    [grid] = grids(changed(book(), sheet=rows(inner)))
    assert grid.unknown == {(0, 1)}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"sheet": rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}, "beyond row 2000"),
        ({"sheet": rows('<row r="1"><c r="GS1" t="inlineStr"><is><t>a</t></is></c></row>')}, "column GR"),
        ({"sheet": f"{HEAD}<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet {MAIN}/>"}, "damaged"),
        ({"texts": f"{HEAD}<!DOCTYPE a [<!ENTITY b 'c'>]><sst {MAIN}><si><t>&b;</t></si></sst>"}, "damaged"),
        ({"book": f"{HEAD}<!DOCTYPE a><workbook {MAIN}/>"}, "damaged"),
        ({"sheet": "<worksheet"}, "damaged"),
        ({"sheet": rows('<row r="x"><c/></row>')}, "damaged"),
        ({"sheet": None}, "damaged"),
        ({"links": None}, "damaged"),
        ({"book": None}, "damaged"),
        ({"book": b"\xff\xfe\0"}, "damaged"),
        ({"book": '<?xml version="1.0" encoding="no-such"?><workbook/>'}, "damaged"),
        ({"sheet": rows('<row><c t="s"><v>77</v></c></row>')}, "damaged"),
        ({"sheet": rows("<row><c><v>many</v></c></row>")}, "damaged"),
        (
            {
                "sheet": rows("").replace(
                    "</worksheet>", '<mergeCells><mergeCell ref="A1"/></mergeCells></worksheet>'
                )
            },
            "damaged",
        ),
    ],
)
def test_crafted_parts_are_refused_with_words(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(BadFile) as refusal:
        grids(changed(book(), **parts))
    assert said in refusal.value.sentence


def test_one_long_text_shown_everywhere_is_refused() -> None:
    texts = f"{HEAD}<sst {MAIN}><si><t>{'a' * 30_000}</t></si></sst>"
    inner = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 600))
    with pytest.raises(BadFile, match="unpack"):
        grids(changed(book(), sheet=rows(inner), texts=texts))


def test_rows_that_are_stretched_by_their_last_cell_are_counted() -> None:
    inner = "".join(f'<row r="{n}"><c r="GR{n}"><v>1</v></c></row>' for n in range(1, 2001))
    content = changed(book(), sheet=rows(inner))
    assert len(grids(content)[0].rows) == 2000
    with pytest.raises(BadFile, match="unpack"):
        grids(changed(content, book=twice(content)))


@pytest.mark.parametrize("lying", [False, True])
def test_a_zip_bomb_is_stopped_while_it_unpacks_whatever_it_says_of_its_size(*, lying: bool) -> None:
    content = bytearray(changed(book(), texts=b" " * (workbooks.MOST_UNPACKED + 1)))
    assert len(content) < 100_000
    if lying:  # a small size in the directory and before the data
        size = struct.pack("<I", workbooks.MOST_UNPACKED + 1)
        assert content.count(size) == 2
        content = bytearray(bytes(content).replace(size, struct.pack("<I", 100)))
    with pytest.raises(BadFile, match="damaged" if lying else "unpack"):
        grids(bytes(content))


def test_thousands_of_parts_and_of_sheets_are_refused() -> None:
    buffer = io.BytesIO(book())
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(workbooks.MOST_PARTS):
            archive.writestr(f"x{number}", "")
    with pytest.raises(BadFile, match="unpack"):
        grids(buffer.getvalue())
    sheets = '<sheet name="a" sheetId="1" r:id="rId1"/>' * (workbooks.MOST_SHEETS + 1)
    many = f'{HEAD}<workbook {MAIN} xmlns:r="r"><sheets>{sheets}</sheets></workbook>'
    with pytest.raises(BadFile, match="unpack"):
        grids(changed(book(), book=many))


def test_bytes_changed_anywhere_never_break_the_reader() -> None:
    """Every outcome is a reading or a refusal with words."""
    content = book(lambda sheet: sheet.write_row(0, 0, ["a", 1, True]))
    for spot in range(0, len(content), 29):
        torn = bytearray(content)
        torn[spot] ^= 0x55
        try:
            grids(bytes(torn))
        except BadFile as refusal:
            assert refusal.sentence  # noqa: PT017  both outcomes are right
