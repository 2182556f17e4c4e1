"""The author's draft: begin it, save its text, its authors and its named reviewers.

Text may be saved for as long as the draft exists, also after the deadline: only Submit closes,
so that nobody loses a sentence to the clock (`domain.md` B.2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import affiliations_of, editors
from submissions.actions.enquiries import link_enquiries
from submissions.locks import lock_version
from submissions.models import (
    Author,
    DeclaredConflict,
    Enquiry,
    Manuscript,
    NamedReviewer,
    Version,
)
from submissions.permissions import may_work_on
from submissions.states import Stage
from tmi_special_issue import audit, clock, queries
from tmi_special_issue.deadlines import is_open
from tmi_special_issue.models import MilestoneKind, SpecialIssue, Topic
from tmi_special_issue.refusal import Refusal
from tmi_special_issue.templatetags.moments import OfficialZone, written

# What a form may set. Everything else of a version belongs to the house.
TEXT_FIELDS = frozenset(
    {
        "title",
        "abstract",
        "index_terms",
        "is_original_research",
        "validation_statement",
        "cover_letter",
        "was_rejected",
        "rejected_by",
        "rejected_number",
        "rejected_changes",
        "preferred_editor",
        "preprint_url",
        "extends_conference_paper",
        "conference_citation",
        "conference_doi",
        "conference_new_method",
        "conference_new_data",
        "conference_new_validation",
        "conference_new_analysis",
        "concurrent_submissions",
        "human_subjects",
        "ethics_board",
        "ethics_protocol",
        "data_availability",
        "code_availability",
        "ai_use",
        "ai_system",
        "ai_sections",
        "ai_extent",
        "has_no_funding",
        "funders",
        "competing_interests",
        "declares_unpublished",
        "declares_all_agree",
        "declares_charges",
        "response_summary",
        "metadata_reason",
    }
)
AUTHORS_MOST = 100
DRAFTS_MOST = 20


@dataclass(frozen=True, slots=True)
class AuthorEntry:
    """One author as typed. `public_id` names the row that it was, or is empty for a new one."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    orcid: str = ""
    institution: str = ""
    department: str = ""
    city: str = ""
    country: str = ""
    ror: str = ""
    credit_roles: tuple[str, ...] = ()
    is_corresponding: bool = False
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class NamedReviewerEntry:
    """A suggested or opposed reviewer as typed."""

    name: str = ""
    email: str = ""
    institution: str = ""
    reason: str = ""
    is_opposed: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredConflictEntry:
    """A conflict as typed: with a guest editor of the issue, or with somebody by name."""

    editor: User | None = None
    name: str = ""
    email: str = ""
    kind: str = ""
    evidence: str = ""


@transaction.atomic
def start_draft(*, actor: User, issue: SpecialIssue, enquiry: Enquiry | None = None) -> Manuscript:
    """Begin a manuscript. Its first author is the person who begins it.

    Begun from an enquiry of the person's own, it takes over title and abstract and is tied to it.
    """
    # The submitter's row keeps two clicks at once from passing the limit together.
    User.objects.select_for_update().get(pk=actor.pk)
    window = queries.window(issue, MilestoneKind.SUBMISSION)
    now = clock.decisive_now()
    if not is_open(window, now):
        closed_at = written(window.effective_at, OfficialZone(issue.zone, issue.zone_label))
        raise Refusal(
            "deadline_passed",
            f"Submissions closed on {closed_at}. No new manuscript can be begun.",
        )
    drafts = Manuscript.objects.filter(submitter=actor, issue=issue, stage=Stage.DRAFT)
    if drafts.count() >= DRAFTS_MOST:
        raise Refusal(
            "too_many_drafts",
            f"You have {DRAFTS_MOST} drafts, which is the most. Complete one of them first.",
        )
    manuscript = Manuscript.objects.create(
        issue=issue, submitter=actor, stage_since=now, created_at=now
    )
    version = Version.objects.create(
        manuscript=manuscript,
        saved_at=now,
        title=enquiry.title if enquiry else "",
        abstract=enquiry.abstract if enquiry else "",
    )
    _first_author(version, actor)
    audit.record(actor, "draft.started", manuscript)
    if enquiry is not None:
        link_enquiries(actor=actor, version=version, enquiries=[enquiry])
    return manuscript


