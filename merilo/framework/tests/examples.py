"""A small valid framework, in its own two languages, that tests bend until it breaks."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


def words(de: str, it: str) -> dict[str, str]:
    return {"de": de, "it": it}


def item(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "title": words(f"Punkt {code}", f"Punto {code}"),
        "short": words("Punkt", "Punto"),
        "asks": words("Wie gut?", "Quanto bene?"),
        "explanation": words("Was gemeint ist.", "Che cosa si intende."),
        "evidence_hint": words("Ein Protokoll.", "Un verbale."),
        "examples": [words("Beispiel", "Esempio")],
    }


def band(low: int, high: int) -> dict[str, Any]:
    return {"low": low, "high": high, "phase": words("Stufe", "Livello"), "text": words("Text", "Testo")}


def component(code: str) -> dict[str, Any]:
    return {"code": code, "title": words("Teil", "Parte"), "text": words("Text", "Testo")}


_VALID: dict[str, Any] = {
    "code": "town-check",
    "version": "2.1",
    "edition": words("Ausgabe 2", "Edizione 2"),
    "title": words("Stadt im Blick", "Sguardo sulla città"),
    "languages": ["de", "it"],
    "source": words("Eigenes Werk", "Opera propria"),
    "methods": [
        {
            "code": "simple",
            "title": words("Einfach", "Semplice"),
            "description": words("Eine Zahl.", "Un numero."),
            "scales": {"work": "levels", "effect": "parts"},
        }
    ],
    "scales": [
        {
            "code": "levels",
            "kind": "bands",
            "minimum": 1,
            "maximum": 4,
            "bands": [band(1, 2), band(3, 4)],
        },
        {
            "code": "parts",
            "kind": "components",
            "minimum": 0,
            "maximum": 10,
            "components": [component("trend"), component("target") | {"bands": [band(0, 10)]}],
            "bands": [band(0, 5), band(6, 10)],
        },
    ],
    "panels": [
        {"code": "work", "title": words("Arbeit", "Lavoro")},
        {"code": "effect", "title": words("Wirkung", "Effetto")},
    ],
    "criteria": [
        {
            "code": "A",
            "panel": "work",
            "title": words("Arbeit", "Lavoro"),
            "short": words("Arbeit", "Lavoro"),
            "items": [item("A.1"), item("A.2") | {"related": ["B.1"]}],
        },
        {
            "code": "B",
            "panel": "effect",
            "title": words("Wirkung", "Effetto"),
            "short": words("Wirkung", "Effetto"),
            "items": [item("B.1")],
        },
    ],
}


def valid() -> dict[str, Any]:
    return deepcopy(_VALID)
