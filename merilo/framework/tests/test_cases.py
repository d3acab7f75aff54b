"""The written cases: their references follow the scales, and a malformed case is named (no database)."""

from __future__ import annotations

from copy import deepcopy

import pytest

from merilo.framework.cases import CASES, check_case, load_case, read_case, shipped_cases
from merilo.framework.catalogue import UnknownCode
from merilo.framework.findings import FrameworkInvalid
from merilo.framework.folders import read_file
from merilo.framework.loading import load_shipped
from merilo.framework.parsing import Parsed


def document():
    return deepcopy(read_file(CASES / "service-centre.yaml").data)


@pytest.mark.parametrize("code", shipped_cases())
def test_a_case_has_one_enabler_and_one_result_with_three_years(code):
    case = load_case(code)
    framework = load_shipped(case.framework)
    assert [framework.panel_of(item.code).code for item in case.items] == ["enablers", "results"]
    assert case.items[0].rows == ()
    assert len(case.items[1].years) == 3
    assert case.title.keys() == {"bg", "en"}


def test_the_cases_lie_on_different_criteria():
    framework = load_shipped("caf-2020")
    found = [
        framework.criterion_of(item.code).code for code in shipped_cases() for item in load_case(code).items
    ]
    assert sorted(found) == ["3", "4", "5", "6", "7", "9"]


def test_a_classical_reference_claims_no_phase_after_a_gap():
    """A phase counts only when all before it reach the third band of the fine-tuned scale at least."""
    framework = load_shipped("caf-2020")
    for code in shipped_cases():
        references = load_case(code).items[0].references
        phases = [part.points for part in references["fine-tuned"]]
        reached = next((n for n, points in enumerate(phases) if points <= 50), len(phases))
        bands = framework.scale("classical-enablers").bands
        assert references["classical"][0].points <= bands[reached].high, code


def test_an_unknown_case_is_refused():
    with pytest.raises(UnknownCode):
        load_case("nowhere")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data["title"].pop("bg"), "title.bg"),
        (lambda data: data["items"][0].update(code="5.9"), "items[0].code"),
        (lambda data: data["items"][1]["rows"][0]["values"].pop(), "items[1].rows[0].values"),
        (lambda data: data["items"][1].pop("years"), "items[1].rows[0].values"),
        (lambda data: data["items"][0]["references"].pop("classical"), "items[0].references.classical"),
        (
            lambda data: data["items"][0]["references"]["fine-tuned"]["plan"].update(points=101),
            'items[0].references["fine-tuned"].plan.points',
        ),
        (
            lambda data: data["items"][0]["references"]["fine-tuned"].update(plan=50),
            'items[0].references["fine-tuned"].plan',
        ),
    ],
)
def test_a_mistake_is_named_by_its_path(change, where):
    data = document()
    change(data)
    paths = [finding.path for finding in check_case(data, load_shipped("caf-2020"))]
    assert where in paths or where.replace('["fine-tuned"]', ".fine-tuned") in paths
    with pytest.raises(FrameworkInvalid):
        read_case("case", Parsed(data))


def test_a_list_is_no_case():
    with pytest.raises(FrameworkInvalid):
        read_case("case", Parsed([]))
