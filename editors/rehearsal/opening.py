"""Open the rehearsal: the call, the people, the manuscripts, the clock. All of it or nothing."""

import gc
import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction

from accounts.actions import grant_role
from accounts.models import Affiliation, User
from editors.rehearsal import people
from editors.rehearsal.conducting import play
from editors.rehearsal.papers import invented_paper
from editors.rehearsal.people import Person
from editors.rehearsal.printing import Press, press
from editors.rehearsal.programme import BEGIN, NOW, orders, stories
from editors.rehearsal.story import World
from reviews.models import Publication, ReviewerProfile
from submissions.models import Manuscript
from tmi_special_issue import clock, outbox
from tmi_special_issue.actions import open_issue
from tmi_special_issue.models import Effect, SpecialIssue, StoredFile, Topic
from tmi_special_issue.refusal import Refusal

ACTOR = "system:rehearsal"
OPENED = "rehearsal:opened"
CALL = "calls/foundation-models-2024.toml"
PUBLICATIONS = 3


def is_open() -> bool:
    """Has the rehearsal been opened in this database?"""
    return Effect.objects.filter(key=OPENED).exists()


def open_rehearsal(tell: Callable[[str], None] = lambda sentence: None) -> bool:
    """Open the rehearsal unless it is open. Returns whether anything was done.

    Raises Refusal outside rehearsal mode, or where manuscripts are that it has not made.
    """
    if not settings.REHEARSAL:
        raise Refusal("not_a_rehearsal", "REHEARSAL is not set; nothing invented is made here.")
    if is_open():
        return False
    if Manuscript.objects.exists():
        raise Refusal(
            "not_empty",
            "This database has manuscripts that the rehearsal has not made, so nothing was added. "
            "Point DATABASE_URL or VAR_DIR to an empty one.",
        )
    # The rows of hundreds of acts are looked through again and again for rubbish, in vain.
    gc.disable()
    try:
        with press() as opened:
            opened.order(orders())
            acts = _open(opened)
    finally:
        gc.enable()
    clock.move_to(NOW)
    tell(f"{acts} acts played up to {NOW:%-d %B %Y}.")
    return True


def clear() -> None:
    """Remove everything of an opened rehearsal: rows, files, the moved clock."""
    if not settings.REHEARSAL or (Manuscript.objects.exists() and not is_open()):
        raise Refusal("not_a_rehearsal", "Only what a rehearsal has made is removed.")
    keys = list(StoredFile.objects.values_list("storage_key", flat=True))
    call_command("flush", interactive=False, verbosity=0)
    for key in keys:
        with suppress(Exception):  # a file left behind harms nobody
            storages["private"].delete(key)


@transaction.atomic
def _open(opened: Press) -> int:
    with clock.frozen_at(BEGIN):
        issue = _issue()
        users = sign_up(issue)
        Effect.objects.create(key=OPENED, at=clock.now())
    acts = play(stories(World(issue, users, opened)), NOW)
    outbox.deliver_due(NOW)
    return acts


def _issue() -> SpecialIssue:
    content = tomllib.loads((Path(settings.BASE_DIR) / CALL).read_text("utf-8"))
    issue = open_issue(actor=ACTOR, content=content)
    # The call was out before the first manuscript was begun.
    SpecialIssue.objects.filter(pk=issue.pk).update(opened_at=BEGIN)
    return issue


def sign_up(issue: SpecialIssue) -> dict[str, User]:
    """The accounts of everybody, by key: each with one confirmed address and no password."""
    users = {person.key: _account(person) for person in people.ACCOUNTS}
    topics = list(Topic.objects.filter(issue=issue).order_by("position"))
    for number, person in enumerate(people.ACCOUNTS):
        if person.role:
            grant_role(actor=ACTOR, issue=issue, person=users[person.key], name=person.role)
        if person.topics:
            _profile(users[person.key], person, number, topics)
    return users


def _account(person: Person) -> User:
    user = User(
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        native_name=person.native_name,
        orcid=person.orcid,
        country=person.place.country,
    )
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    Affiliation.objects.create(
        user=user,
        institution=person.place.name,
        city=person.place.city,
        country=person.place.country,
        mail_domain=person.place.domain,
        started_on=date(2016, 9, 1),
    )
    return user


def _profile(user: User, person: Person, number: int, topics: list[Topic]) -> None:
    profile = ReviewerProfile.objects.create(
        user=user,
        is_senior=person.is_senior,
        expertise="; ".join(topics[position].short_name for position in person.topics),
    )
    profile.topics.set([topics[position] for position in person.topics])
    for turn in range(PUBLICATIONS):
        paper = invented_paper(400 + 10 * number + turn, person.topics[turn % len(person.topics)])
        other = people.REVIEWERS[(number + 7 * (turn + 1)) % len(people.REVIEWERS)]
        Publication.objects.create(
            profile=profile,
            title=paper.title,
            abstract=paper.abstract,
            year=2023 - turn,
            coauthors=[{"name": other.name, "email": other.email, "orcid": other.orcid}],
        )
