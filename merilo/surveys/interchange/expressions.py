"""Conditions as other programs write them: the XPath of XLSForm and the ExpressionScript of LimeSurvey.

Both become one small tree, and that becomes the plain list of `rules.referring`. What has no counterpart is
refused as a whole: half a condition would show a question to the wrong people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from merilo.surveys.rules.values import is_day, is_exact

Condition = list[Any]
MOST_CHARACTERS = 20_000
MOST_DEPTH = 40
MOST_OPTIONS = 50  # named one by one in a condition
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
TRANSPARENT = {"number", "int", "intval", "floatval", "string", "once", "trim", "strval"}


class Untranslatable(ValueError):
    """The expression says what a condition here cannot."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; also "and", "or", "not" and the signs of comparison."""

    name: str
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """An earlier answer, or "." for the answer that is checked."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    value: str
    is_text: bool = True


Node = Call | Name | Literal


@dataclass(frozen=True, slots=True)
class Variable:
    """What a name in an expression stands for.

    `values` are the answers as the file writes them with the codes they have here; `option` is set where
    the name stands for one box of a multiple choice.
    """

    item: str
    kind: str
    values: Mapping[str, str | bool] = field(default_factory=dict)
    option: str = ""


# --- reading ------------------------------------------------------------------------------------------
_XPATH = re.compile(
    r"""\s*(?:
    (?P<name>\$\{[^{}]+\})
  | (?P<text>'[^']*'|"[^"]*"|[\u2018\u2019][^\u2018\u2019]*[\u2018\u2019]
      |[\u201c\u201d][^\u201c\u201d]*[\u201c\u201d])
  | (?P<number>-?(?:\d+(?:\.\d*)?|\.\d+))
  | (?P<sign><=|>=|!=|==|=|<|>)
  | (?P<word>[A-Za-z_][\w:-]*(?:\.[\w-]+)*)
  | (?P<other>[(),.]|[+*/|\[\]-])
    )""",
    re.VERBOSE,
)
_SCRIPT = re.compile(
    r"""\s*(?:
    (?P<text>'[^']*'|"[^"]*")
  | (?P<name>\d+X\d+X\d+\w*(?:\.\w+)*|(?>[A-Za-z_]\w*(?:[.:]\w+)*)(?!\s*\())
  | (?P<number>-?(?:\d+(?:\.\d*)?|\.\d+))
  | (?P<sign><=|>=|!=|==|=|<|>)
  | (?P<word>&&|\|\||!|[A-Za-z_]\w*)
  | (?P<other>[(),+*/|\[\]-])
    )""",
    re.VERBOSE,
)
_WORDS = {"&&": "and", "||": "or", "!": "not", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">"}
_WORDS |= {"ge": ">=", "AND": "and", "OR": "or", "NOT": "not"}

Token = tuple[str, str]


def parse_xpath(source: str) -> Node:
    """The tree of an expression of XLSForm. Errors: Untranslatable."""
    return _Parser(_tokens(_XPATH, source, _xpath_token)).whole()


def parse_script(source: str) -> Node:
    """The tree of an expression of LimeSurvey. Errors: Untranslatable."""
    return _Parser(_tokens(_SCRIPT, source, _script_token)).whole()


def _tokens(pattern: re.Pattern[str], source: str, turned: Callable[[Token], Token]) -> list[Token]:
    if len(source) > MOST_CHARACTERS:
        raise Untranslatable
    found: list[Token] = []
    text, at = source.strip(), 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None or match.lastgroup is None:
            raise Untranslatable
        value = match[match.lastgroup]
        # "a-1" is a difference, not two things side by side
        if match.lastgroup == "number" and value[0] == "-" and found and _ends(found[-1]):
            raise Untranslatable
        found.append(turned((match.lastgroup, value)))
        at = match.end()
    return found


def _ends(token: Token) -> bool:
    return token[0] in {"name", "text", "number"} or token[1] == ")"


def _xpath_token(token: Token) -> Token:
    kind, value = token
    if kind == "name":
        return kind, value[2:-1].strip().removeprefix("last-saved#")
    if value == ".":
        return "name", "."
    if value in {"=", "=="}:
        return "sign", "="
    return (kind, value) if kind != "word" or value not in {"AND", "OR"} else (kind, value.lower())


def _script_token(token: Token) -> Token:
    kind, value = token
    if kind in {"name", "word"} and value in _WORDS:
        value = _WORDS[value]
        return ("sign", value) if value in FLIPPED else ("word", value)
    if kind == "name" and value in {"and", "or", "not", "true", "false"}:
        return "word", value
    if kind == "sign":
        if value == "=":  # an assignment
            raise Untranslatable
        return kind, "=" if value == "==" else value
    return token


class _Parser:
    """Reads tokens from left to right; "or" binds least, comparisons most."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = self.depth = 0

    def whole(self) -> Node:
        node = self.joined("or")
        if self.at != len(self.tokens):
            raise Untranslatable
        return node

    def joined(self, word: str) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH * 4:
            raise Untranslatable
        parts = [self._under(word)]
        while self.take("word", word):
            parts.append(self._under(word))
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Call(word, tuple(parts))

    def _under(self, word: str) -> Node:
        return self.joined("and") if word == "or" else self.compared()

    def compared(self) -> Node:
        left = self.single()
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign":
            sign = self.tokens[self.at][1]
            self.at += 1
            return Call(sign, (left, self.single()))
        return left

    def single(self) -> Node:
        if self.at >= len(self.tokens):
            raise Untranslatable
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == "name":
            return Name(value)
        if kind == "text":
            return Literal(value[1:-1])
        if kind == "number":
            return Literal(value, is_text=False)
        if value == "(":
            node = self.joined("or")
            self.need(")")
            return node
        if kind == "word":
            return self.function(value)
        raise Untranslatable

    def function(self, name: str) -> Node:
        if name == "not" and not self.peek("("):
            self.depth += 1
            if self.depth > MOST_DEPTH * 4:
                raise Untranslatable
            return Call("not", (self.compared(),))
        if name in {"true", "false"} and not self.peek("("):
            return Call(name)
        self.need("(")
        parts: list[Node] = []
        while not self.peek(")"):
            parts.append(self.joined("or"))
            if not self.take("other", ","):
                break
        self.need(")")
        return Call(name, tuple(parts))

    def peek(self, value: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == ("other", value)

    def take(self, kind: str, value: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at] == (kind, value)
        self.at += found
        return found

    def need(self, value: str) -> None:
        if not self.take("other", value):
            raise Untranslatable


# --- into conditions ----------------------------------------------------------------------------------
class Translator:
    """Turns trees into conditions; `known` says what a name stands for, None for what is not asked."""

    def __init__(self, known: Callable[[str], Variable | None]) -> None:
        self.known = known

    def condition(self, node: Node) -> Condition | bool:
        """The condition, or True or False where it never depends on an answer. Errors: Untranslatable."""
        if isinstance(node, Name):
            return self.filled(node)
        if isinstance(node, Literal):
            return self._constant(node)
        if node.name in {"and", "or"}:
            return self._joined(node)
        if node.name in {"not", "!"} and len(node.parts) == 1:
            return self._negated(node.parts[0])
        if node.name in FLIPPED:
            return self._compared(node.name, *node.parts)
        return self._called(node)

    def _constant(self, node: Literal) -> bool:
        if node.is_text:
            raise Untranslatable
        return float(node.value) != 0

    def _joined(self, node: Call) -> Condition | bool:
        """What is always so (or never) is left out of "and" (or "or"), and decides "or" (or "and")."""
        nothing = node.name == "and"
        parts = [self.condition(part) for part in node.parts]
        if (not nothing) in parts:
            return not nothing
        kept = [part for part in parts if not isinstance(part, bool)]
        return [node.name, *kept] if kept else nothing

    def _negated(self, node: Node) -> Condition | bool:
        if (plain := self._unequal(node)) is not None:
            return plain
        part = self.condition(node)
        return not part if isinstance(part, bool) else ["not", part]

    def _unequal(self, node: Node) -> Condition | None:
        """The pattern "neither empty nor this", which is our "is not"."""
        if not (isinstance(node, Call) and node.name == "or" and len(node.parts) == 2):
            return None
        first, second = node.parts
        if isinstance(first, Call) and first.name == "=" and isinstance(second, Call) and second.name == "=":
            name, value = first.parts
            if isinstance(name, Name) and value == Literal("") and _bare(second.parts[0]) == name:
                found = self._compared("=", *second.parts)
                if isinstance(found, list) and found[0] == "=":
                    return ["!=", *found[1:]]
        return None

    def variable(self, node: Node) -> Variable:
        """What a name stands for, functions that only convert left out. Errors: Untranslatable."""
        node = _bare(node)
        found = self.known(node.name) if isinstance(node, Name) else None
        if found is None:
            raise Untranslatable
        return found

    def filled(self, node: Node) -> Condition:
        variable = self.variable(node)
        if variable.option:
            return ["contains", variable.item, variable.option]
        return ["answered", variable.item]

    def _called(self, node: Call) -> Condition | bool:
        name, parts = node.name, node.parts
        if name in {"true", "false"} and not parts:
            return name == "true"
        if name == "selected" and len(parts) == 2:
            return self._selected(self.variable(parts[0]), _text(parts[1]))
        if name == "is_empty" and len(parts) == 1:
            return ["not", self.filled(parts[0])]
        if name == "boolean" and len(parts) == 1:
            return self.condition(parts[0])
        raise Untranslatable

    def _selected(self, variable: Variable, value: str) -> Condition:
        if variable.kind in {"multiple", "ranking"} and not variable.option:
            if isinstance(option := variable.values.get(value), str):
                return ["contains", variable.item, option]
            raise Untranslatable
        return self._equal(variable, value)

    # --- comparisons ----------------------------------------------------------------------------------
    def _compared(self, sign: str, left: Node, right: Node) -> Condition | bool:
        if isinstance(left, Literal) or (isinstance(left, Call) and _is_constant(left)):
            left, right, sign = right, left, FLIPPED[sign]
        if isinstance(left, Call) and left.name in {"count-selected", "string-length", "strlen", "count"}:
            return self._counted(sign, left, right)
        truth = right.name == "true" if isinstance(right, Call) and right.name in {"true", "false"} else None
        if truth is not None and isinstance(left, Call):
            return self.condition(left) if truth == (sign == "=") else self._negated(left)
        if isinstance(left, Call) and left.name in {"selected", "is_empty"}:
            return self._truth(sign, left, _text(right))
        variable, value = self.variable(left), _text(right)
        if value == "" and not (isinstance(left, Call) and left.name == "string"):
            return self._emptiness(sign, left)
        return self._held(sign, variable, value)

    def _truth(self, sign: str, left: Node, value: str) -> Condition | bool:
        if sign not in {"=", "!="} or value not in {"0", "1", "true", "false"}:
            raise Untranslatable
        return self.condition(left) if (value in {"1", "true"}) == (sign == "=") else self._negated(left)

    def _emptiness(self, sign: str, node: Node) -> Condition:
        if sign not in {"=", "!="}:
            raise Untranslatable
        return self.filled(node) if sign == "!=" else ["not", self.filled(node)]

    def _counted(self, sign: str, left: Call, right: Node) -> Condition:
        """Only whether there is anything at all."""
        if len(left.parts) != 1:
            raise Untranslatable
        some = (sign, _text(right)) in {(">", "0"), (">=", "1"), ("!=", "0")}
        if not some and (sign, _text(right)) not in {("=", "0"), ("<", "1"), ("<=", "0")}:
            raise Untranslatable
        return self._emptiness("!=" if some else "=", left.parts[0])

    def _held(self, sign: str, variable: Variable, value: str) -> Condition:
        if variable.option:
            if sign in {"=", "!="} and value in {"Y", "1"}:
                chosen: Condition = ["contains", variable.item, variable.option]
                return chosen if sign == "=" else ["not", chosen]
            raise Untranslatable
        if sign == "=":
            return self._equal(variable, value)
        if sign == "!=":
            return ["not", self._equal(variable, value)]
        if variable.kind in {"rating", "nps", "number", "date"}:
            return [sign, variable.item, _measured(variable.kind, value)]
        return self._among(sign, variable, value)

    def _equal(self, variable: Variable, value: str) -> Condition:
        if variable.kind in {"single", "matrix", "yesno"}:
            if value not in variable.values:
                raise Untranslatable
            return ["=", variable.item, variable.values[value]]
        if variable.kind == "multiple":
            return _exactly(variable, value)
        if variable.kind in {"rating", "nps", "number", "date"}:
            return ["=", variable.item, _measured(variable.kind, value)]
        if variable.kind == "short":
            return ["=", variable.item, value]
        raise Untranslatable

    def _among(self, sign: str, variable: Variable, value: str) -> Condition:
        """Options whose codes are numbers, held against a number: one of those for which it is so."""
        if variable.kind not in {"single", "matrix"} or not is_exact(value):
            raise Untranslatable
        test = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}[sign]
        numbers = [name for name in variable.values if is_exact(name)]
        fitting = [variable.values[name] for name in numbers if test(float(name), float(value))]
        if not 0 < len(fitting) <= MOST_OPTIONS:
            raise Untranslatable
        return ["or", *(["=", variable.item, code] for code in fitting)]


def _exactly(variable: Variable, value: str) -> Condition:
    """One option of several, and no other."""
    if value not in variable.values or len(variable.values) > MOST_OPTIONS:
        raise Untranslatable
    chosen = variable.values[value]
    others = [
        ["not", ["contains", variable.item, code]] for code in variable.values.values() if code != chosen
    ]
    return ["and", ["contains", variable.item, chosen], *others]


def _measured(kind: str, value: str) -> int | str:
    """A number or a date as plain values have them. Errors: Untranslatable."""
    if kind == "date":
        if is_day(value):
            return value
        raise Untranslatable
    whole = value.removesuffix(".0")
    if not is_exact(whole) or (kind != "number" and "." in whole):
        raise Untranslatable
    return whole if "." in whole else int(whole)


def _bare(node: Node) -> Node:
    while isinstance(node, Call) and node.name in TRANSPARENT and len(node.parts) == 1:
        node = node.parts[0]
    return node


def _is_constant(node: Call) -> bool:
    return node.name in {"date", "concat"} and all(isinstance(part, Literal) for part in node.parts)


def _text(node: Node) -> str:
    """A constant as text. Errors: Untranslatable."""
    node = _bare(node)
    if isinstance(node, Literal):
        return node.value
    if node_is_date(node):
        return node.parts[0].value  # type: ignore[union-attr]
    if isinstance(node, Call) and node.name == "concat":
        return "".join(map(_text, node.parts))
    raise Untranslatable


def node_is_date(node: Node) -> bool:
    """Whether the node is a date written out, date('2026-05-24')."""
    return isinstance(node, Call) and node.name == "date" and len(node.parts) == 1 and _is_constant(node)


def limits(source: str) -> dict[str, tuple[str, str]]:
    """What a constraint of XLSForm says of the answer: by "." or a function of it, least and most as text.

    `limits(". >= 18 and string-length(.) <= 40")` is `{".": ("18", ""), "string-length": ("", "40")}`.
    Errors: Untranslatable, also where a limit itself is excluded and no whole number follows.
    """
    found: dict[str, tuple[str, str]] = {}
    node = parse_xpath(source)
    parts = node.parts if isinstance(node, Call) and node.name == "and" else (node,)
    for part in parts:
        if not isinstance(part, Call) or part.name not in FLIPPED or len(part.parts) != 2:
            raise Untranslatable
        subject, sign, value = _limit(part)
        least, most = found.get(subject, ("", ""))
        if sign == ">=" and not least:
            found[subject] = (value, most)
        elif sign == "<=" and not most:
            found[subject] = (least, value)
        else:
            raise Untranslatable
    return found


def _limit(node: Call) -> tuple[str, str, str]:
    left, right, sign = *node.parts, node.name
    if isinstance(left, Literal) or (isinstance(left, Call) and _is_constant(left)):
        left, right, sign = right, left, FLIPPED[sign]
    value, left = _text(right), _bare(left)
    if isinstance(left, Call) and left.parts == (Name("."),):
        subject = left.name
    elif left == Name("."):
        subject = "."
    else:
        raise Untranslatable
    if sign in {"<", ">"}:
        if "." in value or not is_exact(value):
            raise Untranslatable
        value, sign = str(int(value) + (1 if sign == ">" else -1)), f"{sign}="
    return subject, sign, value


# --- writing ------------------------------------------------------------------------------------------
class Writer:
    """Writes plain conditions as XPath; `names` are those of the items, `kinds` says what they answer."""

    def __init__(self, names: Mapping[str, str], kinds: Mapping[str, str]) -> None:
        self.names, self.kinds = names, kinds

    def written(self, condition: Condition) -> str:
        """The expression; `Translator` turns it into the very same condition."""
        head, *rest = condition
        if head in {"and", "or"}:
            parts = [self._inner(part) for part in rest]
            if len(parts) == 1:
                parts.append("true()" if head == "and" else "false()")
            return f" {head} ".join(parts)
        if head == "not":
            return f"not({self.written(rest[0])})"
        name = f"${{{self.names[rest[0]]}}}"
        if head == "answered":
            return f"{name} != ''"
        if head == "contains":
            return f"selected({name}, '{rest[1]}')"
        return self._compared(head, name, rest[0], rest[1])

    def _inner(self, condition: Condition) -> str:
        words = self.written(condition)
        return f"({words})" if condition[0] in {"and", "or"} else words

    def _compared(self, sign: str, name: str, item: str, value: Any) -> str:
        said = self._value(self.kinds[item], value)
        shown = f"string({name})" if value == "" else name
        if sign == "!=":
            return f"not({name} = '' or {shown} = {said})"
        return f"{shown} {sign} {said}"

    def _value(self, kind: str, value: Any) -> str:
        if isinstance(value, bool):
            return quoted("yes" if value else "no")
        if kind == "date":
            return f"date('{value}')"
        return str(value) if kind in {"number", "rating", "nps"} else quoted(str(value))


def quoted(text: str) -> str:
    """A text constant of XPath, which knows no way to write both kinds of quotes in one.

    >>> print(quoted("plain"), quoted("it's"))
    'plain' "it's"
    """
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    pieces = [f"'{piece}'" for piece in text.split("'")]
    return "concat(" + ', "\'", '.join(pieces) + ")"
