"""A flow that was written down, checked and counted again from its files and its network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from overland.errors import FlowError
from overland.plan.massflow.checking import people_out, upper_bound
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.mass_flow import MassFlow
from overland.plan.massflow.records import figures, read_records


def verify_records(network: FlowNetwork, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Recompute the figures of a written flow, and say what is wrong with it.

    Returns
    -------
    dict of str to number, list of str
        Empty figures where a rule is broken; no messages if everything holds.

    Raises
    ------
    FlowError
        If the files cannot be read.
    """
    pattern, cuts, claimed = read_records(network, folder)
    try:
        out = people_out(network, pattern)
        most = upper_bound(network, cuts, len(out))
    except FlowError as error:
        return {}, [f"{folder}: {error}"]
    found = figures(MassFlow(network, pattern, cuts, out, most))
    return found, [
        f"{folder / 'summary.json'}: {name}: says {claimed.get(name)}, but it is {value}"
        for name, value in found.items()
        if claimed.get(name) != value
    ]
