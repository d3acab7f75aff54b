"""Questionnaires drawn at random: every kind of question, every setting, conditions of all shapes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from merilo.surveys.rules.building import KINDS as QUESTIONS

Draw = Any
KINDS = (*QUESTIONS, "text")
LANGUAGES = st.lists(st.sampled_from(["bg", "en", "de", "pt-BR", "rmy"]), min_size=1, max_size=3, unique=True)
CODE = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,7}", fullmatch=True)
OPTION = st.from_regex(r"[A-Za-z0-9_]{1,6}", fullmatch=True)
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n\t", exclude_characters="{}\r"
)
WORDS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: bool(text.strip())),
    st.sampled_from(
        ["<b>bold</b>", "a & b", "${ x }", "_x0041_", "=1+1", "'", "1.0", " indented", "yes", "$"]
    ),
)
CODES = st.lists(CODE, min_size=6, max_size=6, unique=True)


@st.composite
def definitions(draw: Draw) -> dict[str, Any]:
    """Plain values without mistakes."""
    return _Drawing(draw).document()


class _Drawing:
    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.languages: list[str] = draw(LANGUAGES)
        self.parts: list[dict[str, Any]] = []

    def document(self) -> dict[str, Any]:
        codes = self.draw(CODES)
        pages = []
        while codes:
            size = self.draw(st.integers(1, len(codes)))
            page = {"code": codes[0], **self.some(title=self.text, shuffle=self.true, show_if=self.condition)}
            pages.append(page | {"parts": [self.part(code) for code in codes[:size]]})
            codes = codes[size:]
        if all(part["kind"] == "text" for part in self.parts):
            pages[0]["parts"].append(self.part(f"{pages[0]['code']}_x", "short"))
        files = any(part["kind"] == "file" for part in self.parts)
        return {
            "languages": self.languages,
            "title": self.text(),
            "mode": "named" if files else self.draw(st.sampled_from(["named", "anonymous"])),
            "audience": self.draw(st.sampled_from(["citizens", "businesses", "employees", "councillors"])),
            "floor": self.draw(st.integers(3, 20)),
            "pages": pages,
            **self.some(
                layout=lambda: "questions",
                population=lambda: self.draw(st.integers(1, 10_000)),
                description=self.text,
                thanks=self.text,
                quotas=self.quotas,
                breakdowns=self.breakdowns,
            ),
        }

    def some(self, **makers: Any) -> dict[str, Any]:
        """Some of these, None never."""
        chosen = {key: make for key, make in makers.items() if self.draw(st.booleans())}
        made = {key: make() for key, make in chosen.items()}
        return {key: value for key, value in made.items() if value not in (None, [], "")}

    def true(self) -> bool:
        return True

    def text(self) -> dict[str, str]:
        spoken = {code: self.words() for code in self.languages}
        rest = [code for code in self.languages[1:] if self.draw(st.booleans())]
        return {code: words for code, words in spoken.items() if code not in rest}

    def words(self) -> str:
        words: str = self.draw(WORDS)
        items = list(self.items())
        if items and self.draw(st.booleans()):
            words += f"{{{self.draw(st.sampled_from(items))[0]}}}"
        return words

    # --- parts ----------------------------------------------------------------------------------------
    def part(self, code: str, kind: str = "") -> dict[str, Any]:
        kinds = list(KINDS)
        kind = kind or self.draw(st.sampled_from(kinds))
        part = {"kind": kind, "code": code, "text": self.text(), **self.some(show_if=self.condition)}
        if kind != "text":
            part |= self.some(hint=self.text, required=self.true, attribute=self.true)
            part |= getattr(self, f"_{kind}", dict)()
        self.parts.append(part)
        return part

    def options(self, *roles: str) -> list[dict[str, Any]]:
        codes = self.draw(st.lists(OPTION, min_size=2, max_size=4, unique=True))
        return [
            {"code": code, "text": self.text()}
            | self.some(
                role=lambda: self.draw(st.sampled_from(["", *roles])),
                value=lambda: self.draw(st.integers(-3, 9)),
            )
            for code in codes
        ]

    def _single(self) -> dict[str, Any]:
        return {"options": self.options("other", "unknown"), **self.some(shuffle=self.true)}

    def _multiple(self) -> dict[str, Any]:
        found = {"options": self.options("other", "none", "unknown")}
        least, most = sorted(self.draw(st.tuples(st.integers(1, 2), st.integers(1, 2))))
        return found | self.some(least=lambda: least, most=lambda: most, shuffle=self.true)

    def _matrix(self) -> dict[str, Any]:
        rows = self.draw(st.lists(OPTION, min_size=1, max_size=3, unique=True))
        made = [{"code": row, "text": self.text()} for row in rows]
        return {"rows": made, "options": self.options("unknown"), **self.some(shuffle=self.true)}

    def _scale(self) -> dict[str, Any]:
        return self.some(least_text=self.text, most_text=self.text, unknown=self.text)

    def _rating(self) -> dict[str, Any]:
        least = self.draw(st.integers(0, 3))
        return {"least": least, "most": least + self.draw(st.integers(1, 9)), **self._scale()}

    _nps = _scale

    def _number(self) -> dict[str, Any]:
        least, most = sorted(self.draw(st.tuples(st.integers(-50, 50), st.integers(-50, 50))))
        bounds = self.some(least=lambda: least, most=lambda: f"{most}.5" if most > 0 else most)
        decimals = self.some(decimals=lambda: self.draw(st.integers(1, 6)))
        return bounds | decimals | self.some(unit=self.text)

    def _date(self) -> dict[str, Any]:
        return self.some(least=lambda: "2026-01-01", most=lambda: "2026-12-31")

    def _short(self) -> dict[str, Any]:
        return self.some(most=lambda: self.draw(st.integers(1, 1_000)))

    def _long(self) -> dict[str, Any]:
        return self.some(most=lambda: self.draw(st.integers(1, 20_000)))

    def _ranking(self) -> dict[str, Any]:
        return {"options": self.options(), **self.some(most=lambda: 2, shuffle=self.true)}

    def _file(self) -> dict[str, Any]:
        return self.some(megabytes=lambda: self.draw(st.integers(1, 100)))

    # --- conditions -----------------------------------------------------------------------------------
    def items(self) -> Any:
        """Item, kind and option codes of what was asked so far."""
        for part in self.parts:
            codes = [option["code"] for option in part.get("options", ())]
            if part["kind"] == "matrix":
                yield from ((f"{part['code']}.{row['code']}", "matrix", codes) for row in part["rows"])
            elif part["kind"] != "text":
                yield part["code"], part["kind"], codes
            for option in part.get("options", ()):
                if option.get("role") == "other":
                    yield f"{part['code']}.{option['code']}", "short", []

    def condition(self, depth: int = 0) -> list[Any] | None:
        items = list(self.items())
        if not items:
            return None
        head = self.draw(st.sampled_from(["test", "test", "and", "or", "not"] if depth < 3 else ["test"]))
        if head == "test":
            return self.test(*self.draw(st.sampled_from(items)))
        parts = [
            self.condition(depth + 1) for _part in range(1 if head == "not" else self.draw(st.integers(1, 3)))
        ]
        return [head, *parts]

    def test(self, item: str, kind: str, codes: list[str]) -> list[Any]:
        if self.draw(st.booleans()) or kind in {"long", "file"}:
            return ["answered", item]
        if kind in {"multiple", "ranking"}:
            return ["contains", item, self.draw(st.sampled_from(codes))]
        ordered = kind in {"rating", "nps", "number", "date"}
        sign = self.draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="] if ordered else ["=", "!="]))
        values: dict[str, Any] = {
            "yesno": st.booleans(),
            "short": st.one_of(WORDS, st.sampled_from(["", "it's", "a'b\"c"])),
            "date": st.just("2026-05-24"),
            "number": st.one_of(st.integers(-9, 9), st.sampled_from(["0.5", "-2.50"])),
        }
        drawn = st.sampled_from(codes) if codes else values.get(kind, st.integers(0, 10))
        return [sign, item, self.draw(drawn)]

    # --- quotas and breakdowns --------------------------------------------------------------------------
    def quotas(self) -> list[dict[str, Any]]:
        when = self.condition()
        most = self.draw(st.integers(1, 500))
        return [{"code": "full", "most": most, "when": when, "text": self.text()}] if when else []

    def breakdowns(self) -> list[dict[str, Any]]:
        codes = [part["code"] for part in self.parts if part["kind"] in {"single", "yesno", "rating"}]
        chosen = self.draw(st.permutations(codes))[:2]
        return [{"question": code} | self.some(ordered=self.true) for code in chosen]
