"""The cast: the same people in every test (`architecture.md` 7), made as an office would.

Everybody works at another institution, except *gus*, a guest editor at *ada*'s. So *ada*'s
manuscripts have exactly one editor in conflict, and no reviewer.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.actions import grant_role
from accounts.models import Affiliation, RoleName, User
from tmi_special_issue.actions import open_issue
from tmi_special_issue.models import SpecialIssue

ROOT = Path(__file__).resolve().parent.parent
CALL = ROOT / "calls" / "foundation-models-2024.toml"
# Eleven days before submissions close.
OPENING = datetime(2024, 6, 20, 12, tzinfo=UTC)
PASSWORD = "a-long-phrase-for-tests"
REVIEWER, GUEST_EDITOR = RoleName.REVIEWER.value, RoleName.GUEST_EDITOR.value
CHIEF, OFFICE = RoleName.EDITOR_IN_CHIEF.value, RoleName.OFFICE.value
DESK = frozenset({GUEST_EDITOR, CHIEF, OFFICE})


@dataclass(frozen=True)
class Part:
    """Who somebody is before anything happens."""

    given_name: str
    family_name: str
    institution: str
    domain: str
    country: str
    orcid: str = ""


NORTHGATE = ("Northgate University", "northgate.example", "GB")

PARTS = {
    "ada": Part("Ada", "Avelin", *NORTHGATE, "0000-0000-0000-001X"),
    "ben": Part("Ben", "Brandt", "Halvard Imaging Institute", "halvard.example", "NO"),
    "rui": Part("Rui", "Rezende", "Sao Lazaro Teaching Hospital", "saolazaro.example", "BR"),
    "sol": Part("Sol", "Sandvik", "Tarnby Technical University", "tarnby.example", "DK"),
    "tea": Part("Tea", "Tomasic", "Kestrel Bay Medical Centre", "kestrelbay.example", "NZ"),
    "uma": Part("Uma", "Upadhyay", "Lumen Valley Institute", "lumenvalley.example", "IN"),
    "eva": Part("Eva", "Engel", "Orrin School of Medicine", "orrin.example", "CH"),
    "gus": Part("Gus", "Gallo", *NORTHGATE),
    "kim": Part("Kim", "Kovac", "Westmere Polytechnic", "westmere.example", "US"),
    "ivo": Part("Ivo", "Iversen", "Editorial office", "office.example", "US"),
    "sam": Part("Sam", "Stranger", "Elsewhere College", "elsewhere.example", "CA"),
}
ROLES = {
    **dict.fromkeys(("rui", "sol", "tea", "uma"), REVIEWER),
    **dict.fromkeys(("eva", "gus"), GUEST_EDITOR),
    "kim": CHIEF,
    "ivo": OFFICE,
}


def open_the_issue() -> SpecialIssue:
    """The shipped call, loaded as the command loads it."""
    return open_issue(actor="system:test", content=tomllib.loads(CALL.read_text("utf-8")))


def make_person(name: str, issue: SpecialIssue) -> User:
    """One of the cast: signed up, confirmed, with role and second factor."""
    return sign_up(name, issue, PARTS[name], ROLES.get(name, ""))


def sign_up(name: str, issue: SpecialIssue, part: Part, role: str = "") -> User:
    """Anybody: ``name`` is the part of the address before the @."""
    person = User.objects.create_user(
        f"{name}@{part.domain}",
        PASSWORD,
        given_name=part.given_name,
        family_name=part.family_name,
        country=part.country,
        orcid=part.orcid,
        orcid_verified=bool(part.orcid),
    )
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    Affiliation.objects.create(
        user=person, institution=part.institution, country=part.country, mail_domain=part.domain
    )
    if role:
        grant_role(actor="system:test", issue=issue, person=person, name=role)
    if role in DESK:
        give_second_factor(person)
    return person


def give_second_factor(person: User) -> None:
    """An authenticator app, as the desk asks for in production."""
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
