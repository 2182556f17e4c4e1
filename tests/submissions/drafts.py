"""Drafts in the state that a test needs, quickly: the file's row is written, not examined.

Uploads that are examined in earnest are in ``test_files.py``.
"""

from __future__ import annotations

from accounts.models import User
from submissions import actions
from submissions.actions.drafts import AuthorEntry
from submissions.models import Manuscript, Version, VersionFile
from submissions.states import FileKind, RevisionKind, Stage
from tests.cast import METADATA
from tests.people import PARTS
from tmi_special_issue import clock, files
from tmi_special_issue.models import SpecialIssue, Topic


def entry(person: User, *, is_corresponding: bool = False) -> AuthorEntry:
    """A person of the cast as an author list has them."""
    name = person.email.partition("@")[0]
    return AuthorEntry(
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        orcid=person.orcid,
        institution=PARTS[name].institution,
        country=PARTS[name].country,
        is_corresponding=is_corresponding,
    )


def empty_draft(author: User, issue: SpecialIssue) -> Version:
    """Just begun."""
    return newest(actions.start_draft(actor=author, issue=issue))


def complete_draft(author: User, issue: SpecialIssue, *coauthors: User) -> Version:
    """Everything that a submission needs."""
    version = empty_draft(author, issue)
    version = actions.save_draft(
        actor=author,
        version=version,
        values=METADATA,
        topics=list(Topic.objects.filter(issue=issue)[:2]),
        edit_count=version.edit_count,
    )
    people = [entry(author, is_corresponding=True), *(entry(person) for person in coauthors)]
    version = actions.save_authors(
        actor=author, version=version, authors=people, edit_count=version.edit_count
    )
    put_file(version, FileKind.MAIN)
    return newest(version.manuscript)


def put_file(version: Version, kind: FileKind, pages: int = 9) -> VersionFile:
    """A file that has passed its checks."""
    original = files.store(
        f"%PDF- {version.public_id} {kind} by A. Avelin".encode(),
        name=f"avelin-{kind}.pdf",
        media_type="application/pdf",
    )
    original.served = files.store(
        f"%PDF- {version.public_id} {kind} cleaned".encode(),
        name=f"{kind}.pdf",
        media_type="application/pdf",
    )
    original.save()
    return VersionFile.objects.create(
        version=version,
        kind=kind,
        file=original,
        page_count=pages,
        upload_began_at=clock.now(),
        uploaded_at=clock.now(),
    )


def submitted(author: User, issue: SpecialIssue, *coauthors: User) -> Manuscript:
    """Handed in, with its number."""
    version = complete_draft(author, issue, *coauthors)
    actions.submit_manuscript(actor=author, version=version, began_at=clock.now())
    return fresh(version.manuscript)


def at_stage(manuscript: Manuscript, *stages: Stage) -> Manuscript:
    """Moved along the table as the desk does."""
    for stage in stages:
        actions.move_stage(actor="system:test", manuscript=manuscript, to=stage)
    return fresh(manuscript)


DECIDING = (Stage.AWAITING_EDITOR, Stage.IN_REVIEW, Stage.AWAITING_DECISION)


def revision_asked(
    author: User,
    issue: SpecialIssue,
    *coauthors: User,
    kind: RevisionKind = RevisionKind.MAJOR,
) -> Manuscript:
    """The decision asks for a revision."""
    manuscript = at_stage(submitted(author, issue, *coauthors), *DECIDING)
    actions.request_revision(actor="system:test", manuscript=manuscript, kind=kind)
    return fresh(manuscript)


def accepted(author: User, issue: SpecialIssue, *coauthors: User) -> Manuscript:
    """Accepted; the final files are wanted."""
    manuscript = submitted(author, issue, *coauthors)
    return at_stage(manuscript, *DECIDING, Stage.AWAITING_FINAL_FILES)


def newest(manuscript: Manuscript) -> Version:
    """The newest version as it stands now."""
    return Version.objects.select_related("manuscript__issue", "manuscript__submitter").get(
        pk=Version.objects.filter(manuscript=manuscript).latest("revision_number").pk
    )


def fresh(manuscript: Manuscript) -> Manuscript:
    """The manuscript as it stands now."""
    return Manuscript.objects.select_related("issue", "submitter").get(pk=manuscript.pk)
