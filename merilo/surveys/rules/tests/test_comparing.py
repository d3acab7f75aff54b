from __future__ import annotations

import pytest

from merilo.surveys.rules.comparing import chi_square, holm, means_differ, shares_differ


# A. Agresti, "An Introduction to Categorical Data Analysis" (2007), table 2.5: party by gender.
def test_the_published_test_of_independence() -> None:
    found = chi_square([[762, 327, 468], [484, 239, 477]])
    assert found is not None
    assert (round(found.statistic, 1), found.freedom) == (30.1, 2)
    assert found.p < 0.001


# The same book, table 2.3: aspirin and heart attacks of physicians, 189 of 11 034 and 104 of 11 037.
def test_the_published_test_of_two_shares() -> None:
    found = shares_differ(189, 11_034, 104, 11_037)
    assert found is not None
    assert round(found.statistic, 1) == 25.0


# Student's own sleep data in tenths of an hour ("The Probable Error of a Mean", Biometrika 6, 1908), of which
# the help page of R's t.test gives t = -1.8608, df = 17.776, p = 0.07939.
def test_the_published_test_of_two_means() -> None:
    first = [7, -16, -2, -12, -1, 34, 37, 8, 0, 20]
    second = [19, 8, 11, 1, -1, 44, 55, 16, 46, 34]
    found = means_differ(dict.fromkeys(first, 1), dict.fromkeys(second, 1))
    assert found is not None
    assert found.statistic == pytest.approx(-1.8608, abs=1e-4)
    assert found.freedom == pytest.approx(17.776, abs=1e-3)
    assert found.p == pytest.approx(0.07939, abs=1e-5)


def test_too_few_people_are_not_tested() -> None:
    assert chi_square([[1, 2], [3, 1]]) is None
    assert chi_square([[40, 0], [30, 0]]) is None
    assert chi_square([[400, 400, 1], [400, 400, 0], [400, 400, 0], [30, 40, 0]]) is None
    assert means_differ({3: 1}, {4: 9}) is None


def test_people_who_all_say_the_same_differ_or_do_not() -> None:
    same, other = means_differ({3: 9}, {3: 5}), means_differ({3: 9}, {4: 5})
    assert same is not None
    assert other is not None
    assert (same.p, other.p) == (1.0, 0.0)


# S. Holm (1979): the smallest of four chances is taken times four, the next times three, and so on.
def test_several_looks_are_corrected() -> None:
    assert holm([0.01, 0.04, None, 0.03, 0.005]) == pytest.approx([0.03, 0.06, None, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
