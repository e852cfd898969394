"""Searches over flat arrays: fastest times and ways, with and without regard to when roads close."""

from pathlib import Path

from overland.compiled import forget_stale_kernels

forget_stale_kernels(Path(__file__).parent)
