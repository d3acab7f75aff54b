"""Exact means inside, one rounding for display at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import lcm

TENTH = Decimal("0.1")
MINUS = "\N{MINUS SIGN}"
# Independent of the thread's context: a caller's lower precision must not reach our figures.
_EXACT = Context(prec=50)
_DISPLAY = Context(prec=50, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Parts:
    """A displayed number taken apart: sign, whole part and tenths (empty for whole numbers)."""

    negative: bool
    whole: str
    tenths: str


def mean(values: Iterable[Decimal | int | Fraction]) -> Fraction | None:
    """Exact arithmetic mean, or None when there is nothing to average.

    >>> mean([Decimal(10), Decimal(11), Decimal(11)])
    Fraction(32, 3)
    """
    numerators, denominator = whole_multiples(values)
    return Fraction(sum(numerators), denominator * len(numerators)) if numerators else None


def whole_multiples(values: Iterable[Decimal | int | Fraction]) -> tuple[list[int], int]:
    """The values as whole numbers over one common denominator: exact, and much faster than fractions.

    >>> whole_multiples([Decimal("32.5"), 7, Fraction(1, 3)])
    ([195, 42, 2], 6)
    """
    ratios = [value.as_integer_ratio() for value in values]
    common = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios], common


def as_decimal(value: Fraction) -> Decimal:
    """The fraction as a decimal: exact where the expansion ends, else 50 significant digits.

    >>> as_decimal(Fraction(130, 4))
    Decimal('32.5')
    """
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def rounded(value: Decimal) -> Decimal:
    """The value as people see it: one decimal, half up (half away from zero when negative).

    >>> rounded(Decimal("49.25")), rounded(Decimal("-0.04"))
    (Decimal('49.3'), Decimal('0.0'))
    """
    if value.adjusted() >= _DISPLAY.prec - 1:
        return value.to_integral_value(ROUND_HALF_UP)  # tenths of such a number are beyond any figure
    tenths = value.quantize(TENTH, context=_DISPLAY)
    return tenths or tenths.copy_abs()  # no "-0.0"


def coefficient(value: Decimal, *, mark: str = ".") -> str:
    """A coefficient as text: half up, two decimals, both always shown.

    >>> coefficient(Decimal("0.6789")), coefficient(Decimal("-0.125"), mark=","), coefficient(Decimal(1))
    ('0.68', '−0,13', '1.00')
    """
    shown = value.quantize(TENTH / 10, context=_DISPLAY)
    return f"{MINUS if shown < 0 else ''}{shown.copy_abs():f}".replace(".", mark)


def parts(value: Decimal) -> Parts:
    """The displayed number's parts, for writers that set their own marks and groups.

    >>> parts(Decimal("1234.56"))
    Parts(negative=False, whole='1234', tenths='6')
    """
    shown = rounded(value)
    whole, _, tenths = f"{shown.copy_abs():f}".partition(".")
    return Parts(negative=shown < 0, whole=whole, tenths="" if tenths == "0" else tenths)


def display(value: Decimal, *, mark: str = ".", group: str = "") -> str:
    """The number as text: half up, one decimal, whole numbers without decimals.

    `mark` is the language's decimal mark, `group` what stands between thousands.

    >>> display(Decimal("49.35"), mark=",")
    '49,4'
    >>> display(Decimal("50.0")), display(Decimal("-3.25"))
    ('50', '−3.3')
    >>> display(Decimal("1234567.89"), mark=",", group=" ")
    '1 234 567,9'
    """
    shown = parts(value)
    whole = f"{Decimal(shown.whole):,f}".replace(",", group)
    tail = f"{mark}{shown.tenths}" if shown.tenths else ""
    return f"{MINUS if shown.negative else ''}{whole}{tail}"
