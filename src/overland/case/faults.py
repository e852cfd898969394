"""Collecting the faults of a folder: all of them counted, a readable number of each kind kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from overland.errors import Fault

KEPT_OF_A_KIND = 25
"""Faults of one kind in one column of a file that are listed; the others are counted."""

_MAX_OPTIONS = 20_000  # beyond this a look for similar words takes too long
_MAX_SHOWN = 40


def shown(text: str) -> str:
    """Quote what stands in a file: on one line, of bearable length, without control characters."""
    return repr(text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…")


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """``; did you mean 'kyiv'?`` if one of the options is similar, else nothing."""
    candidates = {option.casefold(): option for option in options}
    if len(candidates) > _MAX_OPTIONS or len(word) > 100:
        return ""
    close = get_close_matches(word.casefold(), candidates, n=1, cutoff=0.6)
    return f"; did you mean {shown(candidates[close[0]])}?" if close else ""


@dataclass(slots=True)
class _Kind:
    kept: list[Fault] = field(default_factory=list)
    first_not_kept: Fault | None = None
    count: int = 0


class FaultLog:
    """The faults found so far. Memory is bounded however many there are.

    Attributes
    ----------
    total : int
        Number of faults, including those not kept.
    """

    def __init__(self) -> None:
        self.total = 0
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._in_file: dict[str, int] = {}

    def add(
        self, file: str, line: int | None, column: str, kind: str, message: str | Callable[[], str]
    ) -> None:
        """Record a fault.

        Parameters
        ----------
        file, line, column
            Where it is.
        kind : str
            Faults of one kind in one file are listed up to a limit.
        message : str or callable
            What is wrong and what would be right; a callable is called only if the fault is listed.
        """
        self.total += 1
        self._in_file[file] = self._in_file.get(file, 0) + 1
        entry = self._kinds.get((file, kind))
        if entry is None:
            entry = self._kinds[file, kind] = _Kind()
        entry.count += 1
        if len(entry.kept) < KEPT_OF_A_KIND:
            text = message if isinstance(message, str) else message()
            entry.kept.append(Fault(file, line, column, text))
        elif entry.first_not_kept is None:
            entry.first_not_kept = Fault(file, line, column, "")

    def count(self, file: str) -> int:
        """Number of faults of one file."""
        return self._in_file.get(file, 0)

    def listed(self) -> list[Fault]:
        """The faults in file and line order; of a kind with very many, the first and the number of others."""
        faults: list[Fault] = []
        for entry in self._kinds.values():
            faults += entry.kept
            if entry.first_not_kept is not None:
                more = entry.count - len(entry.kept)
                first = entry.first_not_kept
                faults.append(
                    Fault(first.file, first.line, first.column, f"… and {more:,} more of the same kind")
                )
        return sorted(faults, key=lambda fault: (fault.file, fault.line or 0))
