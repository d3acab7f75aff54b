"""What a check has to say: a code, what it is about, and the values its sentence needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of a check. `subject` is an item's, section's or step's code, or "" for the whole.

    `blocks` says whether the person has to mend it before going on; the sentence stands with the pages.
    """

    code: str
    subject: str = ""
    blocks: bool = False
    params: Mapping[str, object] = field(default_factory=dict)


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Only those that must be mended."""
    return tuple(finding for finding in findings if finding.blocks)
