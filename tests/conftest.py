"""What journeys and accessibility tests share: one running example for the whole run."""

from __future__ import annotations

from tests.accessibility.running import looker

__all__ = ["looker"]
