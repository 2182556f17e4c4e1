"""Other authors after the first hand-in: asked for, agreed to by all, applied by the desk (J17)."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from submissions import mails
from submissions.actions.drafts import AUTHORS_MOST, AuthorEntry
from submissions.checks import AuthorValues, missing_authors
from submissions.locks import lock_manuscript
from submissions.models import Author, AuthorChange, AuthorConsent, Manuscript, Version
from submissions.permissions import may_work_on
from submissions.queries import author_lines, latest_version, open_author_change
from submissions.states import (
    AUTHOR_LABELS,
    AUTHORS_CHANGEABLE,
    AuthorChangeState,
    AuthorPart,
    Confirmation,
    Stage,
)
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def ask_author_change(
    *, actor: User, manuscript: Manuscript, authors: Sequence[AuthorEntry], reason: str
) -> AuthorChange:
    """Ask for another list of authors. Each old and new author is asked by mail.

    Whoever asks has agreed by asking. Raises Refusal "wrong_stage", "asked_already",
    "reason_missing", "authors_faulty" or "nothing_changed".
    """
    locked, version = _locked(actor, manuscript)
    if Stage(locked.stage) not in AUTHORS_CHANGEABLE:
        raise Refusal(
            "wrong_stage",
            f"{locked} is at “{AUTHOR_LABELS[Stage(locked.stage)]}”; its authors cannot be changed "
            "by a request now.",
        )
    if open_author_change(locked) is not None:
        raise Refusal(
            "asked_already",
            "A changed list of authors is waiting already. Take it back first, then ask anew.",
        )
    _refuse_faults(authors, reason)
    former = list(Author.objects.filter(version=version))
    if [_entry(row) for row in former] == [_bare(entry) for entry in authors]:
        raise Refusal(
            "nothing_changed", "The list is the same as before. Change it, then ask.", status=422
        )
    now = clock.now()
    change = AuthorChange.objects.create(
        manuscript=locked,
        asked_by=actor,
        asked_at=now,
        reason=reason.strip()[:500],
        former=author_lines(former),
        authors=[asdict(_bare(entry)) for entry in authors],
    )
    disputing = {r.email.lower() for r in former if r.confirmation == Confirmation.DISPUTED}
    for name, email, part in _everybody(former, authors):
        # Who asks agrees by asking; who said "I am not an author" agrees to leave.
        agrees = email == actor.email.lower() or (email in disputing and part == AuthorPart.LEAVES)
        AuthorConsent.objects.create(
            change=change,
            name=name,
            email=email,
            part=part,
            agrees=True if agrees else None,
            answered_at=now if agrees else None,
        )
    audit.record(actor, "author_change.asked", locked, change=change.public_id)
    _tell(mails.author_change_asked(change, version))
    _settle_if_all_agree(change)
    return change


@transaction.atomic
def answer_author_change(
    *, actor: User | str, consent: AuthorConsent, agrees: bool
) -> AuthorChange:
    """One author agrees or refuses. A refusal ends the request; the same answer twice is one."""
    manuscript = lock_manuscript(consent.change.manuscript)
    row = AuthorConsent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    change = AuthorChange.objects.get(pk=row.change_id)
    change.manuscript = manuscript
    if row.agrees is agrees:
        return change
    if change.state != AuthorChangeState.COLLECTING:
        raise Refusal(
            "settled",
            "This request is settled already, so the answer cannot be changed any more. Write to "
            f"the editorial office at {manuscript.issue.contact_email} if something is wrong.",
        )
    row.agrees = agrees
    row.answered_at = clock.now()
    row.save(update_fields=["agrees", "answered_at"])
    audit.record(
        actor,
        "author_change.agreed" if agrees else "author_change.refused",
        manuscript,
        change=change.public_id,
        consent=row.public_id,
    )
    if agrees:
        _settle_if_all_agree(change)
    else:
        _close(change, AuthorChangeState.REFUSED)
        _tell(mails.author_change_refused(change, row, latest_version(manuscript)))
    return change


@transaction.atomic
def take_back_author_change(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """The author does not want the change any more."""
    locked, _ = _locked(actor, manuscript)
    change = open_author_change(locked)
    if change is not None:
        _close(change, AuthorChangeState.TAKEN_BACK)
        audit.record(actor, "author_change.taken_back", locked, change=change.public_id)
    return locked


@transaction.atomic
def apply_author_change(*, actor: User, manuscript: Manuscript) -> Version:
    """The editor-in-chief approves: the newest version gets the wanted authors."""
    locked = lock_manuscript(manuscript)
    change = _consented(locked)
    version = latest_version(locked)
    version.manuscript = locked
    before = mails.everybody(version)
    _replace_authors(version, [_as_entry(values) for values in change.authors])
    change.answered_by = actor
    _close(change, AuthorChangeState.APPROVED)
    audit.record(
        actor,
        "authors.changed",
        locked,
        change=change.public_id,
        version=version.revision_number,
        joined=_names(change, AuthorPart.JOINS),
        left=_names(change, AuthorPart.LEAVES),
    )
    _tell(mails.authors_changed(change, version, before))
    return version


@transaction.atomic
def decline_author_change(*, actor: User, manuscript: Manuscript, note: str) -> Manuscript:
    """The editor-in-chief says no, with a reason that the authors read."""
    locked = lock_manuscript(manuscript)
    change = open_author_change(locked)
    if change is None:
        raise _nothing_waits(locked)
    if not note.strip():
        raise Refusal(
            "reason_missing",
            "Reason: it is empty. The author reads it; write at least one sentence.",
            field="note",
            status=422,
        )
    change.note = note.strip()[:500]
    change.answered_by = actor
    _close(change, AuthorChangeState.DECLINED)
    audit.record(actor, "author_change.declined", locked, change=change.public_id, note=change.note)
    _tell(mails.author_change_declined(change, latest_version(locked)))
    return locked


def consent_actor(consent: AuthorConsent) -> str:
    """How the record names somebody who answers by link."""
    return f"author_consent:{consent.public_id}"


def _locked(actor: User, manuscript: Manuscript) -> tuple[Manuscript, Version]:
    locked = lock_manuscript(manuscript)
    newest = latest_version(locked)
    newest.manuscript = locked
    if not may_work_on(actor, newest):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    return locked, newest


def _refuse_faults(authors: Sequence[AuthorEntry], reason: str) -> None:
    if not reason.strip():
        raise Refusal(
            "reason_missing",
            "Reason: it is empty. All authors and the editor-in-chief read it.",
            field="reason",
            status=422,
        )
    if len(authors) > AUTHORS_MOST:
        raise Refusal(
            "too_many_authors",
            f"{len(authors)} authors are given; at most {AUTHORS_MOST} can be taken.",
            status=422,
        )
    names = {field.name for field in fields(AuthorValues)}
    faults = missing_authors(
        tuple(
            AuthorValues(**{k: v for k, v in asdict(entry).items() if k in names})
            for entry in authors
        )
    )
    if faults:
        raise Refusal("authors_faulty", " ".join(f.sentence for f in faults), status=422)


def _everybody(
    former: Sequence[Author], wanted: Sequence[AuthorEntry]
) -> list[tuple[str, str, AuthorPart]]:
    """Each old and new author once by address: name, address, what the change means."""
    new = {entry.email.lower(): entry for entry in wanted}
    old = {row.email.lower(): row for row in former}
    people = [
        (
            f"{entry.given_name} {entry.family_name}".strip(),
            email,
            AuthorPart.STAYS if email in old else AuthorPart.JOINS,
        )
        for email, entry in new.items()
    ]
    people += [
        (row.full_name, email, AuthorPart.LEAVES) for email, row in old.items() if email not in new
    ]
    return people


def _settle_if_all_agree(change: AuthorChange) -> None:
    waiting = AuthorConsent.objects.filter(change=change).exclude(agrees=True)
    if not waiting.exists():
        change.state = AuthorChangeState.CONSENTED
        change.consented_at = clock.now()
        change.save(update_fields=["state", "consented_at"])


def _close(change: AuthorChange, state: AuthorChangeState) -> None:
    change.state = state
    change.answered_at = clock.now()
    change.save(update_fields=["state", "answered_at", "answered_by", "note"])


def _consented(manuscript: Manuscript) -> AuthorChange:
    change = open_author_change(manuscript)
    if change is None:
        raise _nothing_waits(manuscript)
    if change.state != AuthorChangeState.CONSENTED:
        raise Refusal(
            "consent_missing",
            f"Not every author of {manuscript} has agreed to the changed list yet. It can be "
            "approved once all have.",
        )
    return change


def _nothing_waits(manuscript: Manuscript) -> Refusal:
    return Refusal(
        "not_asked",
        f"No changed list of authors waits for {manuscript} any more: it was answered, refused by "
        "an author, or taken back. Look at the page again.",
    )


def _replace_authors(version: Version, wanted: Sequence[AuthorEntry]) -> None:
    """The wanted authors, each confirmed, since each has agreed. Rows are kept by address."""
    rows = {row.email.lower(): row for row in Author.objects.filter(version=version)}
    kept = {entry.email.lower() for entry in wanted}
    Author.objects.filter(pk__in=[r.pk for email, r in rows.items() if email not in kept]).delete()
    # Out of the way of the unique positions and of the one corresponding author.
    for offset, row in enumerate(rows.values()):
        Author.objects.filter(pk=row.pk).update(position=10_000 + offset, is_corresponding=False)
    for position, entry in enumerate(wanted, start=1):
        row = rows.get(entry.email.lower()) or Author(version=version)
        for field in fields(AuthorEntry):
            if field.name != "public_id":
                setattr(row, field.name, getattr(entry, field.name))
        row.credit_roles = list(entry.credit_roles)
        row.email = entry.email.lower()
        row.user = row.user or User.objects.filter(email__iexact=row.email, is_active=True).first()
        row.position = position
        row.confirmation = Confirmation.CONFIRMED
        row.save()
    # A page that is open elsewhere must not write the former list back.
    Version.objects.filter(pk=version.pk).update(edit_count=F("edit_count") + 1)


def _entry(row: Author) -> AuthorEntry:
    values = {f.name: getattr(row, f.name) for f in fields(AuthorEntry) if f.name != "public_id"}
    return _as_entry(values)


def _as_entry(values: dict[str, Any]) -> AuthorEntry:
    """The entry of values as a JSON column keeps them."""
    return AuthorEntry(**{**values, "credit_roles": tuple(values["credit_roles"])})


def _bare(entry: AuthorEntry) -> AuthorEntry:
    """The entry without the key of the row that it came from; people are told by address."""
    values = {f.name: getattr(entry, f.name) for f in fields(AuthorEntry)}
    return AuthorEntry(**{**values, "public_id": "", "email": entry.email.strip().lower()})


def _names(change: AuthorChange, part: AuthorPart) -> list[str]:
    rows = AuthorConsent.objects.filter(change=change, part=part)
    return list(rows.values_list("name", flat=True))


def _tell(messages: mails.Mails) -> None:
    for message, key in messages:
        outbox.queue(message, key)
