"""How a row of a table declares a column: what it means, its unit, range and what it names."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def column(
    doc: str,
    *,
    unit: str = "",
    minimum: float | None = None,
    above: float | None = None,
    maximum: float | None = None,
    key: bool = False,
    ref: str = "",
    example: str = "",
    **kwargs: Any,
) -> Any:
    """Declare one column of a table.

    Parameters
    ----------
    doc : str
        One sentence for the officer who fills the table.
    unit : str
        Unit of the number, for instance ``"km"``.
    minimum, above, maximum : float, optional
        Smallest value allowed, value that must be exceeded, largest value allowed.
    key : bool
        True for the column (or columns) that make a row unique in its table.
    ref : str
        Table whose ``id`` (or other key) the value must name: ``"places"``, ``"crossings"``, ``"nodes"`` (a
        place or a crossing), ``"roads"``, ``"fleets"``, ``"services"``, ``"reception"``, ``"categories"``
        (a key of ``[weights]``), ``"assumptions"``, ``"sources"``, ``"notes"`` (an assumption or a source).
    example : str
        A value for the documentation.
    **kwargs
        Passed to :func:`dataclasses.field` (``default``, ``default_factory``).
    """
    metadata = {
        "doc": doc,
        "unit": unit,
        "minimum": minimum,
        "above": above,
        "maximum": maximum,
        "key": key,
        "ref": ref,
        "example": example,
    }
    return field(metadata=metadata, **kwargs)
