"""A document's blocks as HTML for a page; the same texts and numbers as in the files."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from merilo.web.documents.model import Block, Bullets, Facts, Figure, Heading, PageBreak, Paragraph, Table
from merilo.web.items import Link

FOLDED = range(3, 7)  # columns of tables whose rows become cards on a phone; wider ones are moved sideways
CLASSES = {"body": "", "lead": "lead", "note": "note", "meta": "meta"}


def html(blocks: tuple[Block, ...]) -> SafeString:
    """The blocks in order; headings start at h2, for the page has its own h1."""
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks))


def chapters(blocks: tuple[Block, ...]) -> list[Link]:
    """The headings of the first level as links to their places on the page."""
    return [
        Link(block.text, f"#{block.anchor}")
        for block in blocks
        if isinstance(block, Heading) and block.level == 1 and block.anchor
    ]


def _block(block: Block) -> SafeString:
    match block:
        case Heading():
            drawn = _heading(block)
        case Paragraph(text, style):
            drawn = format_html('<p class="{}">{}</p>', CLASSES[style], text)
        case Bullets(items, ordered):
            rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
            drawn = format_html("<ol>{}</ol>", rows) if ordered else format_html("<ul>{}</ul>", rows)
        case Facts(rows=pairs):
            pairs_drawn = format_html_join("", '<div class="fact"><dt>{}</dt><dd>{}</dd></div>', pairs)
            drawn = format_html('<dl class="sum">{}</dl>', pairs_drawn)
        case Table():
            drawn = _table(block)
        case Figure():
            drawn = _figure(block)
        case PageBreak():
            drawn = SafeString("")
    return drawn


def _heading(block: Heading) -> SafeString:
    tag = f"h{block.level + 1}"
    if not block.anchor:
        return format_html(f"<{tag}>{{}}</{tag}>", block.text)
    return format_html(f'<{tag} id="{{}}">{{}}</{tag}>', block.anchor, block.text)


def _figure(block: Figure) -> SafeString:
    note = format_html("<figcaption>{}</figcaption>", block.caption) if block.caption else ""
    wide, narrow = mark_safe(block.svg), mark_safe(block.narrow or block.svg)
    return format_html(
        '<figure class="{}"><div class="on-wide">{}</div><div class="on-narrow">{}</div>{}</figure>',
        "" if block.width == 100 else "figure-small",
        wide,
        narrow,
        note,
    )


def _table(block: Table) -> SafeString:
    head = format_html_join(
        "", '<th scope="col" class="{}">{}</th>', (("r" if c.numeric else "", c.title) for c in block.columns)
    )
    body = format_html_join("", "<tr>{}</tr>", ((_row(row, block),) for row in block.rows))
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="dense{}">'
        "<caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        block.caption,
        " fold" if len(block.columns) in FOLDED else "",
        block.caption,
        head,
        body,
    )


def _row(row: tuple[str, ...], block: Table) -> SafeString:
    first = format_html('<th scope="row">{}</th>', row[0])
    rest = (
        ("r" if column.numeric else "", f"{column.title}: " if column.title else "", cell)
        for column, cell in zip(block.columns[1:], row[1:], strict=True)
    )
    return format_html("{}{}", first, format_html_join("", '<td class="{}" data-l="{}">{}</td>', rest))
