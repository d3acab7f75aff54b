"""A request of evidence on its way, for the tests of both its sides."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from merilo.assessment.actions import requests as actions
from merilo.assessment.models import EvidenceRequest
from merilo.assessment.tests.test_sheets_pages import Town
from tests.people import as_viewer

PDF = b"%PDF-1.7 minutes"
EMAIL, NAME = "i.kolev@elsewhere.example", "Илия Колев"


def a_pdf(name: str = "minutes.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class Asking(Town):
    """A town whose coordinator has asked a colleague; `link` is what the colleague was mailed."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        asked = actions.Asked(
            what="Minutes of 2025",
            codes=["1.2"],
            due=timezone.localdate() + timedelta(days=7),
            name=NAME,
            email=EMAIL,
        )
        self.made, self.address = actions.ask(
            viewer=as_viewer(self.coordinator), assessment=self.assessment, asked=asked, at=timezone.now()
        )

    @property
    def link(self) -> str:
        return path_of(self.address)

    @property
    def request(self) -> EvidenceRequest:
        """The request as it is stored."""
        return EvidenceRequest.objects.get(pk=self.made.pk)

    def where(self, rest: str = "") -> str:
        return self.url(f"evidence/requests/{self.made.pk}/{rest}")

    def change(self, **fields: Any) -> None:
        EvidenceRequest.objects.filter(pk=self.made.pk).update(**fields)

    def sends(self, **fields: Any) -> Any:
        """The colleague, who is signed in nowhere, sends a form."""
        return a_visitor().post(self.link, fields)


def a_visitor(language: str = "en") -> Client:
    """Somebody who is signed in nowhere, on a device on which a language was chosen."""
    visitor = Client()
    visitor.cookies["language"] = language
    return visitor


def path_of(address: str) -> str:
    """The path of a link."""
    return re.sub(r"^\w+://[^/]+", "", address)
