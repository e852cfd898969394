"""From a map to a network: OpenStreetMap extracts, read and made into segments."""

from pathlib import Path

from overland.compiled import forget_stale_kernels

forget_stale_kernels(Path(__file__).parent)
