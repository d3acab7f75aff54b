"""CAF 2020 and a little framework of two unlike panels, for the tests of the rules."""

from __future__ import annotations

import json
from typing import Any

from merilo.framework.catalogue import Framework, Scale
from merilo.framework.loading import from_json, load_shipped, to_json

CAF = load_shipped("caf-2020")
ENABLER = CAF.scale_for("1.1", "fine-tuned")
RESULT = CAF.scale_for("6.1", "fine-tuned")
CLASSICAL = CAF.scale_for("1.1", "classical")


def changed(**parts: Any) -> Framework:
    """CAF 2020 with some of its top-level parts replaced."""
    return from_json(json.dumps({**json.loads(to_json(CAF)), **parts}))


def _scales() -> list[dict[str, Any]]:
    scales: list[dict[str, Any]] = json.loads(to_json(CAF))["scales"]
    short = next(scale for scale in scales if scale["code"] == "classical-results")
    short |= {"minimum": 1, "maximum": 4, "bands": [{**short["bands"][0], "low": 1, "high": 4}]}
    return scales


# Enablers 0–100 and results 1–4: what no overall mean may mix.
UNLIKE = changed(scales=_scales())


def three_parts() -> Scale:
    """A scale whose mean need not end: three components."""
    scales = json.loads(to_json(CAF))["scales"]
    for scale in scales:
        scale["components"] = scale.get("components", [])[:3]
        if not scale["components"]:
            del scale["components"]
    return changed(scales=scales).scale("fine-tuned-enablers")
