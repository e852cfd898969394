"""The bound of a plan, recomputed in whole numbers from the prices of its proof (docs/proof.md).

Written from that page and from ``docs/problem.md`` without a look at how the planner computes its bound.
"""

from pathlib import Path

from overland.compiled import forget_stale_kernels
from overland.verify.proof.certificate import Certified, certify

__all__ = ["Certified", "certify"]

forget_stale_kernels(Path(__file__).parent)
