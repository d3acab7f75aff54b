"""YAML into plain values, safely: bounded size, depth and number, no aliases, no tags, no doubled keys."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from merilo.framework.findings import Finding, FrameworkInvalid, below, excerpt

SIZE_LIMIT = 2_000_000  # bytes
DEPTH_LIMIT = 16  # CAF 2020 needs ten
PARTS_LIMIT = 50_000  # CAF 2020 has about 3 100

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

# libyaml is ten times faster; the pure Python loader understands the same where it is not built in.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STANDARD = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Parsed:
    """Plain values and, for each path, the line it begins on."""

    data: Plain
    lines: dict[str, int] = field(default_factory=dict)


class _StopReading(Exception):
    """The finding is written down; going on would only help an attacker."""


def parse_yaml(source: str | bytes) -> Parsed:
    """The one YAML document in `source`.

    Errors: FrameworkInvalid with every mistake of form up to the first one that ends reading.
    """
    loader = _Loader(_printable(_decoded(source)))
    reader = _Reader(loader)
    try:
        data = reader.document()
    except (yaml.YAMLError, _StopReading) as error:
        if isinstance(error, yaml.YAMLError):
            reader.findings.append(_syntax_finding(error))
        raise FrameworkInvalid(reader.findings) from None
    finally:
        loader.dispose()
    if reader.findings:
        raise FrameworkInvalid(reader.findings)
    return Parsed(data, reader.lines)


def parse_json(source: str) -> Parsed:
    """The JSON document in `source`. Errors: FrameworkInvalid."""
    _decoded(source)
    try:
        return Parsed(json.loads(source))
    except RecursionError:
        raise FrameworkInvalid([Finding("", "too_deep", {"limit": DEPTH_LIMIT})]) from None
    except ValueError as error:
        raise FrameworkInvalid([Finding("", "json_syntax", {"problem": excerpt(error)})]) from None


def _decoded(source: str | bytes) -> str:
    try:
        raw = source if isinstance(source, bytes) else source.encode()
        text = raw.decode("utf-8-sig")
    except UnicodeError:
        raise FrameworkInvalid([Finding("", "not_utf8")]) from None
    if len(raw) > SIZE_LIMIT:
        raise FrameworkInvalid([Finding("", "too_big", {"size": len(raw), "limit": SIZE_LIMIT})])
    return text


def _printable(text: str) -> str:
    if odd := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        params = {"character": f"U+{ord(odd.group()):04X}"}
        raise FrameworkInvalid([Finding("", "control_character", params, line)])
    return text


def _syntax_finding(error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, "?")
    problem = excerpt(getattr(error, "problem", None) or "?")
    return Finding("", "yaml_syntax", {"column": column, "problem": problem}, line)


class _Reader:
    """Builds plain values from events, so that a doubled key or an alias can be named by its path."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.findings: list[Finding] = []
        self.lines: dict[str, int] = {}
        self.parts = 0

    def document(self) -> Plain:
        self.loader.get_event()  # the stream begins
        if self.loader.check_event(yaml.StreamEndEvent):
            self._stop("", "empty")
        self.loader.get_event()  # the document begins
        data = self._value("", 0)
        self.loader.get_event()  # the document ends
        if not self.loader.check_event(yaml.StreamEndEvent):
            self._stop("", "several_documents")
        return data

    def _value(self, path: str, depth: int) -> Plain:
        event = self._next(path)
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if depth > DEPTH_LIMIT:
            self._stop(path, "too_deep", line, limit=DEPTH_LIMIT)
        if isinstance(event, yaml.AliasEvent):
            self.findings.append(Finding(path, "alias", {}, line))
            return None
        self._refuse_tag(event, path, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._scalar(event)

    def _mapping(self, path: str, depth: int) -> Plain:
        values: dict[str, Plain] = {}
        while not self.loader.check_event(yaml.MappingEndEvent):
            key, line = self._key(path, depth)
            value = self._value(below(path, key), depth + 1)
            if key in values:
                self.findings.append(Finding(below(path, key), "duplicate_key", {"key": excerpt(key)}, line))
            else:
                values[key] = value
        self.loader.get_event()
        return values

    def _key(self, path: str, depth: int) -> tuple[str, int]:
        event = self.loader.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            self._next(path)
            if isinstance(self._scalar(event), str):
                return event.value, line
            shown = event.value
        else:
            shown = json.dumps(self._value(below(path, "?"), depth + 1), ensure_ascii=False)
        params = {"key": excerpt(shown)}
        self.findings.append(Finding(below(path, shown), "key_not_text", params, line))
        return shown, line

    def _sequence(self, path: str, depth: int) -> Plain:
        values: list[Plain] = []
        while not self.loader.check_event(yaml.SequenceEndEvent):
            values.append(self._value(below(path, len(values)), depth + 1))
        self.loader.get_event()
        return values

    def _scalar(self, event: Any) -> Plain:
        tag = event.tag or self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        kind = tag.removeprefix(_STANDARD)
        if kind not in {"null", "bool", "int", "float"}:
            return str(event.value)  # dates too: what was typed is what is meant
        node = yaml.ScalarNode(tag, event.value)
        try:
            value: Plain = getattr(self.loader, f"construct_yaml_{kind}")(node)
        except (ValueError, KeyError, OverflowError):  # „0x“, a number of 10 000 digits
            return str(event.value)
        return value

    def _refuse_tag(self, event: Any, path: str, line: int) -> None:
        if event.tag is not None:
            self.findings.append(Finding(path, "tag", {"tag": excerpt(event.tag)}, line))
            event.tag = None if isinstance(event, yaml.ScalarEvent) else event.tag

    def _next(self, path: str) -> Any:
        self.parts += 1
        event = self.loader.get_event()
        if self.parts > PARTS_LIMIT:
            self._stop(path, "too_many_parts", event.start_mark.line + 1, limit=PARTS_LIMIT)
        return event

    def _stop(self, path: str, code: str, line: int | None = None, **params: object) -> None:
        self.findings.append(Finding(path, code, params, line))
        raise _StopReading