def _first_author(version: Version, actor: User) -> None:
    work = affiliations_of(actor).filter(ended_on__isnull=True).first()
    Author.objects.create(
        version=version,
        user=actor,
        position=1,
        given_name=actor.given_name,
        family_name=actor.family_name,
        email=actor.email,
        orcid=actor.orcid,
        institution=work.institution if work else "",
        department=work.department if work else "",
        city=work.city if work else "",
        country=(work.country if work else "") or actor.country,
        ror=work.ror if work else "",
        is_corresponding=True,
    )


@transaction.atomic
def save_draft(
    *,
    actor: User,
    version: Version,
    values: Mapping[str, Any],
    edit_count: int,
    topics: Iterable[Topic] | None = None,
) -> Version:
    """Save some fields of a draft. `edit_count` is the count that the page was loaded with.

    Raises Refusal "stale_edit" when another tab or person has saved since and the text differs.
    """
    unknown = set(values) - TEXT_FIELDS
    if unknown:
        raise Refusal("unknown_field", f"Unknown fields: {', '.join(sorted(unknown))}.", status=400)
    locked = open_draft(actor, version)
    _refuse_other_editors(locked, [values.get("preferred_editor")])
    changed = {name for name, value in values.items() if getattr(locked, name) != value}
    chosen = None if topics is None else {topic.pk for topic in topics}
    before = set(locked.topics.values_list("pk", flat=True)) if chosen is not None else None
    if not changed and chosen == before:
        return locked
    refuse_stale(locked, edit_count)
    for name in changed:
        setattr(locked, name, values[name])
    if chosen is not None:
        allowed = Topic.objects.filter(issue=locked.manuscript.issue_id, pk__in=chosen)
        locked.topics.set(allowed)
    return count_edit(locked, *changed)


@transaction.atomic
def save_authors(
    *, actor: User, version: Version, authors: Sequence[AuthorEntry], edit_count: int
) -> Version:
    """Replace the list of authors, in the given order. Rows keep their answers by `public_id`."""
    if len(authors) > AUTHORS_MOST:
        raise Refusal(
            "too_many_authors",
            f"{len(authors)} authors are given; at most {AUTHORS_MOST} can be taken.",
            field="authors",
        )
    if sum(entry.is_corresponding for entry in authors) > 1:
        raise Refusal(
            "corresponding_author",
            "More than one author is marked as corresponding. Mark exactly one.",
            field="authors",
        )
    locked = open_draft(actor, version)
    rows = {row.public_id: row for row in Author.objects.filter(version=locked)}
    if [entry_of(row) for row in rows.values()] == list(authors):
        return locked
    refuse_stale(locked, edit_count)
    _refuse_other_people(locked, list(rows.values()), authors)
    kept = {entry.public_id for entry in authors} & set(rows)
    Author.objects.filter(version=locked).exclude(public_id__in=kept).delete()
    # Out of the way of the unique positions and of the one corresponding author.
    for offset, row in enumerate(rows.values()):
        Author.objects.filter(pk=row.pk).update(position=10_000 + offset, is_corresponding=False)
    for position, entry in enumerate(authors, start=1):
        row = rows.get(entry.public_id) or Author(version=locked)
        if row.email.lower() != entry.email.lower():
            # Another address is another person: the former answer does not count for them.
            row.user = actor if actor.email.lower() == entry.email.lower() else None
            row.confirmation = Author._meta.get_field("confirmation").default
        for field in fields(AuthorEntry):
            if field.name != "public_id":
                setattr(row, field.name, getattr(entry, field.name))
        row.email = entry.email.lower()
        row.credit_roles = list(entry.credit_roles)
        row.position = position
        row.save()
    audit.record(actor, "draft.authors_saved", locked.manuscript, count=len(authors))
    return count_edit(locked)


