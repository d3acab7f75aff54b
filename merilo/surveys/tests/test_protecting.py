"""Tables that may be shown, and somebody who has all of them and tries to compute what is hidden."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from merilo.surveys.analysis.columns import NO_ANSWER, NOT_SHOWN, Columns
from merilo.surveys.analysis.protecting import (
    AWAY,
    Codes,
    Promise,
    ProtectedTable,
    groupings,
    may_cross,
    result,
    table,
    unmarked,
)
from merilo.surveys.analysis.tallies import tallied
from merilo.surveys.analysis.variables import codes_of, variables_of
from merilo.surveys.analysis.weights import TooFewTogether, weighted
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.weighting import CannotWeight, Combination, raked

PROMISE = Promise(floor=5, strict=False, secret="s")


def _choice(code: str, *codes: str, **more: Any) -> dict[str, Any]:
    options = [{"code": one, "text": {"bg": one}} for one in codes]
    return {"kind": "single", "code": code, "text": {"bg": code}, "options": options, **more}


def questionnaire(**changed: Any) -> Definition:
    scored = [{"code": f"s{n}", "text": {"bg": str(n)}, "value": n} for n in (1, 2, 3)]
    parts = [
        _choice("age", "young", "middle", "old", attribute=True),
        _choice("sex", "f", "m", attribute=True),
        _choice("service", "good", "bad"),
        {"kind": "single", "code": "speed", "text": {"bg": "?"}, "options": scored},
        {"kind": "rating", "code": "mark", "text": {"bg": "?"}, "least": 1, "most": 5},
        _choice("ways", "desk", "web") | {"kind": "multiple"},
    ]
    return from_plain(
        {
            "languages": ["bg"],
            "title": {"bg": "А"},
            "mode": "anonymous",
            "audience": "citizens",
            "floor": 5,
            "pages": [{"code": "p", "parts": parts}],
            "breakdowns": [{"question": "age", "ordered": True}, {"question": "sex"}],
        }
        | changed
    )


def columns_of(definition: Definition, **arrays: Any) -> Columns:
    size = len(next(iter(arrays.values())))
    variables = variables_of([definition])
    about = {name: np.zeros(size, np.int16) for name in ("_version", "_day", "_source", "_language")}
    empty = {one.key: np.full(size, NO_ANSWER, np.int16) for one in variables}
    given = {name.replace("__", ":"): np.array(values, np.int16) for name, values in arrays.items()}
    marked = {"_marked": given.pop("_marked", np.zeros(size)).astype(np.bool_)}
    return Columns(variables, ("bg",), about | marked | empty | given)


def test_a_table_is_of_who_answered_both_and_whom_a_question_was_not_shown_to() -> None:
    definition = questionnaire()
    columns = columns_of(
        definition,
        age=[0] * 20 + [1] * 20 + [2] * 10 + [NO_ANSWER] * 2,
        speed=[0] * 10 + [2] * 10 + [1] * 20 + [NOT_SHOWN] * 10 + [0] * 2,
    )
    found = table(columns, definition, "speed", "age", PROMISE)
    assert found is not None
    assert found.columns == (("s1",), ("s2",), ("s3",), (AWAY,))
    assert [(line.codes, line.cells) for line in found.rows] == [
        (("young",), (10, 0, 10, 0)),
        (("middle",), (0, 20, 0, 0)),
        (("old",), (0, 0, 0, 10)),
    ]
    assert found.is_open


def test_of_two_questions_there_is_one_table_either_way_round() -> None:
    definition = questionnaire(mode="named")
    draw = random.Random(4)
    columns = columns_of(
        definition,
        age=[draw.choice((0, 0, 0, 1, 2)) for _ in range(60)],
        service=[draw.choice((0, 0, 1)) for _ in range(60)],
    )
    one, other = (
        table(columns, definition, *pair, PROMISE) for pair in (("service", "age"), ("age", "service"))
    )
    assert one is not None
    assert other is not None
    assert cells_of(one) == {(answer, group): count for (group, answer), count in cells_of(other).items()}


def cells_of(one: ProtectedTable) -> dict[tuple[Any, Any], int | None]:
    return {
        (line.codes, column): count
        for line in one.rows
        for column, count, total in zip(one.columns, line.cells, one.totals, strict=True)
        if total
    }


def test_several_choices_count_options_not_combinations() -> None:
    definition = questionnaire()
    columns = columns_of(
        definition,
        sex=[0] * 20 + [1] * 20,
        ways__desk=[1] * 20 + [0] * 20,
        ways__web=[1] * 10 + [0] * 10 + [1] * 12 + [NO_ANSWER] * 8,
    )
    found = table(columns, definition, "ways", "sex", PROMISE)
    assert found is not None
    assert [(line.codes, line.cells, line.total) for line in found.rows] == [
        (("f",), (20, 10), 20),
        (("m",), (0, 12), 20),
    ]
    assert not found.exclusive


def test_a_question_that_too_few_answered_is_not_shown() -> None:
    tally = {"kind": "choice", "codes": ["a", "b"], "counts": [3, 1], "base": 4}
    assert result(tally, PROMISE) is None
    assert result(tally | {"base": 5, "counts": [4, 1]}, PROMISE) is not None


def test_of_employees_a_question_to_which_all_said_the_same_is_not_shown() -> None:
    tally = {"kind": "choice", "codes": ["a", "b"], "counts": [20, 0], "base": 20}
    assert result(tally, PROMISE) is not None
    assert result(tally, Promise(10, strict=True, secret="s")) is None


@pytest.mark.parametrize(("marked", "shown"), [(3, False), (5, True)])
def test_without_marked_ones_only_where_the_difference_is_nobody_or_enough(
    marked: int,
    shown: bool,  # noqa: FBT001  a case of the table
) -> None:
    definition = questionnaire()
    columns = columns_of(
        definition,
        service=[0] * 20 + [1] * marked,
        speed=[1] * 20 + [NO_ANSWER] * marked,
        _marked=[0] * 20 + [1] * marked,
    )
    found = unmarked(tallied(columns, definition), PROMISE)
    assert ("service" in found) is shown


def test_in_anonymous_surveys_only_declared_breakdowns_not_crossed_with_each_other() -> None:
    definition = questionnaire()
    assert groupings(definition, anonymous=True) == ["age", "sex"]
    assert may_cross(definition, "speed", "age", anonymous=True)
    assert not may_cross(definition, "speed", "service", anonymous=True)
    assert not may_cross(definition, "age", "sex", anonymous=True)
    assert may_cross(definition, "speed", "service", anonymous=False)


def test_a_scale_is_shown_in_as_many_steps_as_need_no_hiding() -> None:
    definition = questionnaire()
    for worst, steps in (
        ([0] * 10 + [1] * 10 + [2] * 10, 5),
        ([0] * 4 + [1] * 4 + [2] * 10, 3),
        ([0] * 3 + [1] * 3 + [2] * 3, 2),
    ):
        marks = worst + [3] * 20 + [4] * 10
        columns = columns_of(definition, sex=[0] * len(marks) + [1] * len(marks), mark=marks * 2)
        found = table(columns, definition, "mark", "sex", PROMISE)
        assert found is not None
        assert len(found.columns) == steps
        assert found.columns[-1] == (("5",) if steps == 5 else ("4", "5"))
        assert not found.has_hidden
        assert all(line.is_open is (steps == 5) for line in found.rows)


# --- the attacker -----------------------------------------------------------------------------
ITEMS = ("age", "sex", "service", "mark")
TABLES = tuple(product(("service", "mark"), ("age", "sex")))
NOTHING = "nothing"
World: TypeAlias = Counter[tuple[int, int, int]]  # people by the places of age, sex and answer
Drawn: TypeAlias = dict[str, list[int]]  # places of the answers, one for each person
Fact: TypeAlias = tuple[dict[str, set[str]], int]  # who said what, and how many these are


@dataclass
class Attacker:
    """Knows all tables, all results of single questions, and how the program works but for the secret."""

    codes: dict[str, tuple[str, ...]]
    singles: list[Fact]
    tables: list[ProtectedTable]

    def __post_init__(self) -> None:
        items = tuple(self.codes)
        self.worlds = [dict(zip(items, said, strict=True)) for said in product(*self.codes.values())]
        known = [*self.singles, *(fact for one in self.tables for fact in told_by(one, self.codes))]
        values = [count for _who, count in known]
        self.known = LinearConstraint(np.array([self._who(who) for who, _count in known]), values, values)

    def _who(self, said: dict[str, set[str]]) -> list[float]:
        return [float(all(world[item] in codes for item, codes in said.items())) for world in self.worlds]

    def most(self, **said: set[str]) -> int:
        """The largest number of people that can have said this, for all that is known."""
        wanted = np.array(self._who(said))
        found = milp(-wanted, constraints=self.known, integrality=np.ones(len(wanted)))
        assert found.success
        return round(float(-found.fun))


def told_by(one: ProtectedTable, codes: dict[str, tuple[str, ...]]) -> Iterator[Fact]:
    """What a table says. Of several choices a line is everybody in a group, a cell who chose an option."""
    said = {code for columns in one.columns for code in columns}
    for line in one.rows:
        group = {one.by: {*line.codes}}
        yield group | ({one.item: said} if one.exclusive else {}), line.total
        for answers, count in zip(one.columns, line.cells, strict=True):
            if count is not None:
                yield group | {one.item: chosen(one, answers, codes)}, count


def chosen(one: ProtectedTable, answers: Codes, codes: dict[str, tuple[str, ...]]) -> set[str]:
    """The codes of those who are in a column; of several choices a code names all that were chosen."""
    if one.exclusive:
        return {*answers}
    return {code for code in codes[one.item] if {*answers} & {*code.split("+")}}


def drawn(draw: random.Random, definition: Definition, items: tuple[str, ...], size: int) -> Drawn:
    """Places of answers at random, the last of each item being no answer; some answers are rare."""
    weights = {item: [draw.random() ** 2 + 0.02 for _ in codes(definition, item)] for item in items}
    return {item: draw.choices(range(len(weights[item])), weights[item], k=size) for item in items}


def given(definition: Definition, places: Drawn) -> dict[str, list[int]]:
    """The same as columns."""
    return {
        item: [NO_ANSWER if codes(definition, item)[place] == NOTHING else place for place in column]
        for item, column in places.items()
    }


def singles(definition: Definition, places: Drawn) -> list[Fact]:
    """How many gave each answer to each question."""
    return [
        ({item: {code}}, column.count(place))
        for item, column in places.items()
        for place, code in enumerate(codes(definition, item))
    ]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_nobody_finds_out_a_hidden_count_from_all_tables_together(seed: int, strict: bool) -> None:  # noqa: FBT001
    """Two attributes, two questions, few people: every hidden count could be as large as the floor.

    Of employees nobody can tell either that all of a group said the same.
    """
    draw, definition = random.Random(seed), questionnaire()
    places = drawn(draw, definition, ITEMS, draw.randint(25, 90))
    if strict:  # those of one sex agree
        places["service"] = [
            0 if sex == 0 else place for sex, place in zip(places["sex"], places["service"], strict=True)
        ]
    promise = Promise(5, strict=strict, secret="s")
    columns = columns_of(definition, **given(definition, places))
    tallies = tallied(columns, definition)["all"]
    told = {item: places[item] for item in ITEMS if result(tallies[item], promise) is not None}
    pairs = [pair for pair in TABLES if pair[0] in told]  # of what all said the same there is nothing
    shown = [one for pair in pairs if (one := table(columns, definition, *pair, promise)) is not None]
    named = {item: codes(definition, item) for item in ITEMS}
    attacker = Attacker(named, singles(definition, told), shown)
    for one in shown:
        for line in one.rows:
            for answers, count in zip(one.columns, line.cells, strict=True):
                assert count is None or promise.allows(count)
                if count is None:
                    assert attacker.most(**{one.by: {*line.codes}, one.item: {*answers}}) >= promise.floor
    for group, (item, by) in product((0, 1, 2), TABLES) if strict else ():
        said = {answer for place, answer in zip(places[by], places[item], strict=True) if place == group}
        if len(said) == 1 and (word := named[item][said.pop()]) != NOTHING:
            rest = {code for code in named[item] if code not in {word, NOTHING}}
            assert attacker.most(**{by: {named[by][group]}, item: rest}) >= 1


WAYS = ("neither", "desk", "web", "desk+web", NOTHING)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_nobody_finds_out_who_chose_one_of_several_options(seed: int, strict: bool) -> None:  # noqa: FBT001
    """All tables of several choices by two attributes: chosen and not chosen are protected alike."""
    draw, definition = random.Random(seed), questionnaire()
    places = drawn(draw, definition, ("age", "sex"), draw.randint(25, 90))
    ways = draw.choices(WAYS, [draw.random() ** 2 + 0.02 for _ in WAYS], k=len(places["age"]))
    flags = {
        f"ways__{option}": [NO_ANSWER if way == NOTHING else int(option in way.split("+")) for way in ways]
        for option in ("desk", "web")
    }
    promise = Promise(5, strict=strict, secret="s")
    columns = columns_of(definition, **given(definition, places), **flags)
    found = (table(columns, definition, "ways", by, promise) for by in ("age", "sex"))
    shown = [one for one in found if one is not None]
    named = {item: codes(definition, item) for item in ("age", "sex")} | {"ways": WAYS}
    told: list[Fact] = [
        ({"ways": {way for way in WAYS if option in way}}, sum(option in way for way in ways))
        for option in ("desk", "web")
    ]
    told.append(({"ways": {NOTHING}}, ways.count(NOTHING)))
    attacker = Attacker(named, [*singles(definition, places), *told], shown)
    for one in shown:
        for line, (column, total) in product(one.rows, zip(one.columns, one.totals, strict=True)):
            count = line.cells[one.columns.index(column)]
            took = chosen(one, column, named)
            if count is not None:
                assert promise.allows(count)
                assert promise.allows(line.total - count)
                assert not strict or 0 < count < line.total, "all of a group said the same"
            elif total:
                group = {one.by: {*line.codes}}
                true = [
                    way in took
                    for way, place in zip(ways, places[one.by], strict=True)
                    if named[one.by][place] in line.codes
                ]
                for side, people in ((took, sum(true)), ({*WAYS} - took, len(true) - sum(true))):
                    if 0 < people < promise.floor:
                        assert attacker.most(**group, ways=side) >= promise.floor


KNOWN = ({"young": 5, "middle": 4, "old": 3}, {"f": 6, "m": 5})
AGES, SEXES = (tuple(total) for total in KNOWN)


@pytest.mark.parametrize("seed", range(10))
def test_weighted_figures_tell_nothing_of_groups_together(seed: int) -> None:
    """Shares of six digits, weighted by two attributes: of small cells of all three they say no more.

    The attacker goes through all ways in which answers can lie together that fit the tables by each
    attribute, weights each as the program does, and keeps those that give the published figures.
    """
    draw, definition = random.Random(seed), questionnaire()
    size = draw.randint(40, 70) if seed % 2 else 400
    arrays = {"age": [place % 3 for place in range(size)], "sex": draw.choices((0, 1), (4, 3), k=size)}
    arrays["service"] = draw.choices((0, 1), (3, 2), k=size)
    columns = columns_of(definition, **arrays)
    known = dict(zip(("age", "sex"), KNOWN, strict=True))
    try:
        told = weighted(columns, definition, known, PROMISE)["items"].get("service")
    except TooFewTogether:
        told = None
    true = Counter(zip(arrays["age"], arrays["sex"], arrays["service"], strict=True))
    worlds = (
        [one | other for one, other in product(*(lying(true, answer) for answer in (0, 1)))]
        if size < 100
        else []
    )
    fitting = [one for one in worlds if told is None or fits(one, told["shares"]["good"])]
    for cell, count in true.items() if size < 100 else ():
        if count < PROMISE.floor:
            without = max(world[cell] for world in worlds)
            assert max(world[cell] for world in fitting) >= min(without, PROMISE.floor)
    assert told or size < 100


def lying(true: World, answer: int) -> Iterator[World]:
    """All ways in which those who gave an answer can lie in ages and sexes whose totals are known."""
    ages = [sum(true[age, sex, answer] for sex in (0, 1)) for age in range(3)]
    women = sum(true[age, 0, answer] for age in range(3))
    for first, second in product(range(ages[0] + 1), range(ages[1] + 1)):
        counts = (first, second, women - first - second)
        if 0 <= counts[2] <= ages[2]:
            yield Counter(
                {(age, sex, answer): abs(sex * ages[age] - counts[age]) for age in range(3) for sex in (0, 1)}
            )


@cache
def weights_of(groups: tuple[tuple[Combination, int], ...]) -> Mapping[Combination, float]:
    return raked(dict(groups), KNOWN).by_combination


def fits(world: World, share: float) -> bool:
    """Whether a world gives the published share of the first answer."""
    together: Counter[Combination] = Counter()
    for (age, sex, _answer), count in world.items():
        together[AGES[age], SEXES[sex]] += count
    try:
        weights = weights_of(tuple(sorted(together.items())))
    except CannotWeight:
        return False
    sums = [0.0, 0.0]
    for (age, sex, answer), count in world.items():
        sums[answer] += count * weights.get((AGES[age], SEXES[sex]), 0.0)
    return abs(sums[0] / sum(sums) - share) < 1e-6


def codes(definition: Definition, item: str) -> tuple[str, ...]:
    return (*codes_of(definition.question(item)), NOTHING)
