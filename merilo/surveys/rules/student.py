"""Quantiles and tails of the distributions behind intervals and tests, from SciPy."""

from __future__ import annotations


def normal_quantile(level: float) -> float:
    """How many standard deviations hold this share of a normal distribution around its middle.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def t_quantile(level: float, freedom: float) -> float:
    """How many standard errors hold this share of Student's t around its middle; freedom may be a fraction.

    >>> round(t_quantile(0.95, 10), 3), round(t_quantile(0.95, 1_000), 3)
    (2.228, 1.962)
    """
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


def t_tails(t: float, freedom: float) -> float:
    """How often chance alone gives a t at least as far from zero."""
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(t)))


def chi_square_tail(statistic: float, freedom: int) -> float:
    """How often chance alone gives a statistic at least as large."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, statistic))
