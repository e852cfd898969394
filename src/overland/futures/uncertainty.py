"""The file ``futures.toml``: what may go otherwise than planned, and how likely that is.

The page ``docs/futures.md`` says how each number is used. Chances are between 0 and 1; a *spread* is the
standard deviation of a factor's logarithm (0.2: two times in three within about 20 % of the middle); *alike*
is the part of a cause that all of a kind have in common (0: each by itself, 1: all or none).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

FUTURES_FILE = "futures.toml"

Chance = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(gt=0, le=100)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Spread = Annotated[float, Field(ge=0, le=3)]
Hours = Annotated[float, Field(ge=0, le=1000)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class General(_Section):
    """[general] What holds of all that follows."""

    period_hours: float = Field(
        default=3.0, gt=0, le=24, description="Travel times and waits stay as they are for so long."
    )
    alike: Chance = Field(
        default=0.3,
        description="Part of the causes that roads, borders, crews, services and people have in common: in a "
        "bad future, all are worse.",
    )


class War(_Section):
    """[war] The attack, if it comes within the horizon: a triangular distribution of its moment."""

    chance: Chance = Field(default=0.0, description="Of an attack within these moments.")
    earliest: datetime | None = Field(default=None, description="Local time, such as 2022-02-20 04:00:00.")
    likely: datetime | None = Field(default=None, description="The likeliest moment.")
    latest: datetime | None = Field(default=None, description="The last one.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.chance and not (self.earliest and self.likely and self.latest):
            raise ValueError("needs earliest, likely and latest, local times such as 2022-02-20 04:00:00")
        if self.earliest and self.likely and self.latest:
            if self.earliest.tzinfo or self.likely.tzinfo or self.latest.tzinfo:
                raise ValueError("the moments are local times of the case, without an offset or a Z")
            if not self.earliest <= self.likely <= self.latest:
                raise ValueError("earliest, likely and latest must follow one another")
        return self


class Front(_Section):
    """[front] How the front spreads from its axes, once the attack has begun."""

    km_per_day: Factor = Field(default=25.0, description="Speed of the middle future, in every direction.")
    spread: Spread = Field(default=0.5, description="Of the speed, of each axis by itself.")
    reach_km: float = Field(default=150.0, ge=0, le=2000, description="It comes no farther than this.")
    hazard: Factor = Field(default=5.0, description="Factor on the hazard of a place that it has reached.")
    closes_roads: bool = Field(
        default=True, description="Whether roads that it has reached are closed for good."
    )


class Travel(_Section):
    """[travel] Time on the road against the plan's."""

    middle: Factor = Field(default=1.0, description="Factor in the middle future.")
    spread: Spread = Field(default=0.0, description="Of the whole country, from period to period.")
    region_spread: Spread = Field(default=0.0, description="Of a region besides.")
    persistence: Chance = Field(default=0.8, description="How much of it stays from one period to the next.")
    after_war: Factor = Field(default=1.0, description="Factor besides, once the attack has begun.")
    least: Factor = Field(
        default=0.9, description="No factor is less: nobody drives much faster than planned."
    )


class Roads(_Section):
    """[roads] Roads and bridges closed by accident, weather or hand, anywhere."""

    closures_per_1000_km_day: float = Field(default=0.0, ge=0, le=100, description="How many begin.")
    hours: Hours = Field(default=6.0, description="How long one lasts in the middle.")
    spread: Spread = Field(default=0.7, description="Of how long.")


class Border(_Section):
    """[border] Waits and rates at crossings against the forecast."""

    middle: Factor = Field(default=1.0, description="Factor on waits in the middle future.")
    spread: Spread = Field(default=0.0, description="Of the waits into a country, from period to period.")
    crossing_spread: Spread = Field(default=0.0, description="Of a crossing and mode besides.")
    persistence: Chance = Field(default=0.9, description="How much of it stays from one period to the next.")
    after_war: Factor = Field(default=1.0, description="Factor on waits besides, once the attack has begun.")
    flight: bool = Field(
        default=False,
        description="Once the attack has begun, the middle waits are those of the queues of everybody else "
        "(flight.toml, docs/border-queue.md), in place of forecast and after_war.",
    )
    rate_spread: Spread = Field(default=0.0, description="Of the persons who pass in an hour.")
    shut: Chance = Field(default=0.0, description="Of a crossing: to shut for good, at any moment.")


