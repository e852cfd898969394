"""What the planner's tests share."""

from __future__ import annotations

import pytest

from overland.plan.warmup import warm_up
from tests.builders import small_case


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels() -> None:
    """Compile the kernels, or load them, before a test sets a time limit."""
    warm_up(small_case())
