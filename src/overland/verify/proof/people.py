"""The people of a case as the recomputation of the bound sees them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from overland.case.model import Group
from overland.verify.proof.costs import Costs
from overland.verify.proof.units import down, up
from overland.verify.terms import Terms


@dataclass(frozen=True, slots=True)
class Kind:
    """People who may go the same ways."""

    countries: frozenset[str]
    walks: bool
    needs: frozenset[str]
    example: Group


@dataclass(frozen=True, slots=True)
class Party:
    """A group that is not stranded."""

    place: str
    size: int
    ready: int
    rank: int
    kind: int  # number of a rider's kind; -1 for a driver
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class People:
    """Everybody.

    Attributes
    ----------
    stranded : int
        What leaving the stranded groups costs, rounded down.
    before_ready : int
        What the others are charged for the time before they are ready, by sums that count from the start;
        rounded up.
    """

    kinds: tuple[Kind, ...]
    riders: dict[str, list[Party]]  # by place
    drivers: tuple[Party, ...]
    stranded: int
    before_ready: int

    @classmethod
    def of(cls, terms: Terms, costs: Costs) -> People:
        """Sort the groups of a case."""
        kinds: dict[tuple[frozenset[str], bool, frozenset[str]], Kind] = {}
        riders: dict[str, list[Party]] = {}
        drivers: list[Party] = []
        stranded = before = Fraction(0)
        for group in terms.groups.values():
            ready = min(terms.ready(group), terms.horizon)
            hours, people = costs.hours[group.place], Fraction(terms.weight(group)) * group.size
            if terms.stranded(group):
                penalty = Fraction(terms.case.policy.left_penalty_hours)
                stranded += people * (hours[-1] - hours[ready] + penalty)
                continue
            before += people * hours[ready]
            countries, rank = terms.admitting(group), costs.rank(terms.weight(group))
            if terms.drives(group):
                drivers.append(Party(group.place, group.size, ready, rank, -1, countries))
                continue
            key = (countries, group.can_walk, group.needs)
            kinds.setdefault(key, Kind(*key, group))
            kind = list(kinds).index(key)
            riders.setdefault(group.place, []).append(
                Party(group.place, group.size, ready, rank, kind, countries)
            )
        return cls(tuple(kinds.values()), riders, tuple(drivers), down(stranded), up(before))