class Crews(_Section):
    """[crews] Vehicles and drivers that do not come, come late, or stop."""

    absent: Chance = Field(default=0.0, description="Of a vehicle: never to come.")
    late: Chance = Field(default=0.0, description="Of a vehicle: to come late to its depot.")
    late_hours: Hours = Field(default=6.0, description="How late on average (exponential).")
    quit_after_war: Chance = Field(
        default=0.0, description="To begin nothing more once the attack has begun."
    )
    alike: Chance = Field(default=0.3, description="Within a fleet.")


class People(_Section):
    """[people] Groups that are late, leave by themselves, stay, or were not known of."""

    late: Chance = Field(default=0.0, description="Of a group: to be late.")
    late_hours: Hours = Field(default=4.0, description="How late on average (exponential).")
    alone: Chance = Field(default=0.0, description="To have left by itself when its time comes.")
    stay: Chance = Field(default=0.0, description="To stay, whatever it was told.")
    alike: Chance = Field(default=0.2, description="Within a place.")
    unregistered: bool = Field(
        default=False,
        description="Whether more people appear than are registered, where headcounts.csv has more: their "
        "number is drawn from low, likely and high (triangular).",
    )
    appear_hours: Hours = Field(default=24.0, description="After the start, on average (exponential).")


class Services(_Section):
    """[services] Trains and other services that do not run."""

    cancelled: Chance = Field(default=0.0, description="Of a run.")
    cancelled_after_war: Chance = Field(default=0.0, description="Of a run once the attack has begun.")
    alike: Chance = Field(default=0.3, description="Among the runs of one day.")


class Corridors(_Section):
    """[corridors] Accepted corridors that do not open after all."""

    refused: Chance = Field(default=0.0, description="Of a corridor: in none of its windows.")
    broken: Chance = Field(default=0.0, description="Of a window: not, or no longer, at any moment of it.")


class Communications(_Section):
    """[communications] Nobody in a region can be told anything for a while."""

    lost_after_war: Chance = Field(default=0.0, description="Of a region, at any moment after the attack.")
    hours: Hours = Field(default=24.0, description="For how long on average (exponential).")


class Uncertainty(_Section):
    """What may go otherwise than planned. A section that is left out leaves all as planned."""

    general: General = General()
    war: War = War()
    front: Front = Front()
    front_axes: dict[str, Annotated[list[tuple[Latitude, Longitude]], Field(min_length=1)]] = Field(
        default={}, description="Where the front begins: name = [[latitude, longitude], …], a line of points."
    )
    travel: Travel = Travel()
    travel_regions: dict[str, Factor] = Field(
        default={}, description="Factor on the time on the road in a region: its name in places.csv = factor."
    )
    travel_hours: dict[str, Factor] = Field(
        default={}, description='Factor by hour of the day, local: "7" = 1.2; of hours left out, 1.'
    )
    roads: Roads = Roads()
    road_closures: dict[str, Chance] = Field(
        default={},
        description="Of one road or bridge: to be closed within the horizon, at any moment, as in [roads].",
    )
    border: Border = Border()
    crews: Crews = Crews()
    people: People = People()
    services: Services = Services()
    corridors: Corridors = Corridors()
    communications: Communications = Communications()

    @model_validator(mode="after")
    def _hours_of_the_day(self) -> Self:
        wrong = [hour for hour in self.travel_hours if hour not in map(str, range(24))]
        if wrong:
            raise ValueError(f"[travel_hours]: {wrong[0]!r} is no hour of the day; they are 0 to 23")
        return self
