"""Is a person to be left in peace on a day? Pure: plain values in, an absence or None out."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Absence:
    """Why nobody may be invited now. `kind` is "paused" or "resting"; `until` is the last day
    of it, None while no end is known."""

    kind: str
    until: date | None = None

    @property
    def words(self) -> str:
        """For a list: "paused until 1 Aug 2024"."""
        return f"{self.kind} until {self.until:%-d %b %Y}" if self.until else self.kind

    @property
    def sentence(self) -> str:
        """For a refusal, after the person's name."""
        when = f" until {self.until:%-d %b %Y}" if self.until else ""
        if self.kind == "resting":
            return f"has just returned a review and takes no other{when}."
        return f"has asked not to be invited{when}."


def absence_on(
    day: date,
    *,
    paused_from: date | None = None,
    paused_until: date | None = None,
    interval_days: int | None = None,
    last_returned_on: date | None = None,
) -> Absence | None:
    """The absence that lasts longest on this day. Either end of a pause may be open.

    `interval_days` is the person's own minimum between two reviews, counted from the day on
    which the last one was returned: 30 days after 1 July, 31 July is the first free day.
    """
    is_set = paused_from is not None or paused_until is not None
    begun = paused_from is None or paused_from <= day
    lasts = paused_until is None or day <= paused_until
    paused = Absence("paused", paused_until) if is_set and begun and lasts else None
    rests_until = (
        last_returned_on + timedelta(days=interval_days - 1)
        if interval_days and last_returned_on
        else None
    )
    resting = Absence("resting", rests_until) if rests_until and day <= rests_until else None
    if paused and resting and paused.until and rests_until and rests_until > paused.until:
        return resting
    return paused or resting
