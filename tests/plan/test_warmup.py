"""Kernels are compiled once: a second look finds them."""

from __future__ import annotations

from overland.plan.warmup import kernels_are_compiled


def test_after_a_plan_the_kernels_are_known_to_be_compiled() -> None:
    assert kernels_are_compiled(), "the session has warmed up"
