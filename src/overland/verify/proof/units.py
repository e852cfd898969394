"""Whole numbers in place of floating point: costs in units of which an hour has a power of two."""

from __future__ import annotations

from fractions import Fraction

from overland.plan.proof import UNITS_PER_HOUR
from overland.verify.violation import Violation

UNIT = 1 << 24
"""Units of a weighted person-hour in which everything is computed."""

PER_PRICE = UNIT // UNITS_PER_HOUR
"""Units of a price of the proof that is 1."""

INFINITE = 1 << 62
"""What is not possible; every sum that is must stay below half of it."""


class RefusedError(Exception):
    """A proof cannot be recomputed; carries why."""

    def __init__(self, subject: str, message: str) -> None:
        self.violation = Violation("proof", subject, message)
        super().__init__(str(self.violation))


def down(hours: Fraction) -> int:
    """Weighted hours in units, rounded down."""
    return hours.numerator * UNIT // hours.denominator


def up(hours: Fraction) -> int:
    """Weighted hours in units, rounded up."""
    return -(-hours.numerator * UNIT // hours.denominator)


def within_reach(what: str, largest: int) -> None:
    """Make sure that no sum of a computation in 64 bits can come near :data:`INFINITE`.

    Raises
    ------
    RefusedError
        If it could.
    """
    if largest >= INFINITE // 2:
        raise RefusedError("prices", f"are too large for {what} to be recomputed exactly")
