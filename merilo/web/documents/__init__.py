"""One description of a document, drawn as a page, PDF, Word and Excel: all say the same."""

from __future__ import annotations

FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
