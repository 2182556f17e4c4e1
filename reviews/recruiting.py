"""Who may be asked to join the pool of reviewers, and when once more. Pure.

A person is asked once per issue. Silence may be asked again after some days, by an explicit act;
a no is never asked again, and whoever works at the desk is no reviewer (`domain.md` F).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ASK_AGAIN_AFTER = timedelta(days=14)
ANSWER_DAYS = 28
ASK_MOST = 100  # people in one act


class Source(StrEnum):
    """How the desk came to a person. Told to nobody who must not know of every manuscript."""

    POOL = "pool"
    TYPED = "typed"
    AUTHORS = "authors"


class RequestState(StrEnum):
    """What is stored. That nobody answered in time is told by the clock."""

    ASKED = "asked"
    JOINED = "joined"
    DECLINED = "declined"


SOURCE_LABELS: dict[Source, str] = {
    Source.POOL: "from the pool",
    Source.TYPED: "by address",
    Source.AUTHORS: "as an author",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a person who might be asked. Instants are of the latest asking."""

    is_closed: bool = False
    is_at_desk: bool = False
    never_again: bool = False
    state: RequestState | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why somebody is not asked: a code, and a sentence that follows their name."""

    code: str
    sentence: str


def obstacle(standing: Standing, *, now: datetime, is_again: bool) -> Obstacle | None:
    """What stands against asking this person now; None when nothing does.

    `is_again` says that whoever asks knows of the first time and means to ask again.
    """
    if standing.is_closed:
        return Obstacle("closed", "has a closed account")
    if standing.is_at_desk:
        return Obstacle("at_desk", "works at the desk of this issue")
    if standing.never_again:
        return Obstacle("said_never", "does not want to be asked to review")
    match standing.state:
        case RequestState.JOINED:
            return Obstacle("joined", "has joined already")
        case RequestState.DECLINED:
            return Obstacle("said_no", "said no for this issue")
        case RequestState.ASKED if standing.asked_at is not None:
            return _asked(standing.asked_at, now, is_again)
    return None


def may_ask_again(standing: Standing, *, now: datetime) -> bool:
    """Was this person asked, is silent, and may be reminded?"""
    is_open = standing.state == RequestState.ASKED
    return is_open and obstacle(standing, now=now, is_again=True) is None


def _asked(asked_at: datetime, now: datetime, is_again: bool) -> Obstacle | None:
    again_on = asked_at + ASK_AGAIN_AFTER
    if now < again_on:
        return Obstacle(
            "asked_lately",
            f"was asked on {asked_at:%-d %b %Y} and can be asked again from {again_on:%-d %b %Y}",
        )
    if not is_again:
        return Obstacle(
            "asked_before",
            f"was asked on {asked_at:%-d %b %Y}; ask again from the list of those asked",
        )
    return None
