"""The time zones a person can choose from: the places of the IANA database."""

import zoneinfo

_AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def _place(zone: str) -> str:
    return zone.split("/", 1)[1].replace("/", " / ").replace("_", " ")


_known = sorted(zoneinfo.available_timezones())

CHOICES: list[tuple[str, str | list[tuple[str, str]]]] = [
    ("UTC", "UTC"),
    *(
        (area, [(zone, _place(zone)) for zone in _known if zone.startswith(f"{area}/")])
        for area in _AREAS
    ),
]
