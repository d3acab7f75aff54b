from __future__ import annotations

import doctest
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from merilo.framework import catalogue, findings, messages
from merilo.framework.catalogue import Framework, Text, UnknownCode
from merilo.framework.findings import FrameworkInvalid
from merilo.framework.loading import (
    check_file,
    fingerprint,
    from_json,
    load_shipped,
    load_text,
    shipped,
    to_json,
)
from merilo.framework.tests.examples import valid

TOWN = load_text(yaml.safe_dump(valid(), allow_unicode=True, sort_keys=False))


@pytest.mark.parametrize("module", [catalogue, findings, messages])
def test_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


# --- the catalogue ------------------------------------------------------------------------------


def test_lookups_by_code() -> None:
    assert TOWN.item("A.2").related == ("B.1",)
    assert TOWN.criterion_of("B.1") == TOWN.criterion("B")
    assert TOWN.panel_of("B.1").code == "effect"
    assert [item.code for item in TOWN.items] == ["A.1", "A.2", "B.1"]
    assert [criterion.code for criterion in TOWN.criteria_on("work")] == ["A"]
    assert TOWN.scale_for("A.1", "simple").code == "levels"
    assert TOWN.step(6).phase == "assessment"


@pytest.mark.parametrize(
    "look",
    [
        lambda: TOWN.item("Z"),
        lambda: TOWN.criterion("Z"),
        lambda: TOWN.criterion_of("Z"),
        lambda: TOWN.panel("Z"),
        lambda: TOWN.scale("Z"),
        lambda: TOWN.method("Z"),
        lambda: TOWN.method("simple").scale_of("Z"),
        lambda: TOWN.scale("levels").band_for(5),
        lambda: TOWN.scale("parts").component("Z"),
        lambda: TOWN.step(11),
        lambda: load_shipped("Z"),
    ],
)
def test_lookup_of_an_unknown_code_says_so(look: Callable[[], object]) -> None:
    with pytest.raises(UnknownCode):
        look()


def test_neighbours_end_at_both_ends() -> None:
    before, after = TOWN.neighbours("A.2")
    assert (before and before.code, after and after.code) == ("A.1", "B.1")
    assert TOWN.neighbours("A.1")[0] is None
    assert TOWN.neighbours("B.1")[1] is None


def test_components_without_bands_share_those_of_the_scale() -> None:
    scale = TOWN.scale("parts")
    assert scale.span == 10
    assert scale.band_for(6, "trend").low == 6
    assert scale.band_for(6, "target").low == 0
    assert scale.bands_of() == scale.bands


def test_text_is_a_mapping_that_falls_back_to_its_first_language() -> None:
    title = TOWN.title
    assert dict(title) == {"de": "Stadt im Blick", "it": "Sguardo sulla città"}
    assert len(title) == 2
    assert title.in_language("it-CH") == "Sguardo sulla città"
    assert title.in_language("bg") == "Stadt im Blick"
    assert hash(title) == hash(Text(title.entries))


# --- loading and pinning --------------------------------------------------------------------------


def test_steps_of_a_framework_that_names_none_are_the_ten_of_caf_in_english_where_needed() -> None:
    assert [step.number for step in TOWN.steps] == list(range(1, 11))
    assert TOWN.step(6).short.in_language("de") == load_shipped("caf-2020").step(6).short["en"]


