"""How one travels: road travel times in time, with closures, threats and corridors."""

from overland.roads.passability import closed_times, threat_area
from overland.roads.times import RoadTimes

__all__ = ["RoadTimes", "closed_times", "threat_area"]
