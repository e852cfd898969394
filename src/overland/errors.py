"""The errors a user can meet.

OverlandError
├── CaseError      the case folder has faults (carries all of them)
├── PlanError      a plan document cannot be read or does not belong to the case
├── NetworkError   a map or a network of roads cannot be read
├── FlowError      a flow network, or a flow on it, cannot be read or makes no sense
└── UsageError     a command was asked for something it cannot do
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class OverlandError(Exception):
    """Something the user can put right; the message says where and how. The command line exits with 2."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a case folder."""

    file: str
    line: int | None  # 1-based line of the file, as a text editor counts
    column: str  # column of the table, key of the TOML, or ""
    message: str  # what is wrong and what would be right

    def __str__(self) -> str:
        """Render as ``file:line: column: message``."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.column}: {self.message}" if self.column else f"{where}: {self.message}"


class CaseError(OverlandError, ValueError):
    """The case folder has faults.

    Attributes
    ----------
    faults : sequence of Fault
        All of them, in file and line order.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class PlanError(OverlandError, ValueError):
    """A plan document cannot be read or does not belong to the case."""


class NetworkError(OverlandError, ValueError):
    """A map or a network of roads cannot be read, or a place is on none of its roads."""


class FlowError(OverlandError, ValueError):
    """A flow network, or a flow on it, cannot be read or makes no sense."""


class UsageError(OverlandError):
    """A command was asked for something it cannot do."""
