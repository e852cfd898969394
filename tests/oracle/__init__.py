"""The cheapest plan of a tiny case, found by trying everything.

Written from ``docs/problem.md`` alone; it shares only the case model, the road times and the plan document
with the planner and the verifier. Groups are given itineraries one after another; a branch is cut only when a
limit is broken (more people never mend it), when no group to come could make a departure fair, or when it can
no longer cost less than the best plan found.
"""

from tests.oracle.search import Clearest, Optimum, TooLargeError, clearest, optimum

__all__ = ["Clearest", "Optimum", "TooLargeError", "clearest", "optimum"]
