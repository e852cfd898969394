"""What a plan does wrong, and the list of all rules it is checked for."""

from __future__ import annotations

from dataclasses import dataclass

RULES: dict[str, str] = {
    # the document
    "case": "The plan names the case it is for.",
    "digest": "The plan was made from the case as it is now.",
    "moment": "Every moment is UTC, on a step and within the horizon (a vehicle may be free later).",
    "unknown-id": "Every group, place, crossing, fleet, service and centre named is one of the case.",
    "vehicle-number": "A vehicle is named fleet-NN, with a number from 01 to the size of its fleet.",
    "duplicate": "No trip id, ride, group of a list or entry of those left appears twice.",
    "empty": "A trip or ride carries at least one group.",
    "destination": "A trip, ride, move or drive ends where its kind may end.",
    "run": "A service runs on that day and calls at both stops, in that order.",
    "now": "A re-plan says on which step, within the horizon, it begins to decide.",
    "past": "What left before now is as in the running plan.",
    # people
    "accounted": "Every group is either out or left.",
    "journey": "A group leaves by one whole journey: to a crossing, or to a hub and then a crossing.",
    "origin": "A group boards where it is.",
    "ready": "A group leaves no earlier than it is ready.",
    "change": "A group that changes at a hub has time to change.",
    "admission": "A group goes to a country that admits each of its persons.",
    "walking": "Only people able to walk cross on foot.",
    "access": "A group boards only what can take its needs.",
    "driver": "A group that can leave in its own car leaves in it or not at all.",
    "own-car": "Only such a group leaves in its own car.",
    "stranded": "A group is called stranded exactly if it has no way out.",
    "reason": "A reason is given for every group left.",
    # moments
    "reachable": "There is a road to the destination, open in time, within the horizon.",
    "arrival": "A trip, move, ride or drive arrives when roads or timetable say.",
    "passing": "People pass when the crossing's wait and hours say, by the horizon.",
    "free": "A vehicle is free when it has unloaded or turned round.",
    # vehicles
    "available": "A vehicle does nothing before it is available.",
    "lost": "A lost vehicle begins nothing.",
    "vehicle-place": "A vehicle leaves from where it is.",
    "vehicle-time": "A vehicle does one thing after another.",
    "loading": "A vehicle stands at the origin of a trip for the loading time.",
    "driving": "A vehicle drives no longer without a rest than its crew may.",
    "duty": "No duty of a crew, from its first work after a rest to its last before the next, is too long.",
    "line": "A trip of a line makes the stops of its line, in order.",
    "aboard": "Everybody aboard a trip of a line gets on once, and off once, where people do.",
    "stop-time": "A trip of a line stands at a stop for the loading or unloading time.",
    "convoy": "A trip of a convoy leaves where and when the convoy does.",
    # limits
    "convoy-size": "No more vehicles in a convoy than it may have.",
    "seats": "No more people aboard a vehicle than it has seats.",
    "run-seats": "No more people aboard a run, between any two stops, than seats are held.",
    "crossing-rate": "No more people pass a crossing in a window than it can serve.",
    "boarding-rate": "No more people board at a place in a window than can be boarded.",
    "hub-capacity": "No more people in transit at a hub than it can shelter.",
    "reception": "No more people reach a reception centre on a day than it takes in.",
    "country-share": "No more people go to a country than its share.",
    # fairness
    "loading-rule": "No seat is empty, no lower class rides, while somebody waits who could have had it.",
    # figures
    "totals": "The totals are those of the plan.",
    "cost": "The cost is that of the plan.",
    "bound": "The bound is not above the cost.",
    "gap": "The gap follows from cost and bound.",
    "envelope": "The envelope rises, the plan stays under it, and it is no lower than can be proven.",
    "clearance": "No more is claimed of the moment everybody is out, and of those left, than can be proven.",
    "proof": "The bound follows from the prices of the proof.",
    "values": "The values of limits are sane numbers about things of the case.",
}
"""Each rule's slug and what it demands."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken in one place.

    Attributes
    ----------
    rule : str
        A key of :data:`RULES`.
    subject : str
        What breaks it: ``trip T0001``, ``vehicle kyiv-coaches-07``, ``group G0001`` …
    message : str
        What is wrong, where, when and by how much.
    """

    rule: str
    subject: str
    message: str

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"unknown rule {self.rule!r}")

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}: {self.message}"
