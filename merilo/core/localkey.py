"""The keys of a local installation, each made once and kept beside its data."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def local_key(folder: Path, name: str) -> str:
    """Read the key `name` in `folder`, making it (readable by its owner only) where there is none."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
