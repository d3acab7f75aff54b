"""Files that are still there after a power cut."""

from __future__ import annotations

import os
from pathlib import Path


def put_in_place(part: Path, target: Path, *, top: Path | None = None) -> None:
    """Give a complete file its name, for good.

    Until this returns, the target is what it was before or the whole new file, never a part of one. Once it
    has returned, content and name are on the disk, and so are the folders from the target up to `top`, which
    may have been made just now: a power cut takes none of them away.
    """
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    settle(target, top=top)


def settle(path: Path, *, top: Path | None = None) -> None:
    """Bring the name of a file to the disk, and those of its folders up to `top`."""
    folders = [path.parent] if top is None else [one for one in path.parents if one.is_relative_to(top)]
    for folder in folders:
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
