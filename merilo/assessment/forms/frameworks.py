"""The form by which an organisation adds a framework of its own."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from merilo.framework.parsing import SIZE_LIMIT
from merilo.web import forms


class FrameworkTextForm(forms.Form):
    """One YAML document, as a file or pasted; the text stays on the page with its mistakes."""

    file = forms.FileField(label=_("YAML file"), required=False, kinds=[".yaml", ".yml"])
    text = forms.CharField(
        label=_("Or paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "tall", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        upload: UploadedFile[bytes] | None = data.get("file")
        if upload is not None and (upload.size or 0) > SIZE_LIMIT:
            self.add_error("file", _("The file is larger than a framework can be."))
        elif upload is not None:
            data["source"] = upload.read()
        elif data.get("text", "").strip():
            data["source"] = data["text"]
        elif not self.errors:
            self.add_error("file", _("Choose a file or paste the text."))
        return data

    def source(self) -> str | bytes:
        """What is to be checked."""
        found: str | bytes = self.cleaned_data["source"]
        return found
