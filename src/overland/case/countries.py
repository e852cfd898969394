"""Names of countries, for people who do not think in codes."""

from __future__ import annotations

COUNTRIES = {
    "AL": "Albania", "AM": "Armenia", "AT": "Austria", "AZ": "Azerbaijan", "BA": "Bosnia and Herzegovina",
    "BE": "Belgium", "BG": "Bulgaria", "BY": "Belarus", "CH": "Switzerland", "CY": "Cyprus", "CZ": "Czechia",
    "DE": "Germany", "DJ": "Djibouti", "DK": "Denmark", "EE": "Estonia", "EG": "Egypt", "ER": "Eritrea",
    "ES": "Spain", "ET": "Ethiopia", "FI": "Finland", "FR": "France", "GB": "United Kingdom", "GE": "Georgia",
    "GR": "Greece", "HR": "Croatia", "HU": "Hungary", "IE": "Ireland", "IL": "Israel", "IQ": "Iraq",
    "IR": "Iran", "IT": "Italy", "JO": "Jordan", "KE": "Kenya", "KW": "Kuwait", "LB": "Lebanon",
    "LT": "Lithuania", "LV": "Latvia", "LY": "Libya", "MD": "Moldova", "ME": "Montenegro",
    "MK": "North Macedonia", "NL": "Netherlands", "NO": "Norway", "PL": "Poland", "PT": "Portugal",
    "RO": "Romania", "RS": "Serbia", "RU": "Russia", "SA": "Saudi Arabia", "SD": "Sudan", "SE": "Sweden",
    "SI": "Slovenia", "SK": "Slovakia", "SS": "South Sudan", "SY": "Syria", "TD": "Chad", "TN": "Tunisia",
    "TR": "Türkiye", "UA": "Ukraine", "US": "United States", "XK": "Kosovo",
}  # fmt: skip


def country(code: str) -> str:
    """The name of a country, or its code where there is no name for it here."""
    return COUNTRIES.get(code, code)