@pytest.mark.parametrize("framework", [TOWN, *map(load_shipped, shipped())], ids=lambda it: it.code)
def test_an_edition_pinned_as_json_comes_back_unchanged(framework: Framework) -> None:
    pinned = to_json(framework)
    assert from_json(pinned) == framework
    assert to_json(from_json(pinned)) == pinned
    assert json.dumps(json.loads(pinned), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == pinned


def test_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    shuffled = {key: valid()[key] for key in reversed(valid())}
    again = load_text(yaml.safe_dump(shuffled, sort_keys=False))
    assert fingerprint(to_json(again)) == fingerprint(to_json(TOWN))
    assert len(fingerprint("")) == 64


def test_fingerprint_tells_a_changed_word() -> None:
    changed = valid()
    changed["criteria"][0]["title"]["de"] = "Anders"
    assert fingerprint(to_json(from_json(json.dumps(changed)))) != fingerprint(to_json(TOWN))


def test_bands_are_put_in_order() -> None:
    data = valid()
    data["scales"][0]["bands"].reverse()
    assert from_json(json.dumps(data)) == TOWN


def test_an_invalid_document_carries_all_findings_with_lines() -> None:
    data = valid()
    del data["title"]["it"]
    data["panels"][1]["code"] = "Was?"
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    with pytest.raises(FrameworkInvalid) as caught:
        load_text(text)
    lines = text.splitlines()
    by_path = {finding.path: finding for finding in caught.value.findings}
    assert lines[(by_path["title.it"].line or 0) - 1].strip() == "de: Stadt im Blick"
    assert lines[(by_path["panels[1].code"].line or 0) - 1].strip() == "- code: Was?"


# --- files --------------------------------------------------------------------------------------


def write(folder: Path, name: str, data: object) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_check_file_of_a_good_file_says_nothing(tmp_path: Path) -> None:
    assert check_file(write(tmp_path, "town.yaml", valid())) == []


def test_check_file_names_every_mistake_by_path_and_line(tmp_path: Path) -> None:
    data = valid()
    data["criteria"][1]["items"][0]["title"]["it"] = ""
    data["steps"] = []
    path = write(tmp_path, "town.yaml", data)
    lines = path.read_text(encoding="utf-8").splitlines()
    blank = next(number for number, line in enumerate(lines, start=1) if line.strip() == "it: ''")
    assert check_file(path) == [
        f"steps (line {len(lines)}): The list is empty; it needs at least one entry.",
        f"criteria[1].items[0].title.it (line {blank}): The text is empty.",
    ]


def test_check_file_of_what_is_no_file(tmp_path: Path) -> None:
    assert check_file(tmp_path / "none.yaml") == ["There is no such file."]
    assert check_file(tmp_path) == ["framework.yaml: There is no such file."]
    (tmp_path / "huge.yaml").write_bytes(b"x" * 2_000_001)
    assert check_file(tmp_path / "huge.yaml") == [
        "The document has 2000001 bytes; at most 2000000 are taken."
    ]
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert check_file(tmp_path / "loop.yaml")[0].startswith("The file cannot be read: ")


def split(folder: Path) -> dict[str, object]:
    """Write the valid framework as a folder; the texts of A.1 are returned, to be written apart."""
    data = valid()
    first = data["criteria"][0]["items"][0]
    texts = {key: first.pop(key) for key in ("asks", "explanation", "evidence_hint", "examples")}
    write(folder, "framework.yaml", data)
    return texts


def test_a_folder_is_merged_into_one_document(tmp_path: Path) -> None:
    texts = split(tmp_path)
    assert len(check_file(tmp_path)) == 4
    write(tmp_path, "criterion-1.yaml", {"A.1": texts})
    assert check_file(tmp_path) == []


def test_mistakes_between_the_files_of_a_folder_are_named(tmp_path: Path) -> None:
    texts = split(tmp_path)
    again = deepcopy(texts)
    write(tmp_path, "criterion-1.yaml", {"A.1": {**texts, "code": "A.7"}, "Z.1": again, "A.2": 7})
    write(tmp_path, "criterion-2.yaml", ["A.1"])
    assert check_file(tmp_path) == [
        'criterion-1.yaml: ["A.1"].code: “code” is given in two files.',
        'criterion-1.yaml: ["Z.1"]: “Z.1” is not a sub-criterion of this framework.',
        'criterion-1.yaml: ["A.2"]: This should be a set of “key: value” lines, not a number.',
        "criterion-2.yaml: This should be a set of “key: value” lines, not a list.",
    ]


def test_a_malformed_folder_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "framework.yaml").write_text("a: [", encoding="utf-8")
    assert check_file(tmp_path)[0].startswith("framework.yaml (line 2): This is not valid YAML")
    (tmp_path / "framework.yaml").write_text("criteria: [1]", encoding="utf-8")
    assert "criteria[0]: This should be" in "\n".join(check_file(tmp_path))


# --- what ships -----------------------------------------------------------------------------------


def test_every_shipped_framework_is_valid() -> None:
    assert "caf-2020" in shipped()
    assert len(shipped()) >= 2
    assert [load_shipped(code).code for code in shipped()] == shipped()


def test_caf_2020_has_its_criteria_sub_criteria_and_scales() -> None:
    caf = load_shipped("caf-2020")
    assert [len(criterion.items) for criterion in caf.criteria] == [4, 4, 3, 6, 3, 2, 2, 2, 2]
    assert [criterion.panel for criterion in caf.criteria] == ["enablers"] * 5 + ["results"] * 4
    assert [(band.low, band.high) for band in caf.scale_for("1.1", "classical").bands] == [
        (0, 10), (11, 30), (31, 50), (51, 70), (71, 90), (91, 100)
    ]  # fmt: skip
    parts = {panel: caf.scale(caf.method("fine-tuned").scale_of(panel)) for panel in ("enablers", "results")}
    assert [part.code for part in parts["enablers"].components] == ["plan", "do", "check", "act"]
    assert [part.code for part in parts["results"].components] == ["trend", "target"]


def test_caf_2020_explains_every_sub_criterion_with_four_examples_in_both_languages() -> None:
    caf = load_shipped("caf-2020")
    assert caf.languages == ("bg", "en")
    assert [item.code for item in caf.items if len(item.examples) < 4] == []
