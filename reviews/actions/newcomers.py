"""People out of a file become accounts of the pool, or complete those that are there.

What a person says of themselves is never written over; a file fills what is empty and adds places,
publications and topics that are missing. Called inside the transaction of a step of an import.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from accounts.models import Affiliation, Role, RoleName, User
from reviews.importing import Newcomer, Outcome, Paper, Place, Verdict
from reviews.importing.gathering import folded
from reviews.models import Publication, ReviewerProfile
from reviews.queries.recruiting import refusers
from tmi_special_issue.models import SpecialIssue, Topic

BATCH = 500


@dataclass(frozen=True)
class Kept:
    """What became of one row. `user` is None when nobody was written."""

    outcome: Outcome
    user: User | None = None
    is_new: bool = False
    evidence: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class _Row:
    person: Newcomer
    verdict: Verdict
    user: User
    is_new: bool


def keep_people(*, issue: SpecialIssue, rows: Sequence[tuple[Newcomer, Verdict]]) -> list[Kept]:
    """Write these rows, in a number of queries that does not depend on how many there are."""
    judged = _look_again(rows)
    users = _users(judged)
    written = [
        _Row(person, verdict, user, verdict.outcome == Outcome.NEW)
        for (person, verdict), user in zip(judged, users, strict=True)
        if user is not None
    ]
    profiles = _keep_profiles(written)
    _keep_places(written)
    _keep_papers(written, profiles)
    unknown = _keep_topics(issue, written, profiles)
    said_no = _keep_roles(issue, written)
    return [
        Kept(
            outcome=verdict.outcome,
            user=user,
            is_new=user is not None and verdict.outcome == Outcome.NEW,
            evidence=verdict.evidence,
            sentence=_sentence(person, verdict, user, unknown, said_no),
        )
        for (person, verdict), user in zip(judged, users, strict=True)
    ]


def _look_again(rows: Sequence[tuple[Newcomer, Verdict]]) -> list[tuple[Newcomer, Verdict]]:
    """Whoever signed up since the file was compared is known by now."""
    addresses = [person.email for person, verdict in rows if verdict.outcome == Outcome.NEW]
    taken = dict(User.objects.filter(email__in=addresses).values_list("email", "pk"))
    taken |= dict(EmailAddress.objects.filter(email__in=addresses).values_list("email", "user_id"))
    return [
        (person, Verdict(Outcome.KNOWN, taken[person.email], "address"))
        if verdict.outcome == Outcome.NEW and person.email in taken
        else (person, verdict)
        for person, verdict in rows
    ]


def _users(judged: Sequence[tuple[Newcomer, Verdict]]) -> list[User | None]:
    """The account of each row, made or locked; None where there is none."""
    new = [_account(person) for person, verdict in judged if verdict.outcome == Outcome.NEW]
    User.objects.bulk_create(new, batch_size=BATCH)
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, primary=True, verified=False) for user in new),
        batch_size=BATCH,
    )
    keys = [verdict.key for _, verdict in judged if verdict.outcome == Outcome.KNOWN]
    known = User.objects.select_for_update().order_by("pk").in_bulk(keys)
    for person, verdict in judged:
        user = known.get(verdict.key) if verdict.key is not None else None
        if user is not None:
            named = bool(user.given_name or user.family_name)
            _fill(
                user,
                given_name="" if named else person.given_name,
                family_name=person.family_name,
                orcid=person.orcid,
                country=person.country,
            )
    made = iter(new)
    return [
        next(made)
        if verdict.outcome == Outcome.NEW
        else (known.get(verdict.key) if verdict.key is not None else None)
        for _, verdict in judged
    ]


def _fill(row: User | ReviewerProfile, **values: object) -> None:
    """Set what is empty, and save only where something was."""
    changed = [
        name
        for name, value in values.items()
        if not _is_empty(value) and _is_empty(getattr(row, name))
    ]
    for name in changed:
        setattr(row, name, values[name])
    if changed and row.pk is not None:
        row.save(update_fields=changed)


def _is_empty(value: object) -> bool:
    # A limit of 0 says "nothing at all", which is not the same as no limit given.
    return value is None or value is False or value == ""


def _account(person: Newcomer) -> User:
    current = [place.country for place in person.places if place.ended_on is None]
    user = User(
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        orcid=person.orcid,
        country=person.country or next((c for c in current if c), ""),
    )
    user.set_unusable_password()
    return user


def _keep_profiles(rows: Sequence[_Row]) -> dict[int, ReviewerProfile]:
    """The profile of each account, by user key."""
    keys = [row.user.pk for row in rows]
    found = {p.user_id: p for p in ReviewerProfile.objects.filter(user__in=keys)}
    missing = [ReviewerProfile(user_id=key) for key in dict.fromkeys(keys) if key not in found]
    found |= {profile.user_id: profile for profile in missing}
    for row in rows:
        _fill(
            found[row.user.pk],
            expertise=row.person.expertise,
            is_senior=row.person.is_senior,
            load_limit=row.person.load_limit,
        )
    ReviewerProfile.objects.bulk_create(missing, batch_size=BATCH)
    return found


def _keep_places(rows: Sequence[_Row]) -> None:
    there: dict[int, set[tuple[object, ...]]] = defaultdict(set)
    known = [row.user.pk for row in rows if not row.is_new]
    for held in Affiliation.objects.filter(user__in=known).order_by():
        there[held.user_id].add((folded(held.institution), held.started_on, held.ended_on))
    made = []
    for row in rows:
        for place in row.person.places:
            key = (folded(place.institution), place.started_on, place.ended_on)
            if key not in there[row.user.pk]:
                there[row.user.pk].add(key)
                made.append(_affiliation(row.user, place))
    Affiliation.objects.bulk_create(made, batch_size=BATCH)


def _affiliation(user: User, place: Place) -> Affiliation:
    return Affiliation(
        user=user,
        institution=place.institution,
        department=place.department,
        country=place.country,
        ror=place.ror,
        mail_domain=place.mail_domain,
        started_on=place.started_on,
        ended_on=place.ended_on,
    )


def _keep_papers(rows: Sequence[_Row], profiles: dict[int, ReviewerProfile]) -> None:
    there: dict[int, set[str]] = defaultdict(set)
    known = [profiles[row.user.pk].pk for row in rows if not row.is_new]
    papers = Publication.objects.filter(profile__in=known).order_by()
    for profile, title, year, doi in papers.values_list("profile_id", "title", "year", "doi"):
        there[profile].update(Paper(title, year, doi.lower()).keys)
    made = []
    for row in rows:
        profile_key = profiles[row.user.pk].pk
        for paper in row.person.papers:
            if there[profile_key].isdisjoint(paper.keys):
                there[profile_key].update(paper.keys)
                made.append(_publication(profile_key, paper))
    Publication.objects.bulk_create(made, batch_size=BATCH)


def _publication(profile_key: int, paper: Paper) -> Publication:
    return Publication(
        profile_id=profile_key,
        title=paper.title,
        abstract=paper.abstract,
        year=paper.year,
        doi=paper.doi,
        coauthors=[{"name": c.name, "email": c.email, "orcid": c.orcid} for c in paper.coauthors],
    )


def _keep_topics(
    issue: SpecialIssue, rows: Sequence[_Row], profiles: dict[int, ReviewerProfile]
) -> frozenset[str]:
    """Adds the topics of the call that a row names; returns the codes that are none."""
    codes = dict(Topic.objects.filter(issue=issue).values_list("code", "pk"))
    through = ReviewerProfile.topics.through
    pairs: dict[tuple[int, int], None] = {}
    unknown: set[str] = set()
    for row in rows:
        for code in row.person.topics:
            if code in codes:
                pairs[profiles[row.user.pk].pk, codes[code]] = None
            else:
                unknown.add(code)
    links = [through(reviewerprofile_id=profile, topic_id=topic) for profile, topic in pairs]
    through.objects.bulk_create(links, batch_size=BATCH, ignore_conflicts=True)
    return frozenset(unknown)


def _keep_roles(issue: SpecialIssue, rows: Sequence[_Row]) -> set[int]:
    """Puts them into the pool; returns the keys of those who said no and stay out of it."""
    said_no = set(refusers(issue).filter(person__in=[row.user.pk for row in rows]))
    keys = dict.fromkeys(row.user.pk for row in rows if row.user.pk not in said_no)
    current = Role.objects.filter(
        issue=issue, name=RoleName.REVIEWER, ended_at__isnull=True, user__in=list(keys)
    )
    held = set(current.values_list("user_id", flat=True))
    Role.objects.bulk_create(
        (Role(issue=issue, user_id=key, name=RoleName.REVIEWER) for key in keys if key not in held),
        batch_size=BATCH,
    )
    return said_no


def _sentence(
    person: Newcomer,
    verdict: Verdict,
    user: User | None,
    unknown: frozenset[str],
    said_no: set[int],
) -> str:
    parts = [verdict.sentence] if verdict.sentence else []
    if user is not None and user.pk in said_no:
        parts.append("This person said no to the pool and stays out of it.")
    if user is not None and person.email and person.email != user.email:
        parts.append(f"The file has another address, {person.email}; that of the account stays.")
    strange = [code for code in person.topics if code in unknown]
    if user is not None and strange:
        parts.append(f"No topics of the call: {', '.join(strange)[:120]}.")
    return " ".join(parts)
