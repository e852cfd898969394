"""Rounding down, with a tolerance for products that are a whole number but for the last bit."""

from math import floor


def whole(number: float) -> int:
    """Round down; 28.999999999999996 (a share of 0.29 of 100 people) is 29."""
    return floor(number + 1e-9)
