"""HiGHS as the solvers beside ours use it: without its banner."""

from __future__ import annotations

import highspy


class QuietHighs(highspy.Highs):
    """HiGHS without its banner, which it would print as soon as callbacks are enabled at its birth."""

    def enableCallbacks(self) -> None:  # noqa: N802 (its name there)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()
