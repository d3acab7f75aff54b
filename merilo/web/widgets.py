"""Widgets that render our components; what was typed travels as typed, so that no error loses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from merilo.web.items import Band, Part
from merilo.web.templatetags.components import render_component


class FileWidget(forms.ClearableFileInput):
    """A file input; what is already stored is shown by the page, not here."""

    template_name = "django/forms/widgets/file.html"


class _ComponentWidget(forms.Widget):
    """A widget drawn by a component; `attrs` bring id, aria-describedby and aria-invalid."""

    component = ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The component with what was typed."""
        found = self.build_attrs(self.attrs, attrs)
        common = {
            "name": name,
            "id": found.get("id", name),
            "described_by": found.get("aria-describedby", ""),
        }
        return render_component(self.component, {**common, **self.properties(value, found)})

    def properties(self, value: Any, attrs: Mapping[str, Any]) -> dict[str, Any]:
        """The component's further properties; none unless the widget has some."""
        return {}


class LinesWidget(_ComponentWidget):
    """Fields of the same name, one idea each, an empty one last; asks for one line per field in its label."""

    component = "lines"
    use_fieldset = True

    def __init__(self, *, noun: Any, empty: int = 1, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.noun, self.empty = noun, empty
        self.line_errors: dict[int, str] = {}

    def properties(self, value: Any, attrs: Mapping[str, Any]) -> dict[str, Any]:
        """Lines with their mistakes."""
        filled = [str(text) for text in value or () if str(text).strip()]
        return {"noun": str(self.noun), "values": filled, "errors": self.line_errors, "empty": self.empty}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """All fields of the name, as typed."""
        return list(data.getlist(name)) if isinstance(data, MultiValueDict) else list(data.get(name) or [])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether no such field was sent."""
        return name not in data

    def first_id(self, auto_id: str, value: Any) -> str:
        """The field to go to: the first with a mistake, or simply the first."""
        number = min(self.line_errors, default=1)
        return auto_id if number == 1 else f"{auto_id}_{number}"


class ScoreWidget(_ComponentWidget):
    """Bands as radios with the exact number in the chosen one."""

    component = "scale"
    use_fieldset = True

    def __init__(self, *, bands: Sequence[Band], cannot: bool, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.bands, self.cannot = bands, cannot

    def properties(self, value: Any, attrs: Mapping[str, Any]) -> dict[str, Any]:
        """The bands with what was typed or stored."""
        typed = self._typed(value)
        return {
            "bands": self.bands,
            "cannot": self.cannot,
            "chosen": typed.get("band", ""),
            "points": typed,
            "reason": typed.get("reason", ""),
            "invalid": attrs.get("aria-invalid") == "true",
        }

    def _typed(self, value: Any) -> dict[str, str]:
        """A stored score in the form in which it is typed."""
        if value is None or isinstance(value, dict):
            return value or {}
        if value.cannot_judge:
            return {"band": "cannot", "reason": value.reason}
        if value.points is None:
            return {}
        index = next((n for n, band in enumerate(self.bands) if band.low <= value.points <= band.high), None)
        return {} if index is None else {"band": str(index), str(index): str(value.points)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """Band, all numbers, reason; a number without a band chooses its band."""
        typed = {str(n): str(data.get(f"{name}-points-{n}", "")) for n in range(len(self.bands))}
        band = str(data.get(f"{name}-band", "")) or next((n for n, text in typed.items() if text.strip()), "")
        return {**typed, "band": band, "reason": str(data.get(f"{name}-reason", ""))}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether nothing of the scale was sent."""
        return not any(str(key).startswith(f"{name}-") for key in data)

    def first_id(self, auto_id: str, value: Any) -> str:
        """The number of the chosen band, the reason, or the first band."""
        band = self._typed(value).get("band", "")
        if band == "cannot":
            return f"{auto_id}_reason"
        return f"{auto_id}_points_{band}" if band.isdigit() else f"{auto_id}_0"


class PointsWidget(_ComponentWidget):
    """One number per component of a fine-tuned score."""

    component = "points"
    use_fieldset = True

    def __init__(
        self,
        *,
        parts: Sequence[Part],
        bands: Sequence[Band],
        cannot: bool,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.parts, self.bands, self.cannot = parts, bands, cannot
        self.part_errors: dict[str, str] = {}

    def properties(self, value: Any, attrs: Mapping[str, Any]) -> dict[str, Any]:
        """The components with what was typed or stored."""
        typed = self._typed(value)
        return {
            "parts": self.parts,
            "bands": self.bands,
            "cannot": self.cannot,
            "values": {part.code: typed.get(f"part-{part.code}", "") for part in self.parts},
            "errors": self.part_errors,
            "cannot_chosen": bool(typed.get("cannot")),
            "reason": typed.get("reason", ""),
        }

    def _typed(self, value: Any) -> dict[str, str]:
        if value is None or isinstance(value, dict):
            return value or {}
        known = {f"part-{code}": str(points) for code, points in value.points.items() if points is not None}
        return {**known, "cannot": "1" if value.cannot_judge else "", "reason": value.reason}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """All numbers as typed, the choice not to judge, the reason."""
        typed = {f"part-{part.code}": str(data.get(f"{name}-{part.code}", "")) for part in self.parts}
        extra = {key: str(data.get(f"{name}-{key}", "")) for key in ("cannot", "reason")}
        return {**typed, **extra}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether nothing of the score was sent."""
        return not any(str(key).startswith(f"{name}-") for key in data)

    def first_id(self, auto_id: str, value: Any) -> str:
        """The first component with a mistake, the reason, or the first component."""
        if self._typed(value).get("cannot"):
            return f"{auto_id}_reason"
        return f"{auto_id}_{next(iter(self.part_errors), self.parts[0].code)}"
