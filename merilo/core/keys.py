"""Keys of rows that are told in the order in which they came."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

MILLISECOND = 1_000_000  # in nanoseconds
FINEST = 1 << 12  # parts of a millisecond
VERSION, VARIANT = 7, 2


def in_order() -> UUID:
    """A key that sorts after those made before: a UUID of version 7 (RFC 9562), 62 bits of it random."""
    whole, rest = divmod(time.time_ns(), MILLISECOND)
    part = rest * FINEST // MILLISECOND
    return UUID(int=whole << 80 | VERSION << 76 | part << 64 | VARIANT << 62 | secrets.randbits(62))