@transaction.atomic
def save_named_reviewers(
    *,
    actor: User,
    version: Version,
    people: Sequence[NamedReviewerEntry],
    edit_count: int,
) -> Version:
    """Replace the suggested and opposed reviewers. Too many are kept and block the submission."""
    if len(people) > AUTHORS_MOST:
        raise Refusal("too_many_people", f"{len(people)} people are named; that is too many.")
    locked = open_draft(actor, version)
    former = [
        NamedReviewerEntry(p.name, p.email, p.institution, p.reason, p.is_opposed)
        for p in NamedReviewer.objects.filter(version=locked)
    ]
    wanted = sorted(people, key=lambda person: person.is_opposed)
    if former == wanted:
        return locked
    refuse_stale(locked, edit_count)
    NamedReviewer.objects.filter(version=locked).delete()
    for person in wanted:
        NamedReviewer.objects.create(
            version=locked,
            name=person.name,
            email=person.email,
            institution=person.institution,
            reason=person.reason,
            is_opposed=person.is_opposed,
        )
    audit.record(
        actor,
        "draft.named_reviewers_saved",
        locked.manuscript,
        suggested=sum(not person.is_opposed for person in people),
        opposed=sum(person.is_opposed for person in people),
    )
    return count_edit(locked)


@transaction.atomic
def save_declared_conflicts(
    *,
    actor: User,
    version: Version,
    conflicts: Sequence[DeclaredConflictEntry],
    edit_count: int,
) -> Version:
    """Replace the declared conflicts. What is not complete is kept and blocks the submission."""
    if len(conflicts) > AUTHORS_MOST:
        raise Refusal("too_many_people", f"{len(conflicts)} conflicts are declared; too many.")
    locked = open_draft(actor, version)
    _refuse_other_editors(locked, [entry.editor for entry in conflicts])
    former = [
        DeclaredConflictEntry(row.editor, row.name, row.email, row.kind, row.evidence)
        for row in DeclaredConflict.objects.filter(version=locked).select_related("editor")
    ]
    if former == list(conflicts):
        return locked
    refuse_stale(locked, edit_count)
    DeclaredConflict.objects.filter(version=locked).delete()
    for entry in conflicts:
        DeclaredConflict.objects.create(
            version=locked,
            editor=entry.editor,
            name=entry.name,
            email=entry.email,
            kind=entry.kind,
            evidence=entry.evidence,
        )
    audit.record(actor, "draft.conflicts_declared", locked.manuscript, count=len(conflicts))
    return count_edit(locked)


def open_draft(actor: User, version: Version) -> Version:
    """The draft under lock, if this person may write in it."""
    locked = lock_version(version)
    if not may_work_on(actor, locked):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    if not locked.is_draft:
        raise Refusal(
            "submitted_already",
            f"{locked.label} is submitted and cannot be changed any more. What you typed was not "
            "saved.",
        )
    return locked


def _refuse_other_editors(locked: Version, people: Iterable[User | None]) -> None:
    named = {person.pk for person in people if person is not None}
    if named and named - set(editors(locked.manuscript.issue).values_list("pk", flat=True)):
        raise Refusal(
            "not_an_editor",
            "Somebody chosen is not a guest editor of this issue. Choose from the list.",
            status=400,
        )


def _refuse_other_people(
    locked: Version, rows: Sequence[Author], authors: Sequence[AuthorEntry]
) -> None:
    """Once handed in, names may be mended and moved, but nobody comes or goes (J17)."""
    if not locked.authors_are_settled:
        return
    if {row.public_id for row in rows} != {entry.public_id for entry in authors}:
        raise Refusal(
            "authors_settled",
            "A manuscript that was handed in keeps its authors: nobody can be added or taken off "
            "here. A change needs the consent of all authors and of the editor-in-chief: write to "
            f"the editorial office at {locked.manuscript.issue.contact_email}.",
            field="authors",
        )


def refuse_stale(locked: Version, edit_count: int) -> None:
    """Refuse a save from a page that was loaded before the latest save."""
    if edit_count != locked.edit_count:
        raise Refusal(
            "stale_edit",
            "This draft was changed in another tab or by another person since you opened this "
            "page. Your text is kept here: copy what you need, then load the page again.",
        )


def count_edit(locked: Version, *changed: str) -> Version:
    """Note a save, with these fields of the version."""
    locked.edit_count += 1
    locked.saved_at = clock.now()
    locked.save(update_fields=["edit_count", "saved_at", *changed])
    return locked


def entry_of(row: Author) -> AuthorEntry:
    """A stored author as typed."""
    values = {f.name: getattr(row, f.name) for f in fields(AuthorEntry)}
    return AuthorEntry(**values | {"credit_roles": tuple(row.credit_roles)})
