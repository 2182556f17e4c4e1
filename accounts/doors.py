"""The doors of the house: which of them a person may open, and which is the first to try.

Each role has its own door (`architecture.md` 2). The addresses are the prefixes of the doors,
because a package does not know the pages of those above it.
"""

from typing import TypedDict

from accounts.models import RoleName, User
from accounts.queries import DESK_ROLES, Visitor, role_names_anywhere

DESK = "/desk/"
REVIEWS = "/reviews/"
SUBMISSIONS = "/submissions/"


class Doors(TypedDict):
    """Which doors are open to a visitor."""

    author: bool
    reviewer: bool
    desk: bool
    office: bool


def doors_of(visitor: Visitor) -> Doors:
    """The doors open to a visitor. One query, none for a stranger."""
    roles = role_names_anywhere(visitor)
    return Doors(
        author=isinstance(visitor, User),
        reviewer=RoleName.REVIEWER in roles,
        desk=bool(DESK_ROLES & roles),
        office=RoleName.OFFICE in roles,
    )


def first_door(visitor: Visitor) -> str:
    """The address to which a person is led after signing in."""
    doors = doors_of(visitor)
    if doors["desk"]:
        return DESK
    if doors["reviewer"]:
        return REVIEWS
    return SUBMISSIONS
