"""The flight of everybody else, as ``flight.toml`` of a case folder describes it (docs/border-queue.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from overland.case.model import Case
from overland.futures.toml_file import read_toml, refuse_strangers

FLIGHT_FILE = "flight.toml"

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Leaving(_Section):
    """How many leave, and when.

    Attributes
    ----------
    at_once_share : float
        Of all residents, those who leave the country at once.
    at_once_hours : float
        In which all of these but 1/e have left.
    share : float
        Of all residents, those who leave the country in the wave that follows.
    peak_hours : float
        Of war, at which most leave in the wave: departures an hour go as
        ``t² · exp(-2 t / peak)``.
    daily_share : float
        Of all residents, those who leave on each day beside the wave, as long as the war lasts.
    hazard_power : float
        The share of an origin goes as the hazard of its place to this power.
    """

    at_once_share: Annotated[float, Field(ge=0, le=1)]
    at_once_hours: Positive
    share: Annotated[float, Field(ge=0, le=1)]
    peak_hours: Positive
    daily_share: Annotated[float, Field(ge=0, le=0.1)]
    hazard_power: NotNegative


class Choosing(_Section):
    """How people choose among crossings and modes.

    Attributes
    ----------
    slowness : float
        Hours of the journey to one hour of a car on free roads.
    spread_hours : float
        So many hours more, of journey or wait, make a way e times less likely.
    known_after_hours : int
        Age of what people who choose know of the waits.
    """

    slowness: Annotated[float, Field(ge=1, le=20)]
    spread_hours: Positive
    known_after_hours: Annotated[int, Field(ge=0, le=240)]


class Serving(_Section):
    """Persons of everybody whom a crossing passes in an open hour.

    Attributes
    ----------
    everybody : float
        Persons of everybody to one of ours (``rate_per_hour``), in the long run.
    ramp_hours : float
        In which what is missing at first falls to 1/e, as staff and trains are added and checks are eased.
    """

    everybody: Positive
    ramp_hours: Positive


class Cars(_Section):
    """What a kilometre of queueing cars is: to compare with reports, no part of the model."""

    per_km: Positive
    persons: Positive


class Uncertainty(_Section):
    """How far off this may be, as standard deviations of natural logarithms.

    Attributes
    ----------
    total : float
        Of the number of all who leave.
    origins : float
        Of the number of those who leave an origin, beyond that.
    service : float
        Of the service of a crossing, all its modes together.
    attraction : float
        Of what a country attracts.
    """

    total: NotNegative
    origins: NotNegative
    service: NotNegative
    attraction: NotNegative


class Flight(_Section):
    """The file.

    Attributes
    ----------
    service : dict
        Factor of the service by country; one that is not named has 1.
    at_first : dict
        The part of it that there is when the war begins, by country; all of it in one that is not named.
    attraction : dict
        Logit constant by country; one that is not named has 0.
    residents : dict
        Persons by the place from which they set out.
    """

    leaving: Leaving
    choosing: Choosing
    serving: Serving
    service: dict[str, Positive] = {}
    at_first: dict[str, NotNegative] = {}
    attraction: dict[str, Finite] = {}
    cars: Cars
    uncertainty: Uncertainty
    residents: dict[str, NotNegative]


def read_flight(folder: Path, case: Case) -> Flight:
    """Read ``flight.toml`` of a case folder.

    Parameters
    ----------
    folder : Path
        The case folder.
    case : Case
        The case read from it.

    Raises
    ------
    CaseError
        If it is missing, faulty, or speaks of places or countries that the case does not have.
    """
    path = folder / FLIGHT_FILE
    flight = read_toml(path, Flight)
    countries = list(dict.fromkeys(crossing.country for crossing in case.crossings))
    refuse_strangers(
        path,
        [
            ("service", flight.service, countries, "country with a crossing"),
            ("at_first", flight.at_first, countries, "country with a crossing"),
            ("attraction", flight.attraction, countries, "country with a crossing"),
            ("residents", flight.residents, [place.id for place in case.places], "place of the case"),
        ],
    )
    return flight
