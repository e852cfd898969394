"""What could happen: sampled futures, a plan carried out in them, and what holds."""

from pathlib import Path

from overland.compiled import forget_stale_kernels

forget_stale_kernels(Path(__file__).parent)
