"""Bytes that no row names go, once nobody can be about to name them again.

They come from files that were forgotten, from uploads that were refused in the end, from processes that
died. The same bytes may be uploaded in the very moment: whoever keeps bytes that lie there already marks
them as fresh (`files.is_there`). They are moved aside first and looked at again; whoever comes later finds
nothing and writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import ProtectedError

from merilo.core import files
from merilo.core.models import StoredFile

UNNAMED_KEPT = timedelta(days=1)  # longer than any request or backup takes
_ASIDE = ".aside"


def forget(rows: Iterable[StoredFile]) -> int:
    """Delete rows that nothing refers to any more; answers how many. Their bytes go with a later sweep."""
    count = 0
    for row in rows:
        try:
            row.delete()
        except ProtectedError:
            continue
        files.is_there(files.path_of(row.sha256))  # a backup at work may still copy them
        count += 1
    return count


def sweep(*, at: datetime) -> int:
    """Remove bytes without a row that nobody has asked to keep for a day; answers how many files."""
    root, before = Path(settings.FILES_DIR), (at - UNNAMED_KEPT).timestamp()
    for path in root.glob(f"??/??/*{_ASIDE}"):
        _put_back(path)
    named = set(StoredFile.objects.values_list("sha256", flat=True))
    return sum(_taken_away(path, before) for path in root.glob("??/??/*") if path.name not in named)


def _taken_away(path: Path, before: float) -> bool:
    """Whether a file was removed."""
    if not _may_go(path, path.name, before):
        return False
    aside = path.with_name(path.name + _ASIDE)
    path.rename(aside)
    if _may_go(aside, path.name, before):
        aside.unlink()
        return True
    _put_back(aside)
    return False


def _may_go(path: Path, sha256: str, before: float) -> bool:
    return path.stat().st_mtime < before and not StoredFile.objects.filter(sha256=sha256).exists()


def _put_back(aside: Path) -> None:
    """Back to its place, unless the same bytes were written there meanwhile."""
    path = aside.with_name(aside.name.removesuffix(_ASIDE))
    if path.exists():
        aside.unlink()
    else:
        aside.rename(path)
