"""HiGHS says nothing, neither at its birth nor when it solves."""

from __future__ import annotations

import pytest
from quiet_highs import QuietHighs


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    solver = QuietHighs()
    solver.addVar(1.0, 2.0)
    solver.changeColCost(0, 1.0)
    solver.run()
    assert solver.getSolution().col_value[0] == 1.0
    assert capfd.readouterr() == ("", "")
