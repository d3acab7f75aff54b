"""The signed papers of the demo, as the files a registry would hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from merilo.site.demo.content import Node
from merilo.site.demo.scene import Scene
from merilo.web.documents.model import Document, Words, text_blocks
from merilo.web.documents.pdf import pdf

SIGNED = {"bg": "подписан екземпляр", "en": "signed copy"}
PAGES = {"bg": Words("", "стр. {page} от {pages}"), "en": Words("", "page {page} of {pages}")}


def signed(scene: Scene, facts: Node, *, title: str, day: date) -> SimpleUploadedFile:
    """The paper under its number: its text where the content has one, else its title alone."""
    language = scene.voice.language
    number = scene.voice(facts["number"])
    numbered = f"№ {number}" if language == "bg" else f"No. {number}"
    document = Document(
        title=title,
        subtitle=numbered,
        language=language,
        author=scene.organisation.name,
        words=PAGES[language],
        blocks=tuple(text_blocks(scene.voice(facts["text"]) if "text" in facts else title)),
        front=((numbered, scene.voice(SIGNED)),),
        with_contents=False,
    )
    content = pdf(document, fonts=settings.PDF_FONTS_DIR, at=datetime.combine(day, time(12), tzinfo=UTC))
    return SimpleUploadedFile(f"{number}.pdf", content, "application/pdf")
