"""Join two accounts of one person, undo it, or say that they are two people."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model, Q

from accounts.models import Affiliation, Role, User
from accounts.queries import DESK_ROLES, role_names_anywhere
from reviews.importing import Paper
from reviews.models import (
    Assignment,
    PeopleApart,
    PeopleMerge,
    PoolRequest,
    Publication,
    ReviewerLabel,
    ReviewerProfile,
)
from submissions.models import Author, Manuscript
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal

# Table -> its column that names the person. Reviews go with their assignments.
_HANDS: dict[type[Model], str] = {
    Assignment: "reviewer",
    ReviewerLabel: "reviewer",
    Affiliation: "user",
    EmailAddress: "user",
    Author: "user",
}
_LIMITS = ("is_senior", "load_limit", "interval_days", "expertise")


@transaction.atomic
def merge_people(*, actor: User, kept: User, gone: User) -> PeopleMerge:
    """Everything of `gone` becomes `kept`'s; the account of `gone` is closed, not deleted.

    Assignments with their reviews, labels, publications, places, addresses, roles and authorships
    move. The caller has checked that `actor` may, and that no manuscript is hidden from them.

    Raises:
        Refusal: same_person, closed, desk_role, sends_manuscripts, orcids_differ,
            same_manuscript, own_reviewer.
    """
    people = {
        user.pk: user
        for user in User.objects.select_for_update()
        .filter(pk__in=[kept.pk, gone.pk])
        .order_by("pk")
    }
    kept, gone = people[kept.pk], people[gone.pk]
    refuse_merge(kept, gone)
    profile, _ = ReviewerProfile.objects.select_for_update().get_or_create(user=kept)
    other = ReviewerProfile.objects.filter(user=gone).first()
    before: dict[str, Any] = {name: getattr(profile, name) for name in _LIMITS}
    before["topics"] = list(profile.topics.values_list("pk", flat=True))
    before["orcid"] = kept.orcid
    primary = list(
        EmailAddress.objects.filter(user=gone, primary=True).values_list("pk", flat=True)
    )
    EmailAddress.objects.filter(pk__in=primary).update(primary=False)
    moved: dict[str, list[int]] = {"primary": primary}
    for table, column in _HANDS.items():
        rows = table._default_manager.filter(**{column: gone})
        moved[table.__name__] = list(rows.values_list("pk", flat=True))
        rows.update(**{column: kept})
    moved["Role"] = _move_roles(kept, gone)
    moved["PoolRequest"] = _move_requests(kept, gone)
    moved["Publication"] = _move_papers(profile, other) if other else []
    if other:
        profile.topics.add(*other.topics.all())
        for name in _LIMITS:
            value = getattr(profile, name)
            if value is None or value is False or value == "":  # a limit of 0 stays
                setattr(profile, name, getattr(other, name))
        profile.save()
    if gone.orcid and not kept.orcid:
        kept.orcid = gone.orcid
        kept.save(update_fields=["orcid"])
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    merge = PeopleMerge.objects.create(
        kept=kept,
        gone=gone,
        moved=moved,
        before=before,
        merged_by=actor,
        merged_at=clock.now(),
    )
    audit.record(
        actor,
        "people.merged",
        merge,
        kept=kept.audit_key,
        gone=gone.audit_key,
        moved={name: len(keys) for name, keys in moved.items()},
    )
    return merge


@transaction.atomic
def undo_merge(*, actor: User, merge: PeopleMerge) -> PeopleMerge:
    """Give back what changed hands and open the account again; what came later stays.

    Raises:
        Refusal: already_undone, closed.
    """
    locked = PeopleMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if locked.undone_at is not None:
        raise Refusal("already_undone", "This was undone already.")
    kept, gone = locked.kept, locked.gone
    if not kept.is_active:
        raise Refusal("closed", f"{kept} was joined to somebody else since; undo that first.")
    for table, column in _HANDS.items():
        rows = table._default_manager.filter(pk__in=locked.moved[table.__name__])
        rows.filter(**{column: kept}).update(**{column: gone})
    EmailAddress.objects.filter(pk__in=locked.moved["primary"], user=gone).update(primary=True)
    Role.objects.filter(pk__in=locked.moved["Role"], user=kept).update(user=gone)
    # Joins made before there were requests name none.
    requests = PoolRequest.objects.filter(pk__in=locked.moved.get("PoolRequest", []), person=kept)
    requests.update(person=gone)
    profile = ReviewerProfile.objects.select_for_update().get(user=kept)
    papers = Publication.objects.filter(pk__in=locked.moved["Publication"], profile=profile)
    if locked.moved["Publication"]:
        papers.update(profile=ReviewerProfile.objects.get(user=gone))
    for name in _LIMITS:
        setattr(profile, name, locked.before[name])
    profile.save()
    profile.topics.set(locked.before["topics"])
    if kept.orcid != locked.before["orcid"] and not kept.orcid_verified:
        kept.orcid = locked.before["orcid"]
        kept.save(update_fields=["orcid"])
    gone.is_active = True
    gone.save(update_fields=["is_active"])
    locked.undone_at = clock.now()
    locked.save(update_fields=["undone_at"])
    audit.record(actor, "people.parted", locked, kept=kept.audit_key, gone=gone.audit_key)
    return locked


@transaction.atomic
def tell_apart(*, actor: User, one: User, other: User) -> None:
    """Note that two who look alike are two people; they are not shown as duplicates again."""
    first, second = sorted((one, other), key=lambda user: user.pk)
    if first == second:
        raise Refusal("same_person", "This is one account.", status=400)
    _, is_new = PeopleApart.objects.get_or_create(first=first, second=second)
    if is_new:
        audit.record(actor, "people.told_apart", first, other=second.audit_key)


def refuse_merge(kept: User, gone: User) -> None:
    """Raises the Refusal that stands against joining these two, if there is one."""
    if kept.pk == gone.pk:
        raise Refusal("same_person", "This is one account already.", status=400)
    if not (kept.is_active and gone.is_active):
        raise Refusal("closed", "One of the two accounts is closed.")
    for person in (kept, gone):
        if DESK_ROLES & role_names_anywhere(person):
            raise Refusal(
                "desk_role",
                f"{person} works at the desk. Such an account is joined to no other, since "
                "whoever holds the other address would come to the desk.",
            )
    if Manuscript.objects.filter(submitter=gone).exists():
        raise Refusal(
            "sends_manuscripts",
            f"{gone} has sent or begun manuscripts with this account. Keep it, and let the other "
            "one go.",
        )
    if kept.orcid and gone.orcid and kept.orcid != gone.orcid:
        raise Refusal(
            "orcids_differ", f"The ORCID iDs differ: {kept.orcid} and {gone.orcid}. Two people."
        )
    asked = [
        set(
            Assignment.objects.filter(reviewer=person).values_list("version__manuscript", flat=True)
        )
        for person in (kept, gone)
    ]
    if asked[0] & asked[1]:
        raise Refusal(
            "same_manuscript",
            "Both were asked to review the same manuscript. One person cannot be two reviewers "
            "of it.",
        )
    if any(_written_by(writer) & keys for writer, keys in ((kept, asked[1]), (gone, asked[0]))):
        raise Refusal(
            "own_reviewer",
            "One of the two is an author of a manuscript that the other was asked to review. "
            "Nobody reviews the own manuscript.",
        )


def _written_by(person: User) -> set[int]:
    addresses = [
        person.email.lower(),
        *EmailAddress.objects.filter(user=person).values_list("email", flat=True),
    ]
    is_theirs = Q(user=person) | Q(email__in=addresses)
    if person.orcid:
        is_theirs |= Q(orcid=person.orcid)
    rows = Author.objects.filter(is_theirs).values_list("version__manuscript", flat=True)
    return {*rows, *Manuscript.objects.filter(submitter=person).values_list("pk", flat=True)}


def _move_roles(kept: User, gone: User) -> list[int]:
    held = {
        (role.issue_id, role.name) for role in Role.objects.filter(user=kept, ended_at__isnull=True)
    }
    keys = [
        role.pk
        for role in Role.objects.filter(user=gone, ended_at__isnull=True)
        if (role.issue_id, role.name) not in held
    ]
    Role.objects.filter(pk__in=keys).update(user=kept)
    return keys


def _move_requests(kept: User, gone: User) -> list[int]:
    """Those of issues in which `kept` was not asked; a no for good is found in the others too."""
    asked = PoolRequest.objects.filter(person=kept).values("issue")
    rows = PoolRequest.objects.filter(person=gone).exclude(issue__in=asked)
    keys = list(rows.values_list("pk", flat=True))
    PoolRequest.objects.filter(pk__in=keys).update(person=kept)
    return keys


def _move_papers(profile: ReviewerProfile, other: ReviewerProfile) -> list[int]:
    """Those that `profile` has not; the same paper twice would count twice as evidence."""
    held: set[str] = set()
    for paper in Publication.objects.filter(profile=profile):
        held.update(_keys(paper))
    keys = []
    for paper in Publication.objects.filter(profile=other).order_by("pk"):
        if held.isdisjoint(_keys(paper)):
            held.update(_keys(paper))
            keys.append(paper.pk)
    Publication.objects.filter(pk__in=keys).update(profile=profile)
    return keys


def _keys(paper: Publication) -> tuple[str, ...]:
    return Paper(paper.title, paper.year, paper.doi.lower()).keys
