"""Choosing the case that the group practises on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merilo.framework.cases import load_case, shipped_cases
from merilo.framework.loading import load_shipped
from merilo.web import forms


class CaseForm(forms.Form):
    """One of the shipped cases, scored by one of the methods of its framework."""

    mark_required = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        cases = [load_case(code) for code in shipped_cases()]
        methods = {
            method.code: method.title.in_language(language)
            for case in cases
            for method in load_shipped(case.framework).methods
        }
        self.fields["case"] = forms.ChoiceField(
            label=_("Case"),
            choices=[(case.code, case.title.in_language(language)) for case in cases],
            widget=forms.RadioSelect,
        )
        self.fields["method"] = forms.ChoiceField(
            label=_("Way of scoring"), choices=list(methods.items()), widget=forms.RadioSelect
        )

    def chosen(self) -> tuple[str, str]:
        """The codes of the case and of the method."""
        return self.cleaned_data["case"], self.cleaned_data["method"]
