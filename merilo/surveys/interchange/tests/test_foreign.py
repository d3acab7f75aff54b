"""Files that others wrote, from a folder of one's own: none makes reading fail, and each loss has its words.

Set MERILO_FOREIGN_FORMS to a folder of .xlsx, .lss, .lsg and .lsq files; see docs/reference/interchange.md.
"""

from __future__ import annotations

import os
from pathlib import Path

from merilo.core.errors import BadFile
from merilo.surveys.interchange.losses import Imported
from merilo.surveys.interchange.lss_reading import read_lss
from merilo.surveys.interchange.messages import sentence, where
from merilo.surveys.interchange.xlsform_reading import read_xlsform
from merilo.surveys.interchange.xlsform_writing import write_xlsform
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.plain import from_plain

FOLDER = os.environ.get("MERILO_FOREIGN_FORMS", "")
ENDINGS = {".xlsx", ".lss", ".lsg", ".lsq"}
FILES = sorted(path for path in Path(FOLDER).rglob("*") if path.suffix in ENDINGS) if FOLDER else []


def read(path: Path) -> Imported | str:
    """The questionnaire, or why it is none."""
    try:
        content = path.read_bytes()
        return read_xlsform(content, path.stem) if path.suffix == ".xlsx" else read_lss(content)
    except BadFile as refused:
        return refused.sentence


def test_files_of_others_are_read_or_refused_in_words() -> None:
    """Without a folder there is nothing to read; with one, the first file that fails is named."""
    for path in FILES:
        found = read(path)
        if isinstance(found, str):
            assert found, path.name
        else:
            _is_carried(found, path.name)


def _is_carried(found: Imported, name: str) -> None:
    assert all(sentence(loss) and where(loss.place) for loss in found.losses), name
    if not check(found.plain):
        definition = from_plain(found.plain)
        assert from_plain(read_xlsform(write_xlsform(definition)).plain) == definition, name
