"""The people of the workload: a desk, authors, a pool of reviewers with publications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import Affiliation, Role, RoleName, User
from accounts.orcid import check_character
from bench import words
from reviews.models import Publication, ReviewerProfile
from tmi_special_issue.models import SpecialIssue, Topic

GUEST_EDITORS = 6
INSTITUTIONS = 400
PUBLICATIONS = 5  # a reviewer
BATCH = 1000
COUNTRIES = ("GB", "NO", "BR", "DK", "NZ", "IN", "CH", "US", "CA", "JP", "KE", "PL")
SYLLABLES = ("ba", "do", "fe", "gi", "ka", "lu", "mo", "ne", "pa", "ri", "so", "tu", "va", "ze")


@dataclass(frozen=True)
class People:
    """Who takes part. The first author, reviewer and guest editor are those who are measured."""

    chief: User
    office: User
    editors: list[User]
    authors: list[User]
    reviewers: list[User]


def make_people(issue: SpecialIssue, *, authors: int, reviewers: int, random: Random) -> People:
    """Accounts with confirmed addresses, affiliations and roles; the desk with second factors."""
    desk = _accounts("desk", 2 + GUEST_EDITORS, random)
    writing = _accounts("author", authors, random)
    reviewing = _accounts("reviewer", reviewers, random)
    roles = [
        (desk[0], RoleName.EDITOR_IN_CHIEF),
        (desk[1], RoleName.OFFICE),
        *((person, RoleName.GUEST_EDITOR) for person in desk[2:]),
        *((person, RoleName.REVIEWER) for person in reviewing),
    ]
    Role.objects.bulk_create(
        [Role(issue=issue, user=user, name=name) for user, name in roles], batch_size=BATCH
    )
    Authenticator.objects.bulk_create(
        [
            Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": "0" * 32})
            for user in desk
        ]
    )
    _give_expertise(issue, [*reviewing, *desk[2:]], random)
    return People(desk[0], desk[1], desk[2:], writing, reviewing)


def _accounts(word: str, count: int, random: Random) -> list[User]:
    users = [
        User(
            email=f"{word}{number}@{domain_of(number)}",
            password="!",
            given_name=_name(random, 2),
            family_name=_name(random, 3),
            country=COUNTRIES[number % len(COUNTRIES)],
            orcid=_orcid(word, number) if number % 3 else "",
            orcid_verified=bool(number % 3),
        )
        for number in range(count)
    ]
    User.objects.bulk_create(users, batch_size=BATCH)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=u, email=u.email, primary=True, verified=True) for u in users],
        batch_size=BATCH,
    )
    Affiliation.objects.bulk_create(
        [row for number, user in enumerate(users) for row in _affiliations(number, user)],
        batch_size=BATCH,
    )
    return users


def institution_of(number: int) -> str:
    """The institution of somebody by number; some thirty people share one at the largest size."""
    return f"Institute of Imaging {number % INSTITUTIONS}"


def domain_of(number: int) -> str:
    """The mail domain of that institution."""
    return f"imaging{number % INSTITUTIONS}.example"


def _affiliations(number: int, user: User) -> list[Affiliation]:
    return [
        Affiliation(
            user=user,
            institution=institution_of(number + past),
            mail_domain=domain_of(number + past),
            country=user.country,
            started_on=date(2019 - 4 * bool(past), 1, 1),
            ended_on=date(2018, 12, 31) if past else None,
        )
        for past in (0, 7)
    ]


def _give_expertise(issue: SpecialIssue, people: list[User], random: Random) -> None:
    topics = list(Topic.objects.filter(issue=issue).order_by("position"))
    profiles = [
        ReviewerProfile(
            user=user,
            expertise=words.title(random, number % len(topics)),
            is_senior=number % 4 == 0,
            paused_from=date(2024, 8, 1) if number % 25 == 9 else None,
            paused_until=date(2024, 12, 1) if number % 25 == 9 else None,
        )
        for number, user in enumerate(people)
    ]
    ReviewerProfile.objects.bulk_create(profiles, batch_size=BATCH)
    held = ReviewerProfile.topics.through
    held.objects.bulk_create(
        [
            held(reviewerprofile_id=profile.pk, topic_id=topics[(number + step) % len(topics)].pk)
            for number, profile in enumerate(profiles)
            for step in (0, 1, 5)
        ],
        batch_size=BATCH,
    )
    Publication.objects.bulk_create(
        (
            _publication(profile, number, place, random)
            for number, profile in enumerate(profiles)
            for place in range(PUBLICATIONS)
        ),
        batch_size=BATCH,
    )


def _publication(profile: ReviewerProfile, number: int, place: int, random: Random) -> Publication:
    theme = (number + (0, 0, 1, 5, 0)[place]) % len(words.THEMES)
    return Publication(
        profile=profile,
        title=words.title(random, theme),
        abstract=words.abstract(random, theme),
        year=2024 - place,
        doi=f"10.5555/{number}.{place}",
        coauthors=[
            {
                "name": f"{_name(random, 2)} {_name(random, 3)}",
                "email": f"author{random.randrange(20_000)}@elsewhere.example",
                "orcid": "",
            }
            for _ in range(3)
        ],
    )


def _name(random: Random, syllables: int) -> str:
    return "".join(random.choice(SYLLABLES) for _ in range(syllables)).capitalize()


def _orcid(word: str, number: int) -> str:
    digits = f"{len(word):07d}{number:08d}"
    whole = digits + check_character(digits)
    return "-".join(whole[at : at + 4] for at in range(0, 16, 4))
