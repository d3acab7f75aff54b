"""What is wrong with a framework document, where, and the error that carries it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from merilo.framework import messages

EXCERPT = 60  # characters
MOST_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: the path to it, a code of `messages.SENTENCES` with its parameters, the line if known."""

    path: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    line: int | None = None

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, without the place."""
        return messages.sentence(self.code, self.params, translate)

    def described(self, translate: Callable[[str], str] = str) -> str:
        """Place and mistake in one line.

        >>> Finding("criteria[2].title.bg", "blank", line=12).described()
        'criteria[2].title.bg (line 12): The text is empty.'
        """
        place = {"path": self.path, "line": self.line, "sentence": self.sentence(translate)}
        frames = {
            (True, True): messages.AT_LINE,
            (True, False): messages.AT_PATH,
            (False, True): messages.AT_LINE_ALONE,
            (False, False): "%(sentence)s",
        }
        return translate(frames[bool(self.path), self.line is not None]) % place


class FrameworkInvalid(ValueError):
    """The document is not a framework; `findings` names every mistake."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(_capped(findings))
        super().__init__("\n".join(finding.described() for finding in self.findings))


def below(path: str, key: str | int) -> str:
    """The path of a key or a place in a list under a path.

    >>> below(below("criteria", 2), "title"), below("", "1.1")
    ('criteria[2].title', '["1.1"]')
    """
    if isinstance(key, int):
        return f"{path}[{key}]"
    if len(key) > EXCERPT or not key.replace("-", "_").isidentifier():
        return f'{path}["{excerpt(key)}"]'
    return f"{path}.{key}" if path else key


def above(path: str) -> str:
    """The path one level up, "" at the top."""
    return path[: max(path.rfind("."), path.rfind("["), 0)]


def excerpt(value: object) -> str:
    """A value from a foreign document, short enough to be shown."""
    text = str(value)
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def _capped(findings: Sequence[Finding]) -> Sequence[Finding]:
    more = len(findings) - MOST_FINDINGS
    if more <= 0:
        return findings
    return [*findings[:MOST_FINDINGS], Finding("", "more_findings", {"count": more})]
