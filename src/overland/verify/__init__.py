"""Checks a plan against every rule of ``docs/problem.md``, from the case and the plan alone.

Written from that page without a look at the planner: the two share the case model, the road times, the
plan document and its proof on paper, nothing else.
"""

from overland.verify.figures import Figures
from overland.verify.verification import recompute, verify
from overland.verify.violation import RULES, Violation

__all__ = ["RULES", "Figures", "Violation", "recompute", "verify"]
