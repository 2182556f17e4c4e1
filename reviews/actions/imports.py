"""A file of people comes into the pool: read, shown, confirmed, written step by step.

Reading writes nobody. Writing goes on in steps of `STEP` people, each a transaction of its own
that moves `done_count`: other people's saves wait a moment and never for the whole file, a worker
that dies loses nothing, and every person is in whole or not at all.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from accounts.models import User
from reviews.actions.newcomers import Kept, keep_people
from reviews.importing import (
    Fault,
    Index,
    Newcomer,
    Outcome,
    Reading,
    UnreadableFile,
    Verdict,
    identify,
    read_file,
)
from reviews.importing.identity import Known, name_key, place_keys
from reviews.models import ImportState, PoolImport, PoolImportLine
from reviews.queries.imports import add_known, at_work, index_of_people
from tmi_special_issue import audit, clock, doorbell, files
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

ACTOR = "system:import"
BYTES_MOST = 64 * 1024 * 1024
PEOPLE_MOST = 50_000
FAULTS_MOST = 2_000
STEP = 500
ATTEMPTS_MOST = 3
# A worker that has not shown itself for so long is taken for dead.
LEASE = timedelta(minutes=2)
# As much is done while the page waits.
BYTES_AT_ONCE = 100_000
PEOPLE_AT_ONCE = 100


@transaction.atomic
def begin_import(
    *, actor: User, issue: SpecialIssue, content: bytes, name: str, owner: str = ""
) -> PoolImport:
    """Keep the file and have it read; a small one is read at once.

    `owner` is the address or ORCID iD of the person whose publications a BibTeX file lists. The
    caller has checked that `actor` may.

    Raises:
        Refusal: empty, too_large.
    """
    if not content:
        raise Refusal("empty", "The file is empty.", field="file", status=422)
    if len(content) > BYTES_MOST:
        raise Refusal(
            "too_large",
            f"The file has {len(content) / 1024**2:.0f} MB; {BYTES_MOST // 1024**2} MB are the "
            "most. Divide it.",
            field="file",
            status=413,
        )
    made = PoolImport.objects.create(
        issue=issue,
        file=files.store(content, name=name, media_type="application/octet-stream"),
        owner=owner.strip()[:254],
        begun_by=actor,
        begun_at=clock.now(),
    )
    audit.record(actor, "pool_import.begun", made, sha256=made.file.sha256)
    if len(content) <= BYTES_AT_ONCE:
        return read_import(actor=ACTOR, pool_import=made)
    doorbell.ring("reviews.tasks.carry_import", made.public_id)
    return made


def read_import(*, actor: str, pool_import: PoolImport) -> PoolImport:
    """Read the file and note what would become of each row. Writes no person; safe to run twice."""
    if not _take_up(actor, pool_import, ImportState.READING):
        return PoolImport.objects.get(pk=pool_import.pk)
    try:
        kind, reading = _read(pool_import)
    except UnreadableFile as unreadable:
        return _fail(actor, pool_import, str(unreadable))
    index = index_of_people()
    verdicts = []
    for person in reading.people:
        verdict = identify(person, index)
        verdicts.append(verdict)
        if verdict.outcome == Outcome.NEW:
            _remember(index, person, key=-len(verdicts))
    lines = [
        _line(pool_import, position, person, verdict)
        for position, (person, verdict) in enumerate(zip(reading.people, verdicts, strict=True))
    ]
    lines += _fault_lines(pool_import, reading.faults)
    with transaction.atomic():
        locked = _locked(pool_import)
        if locked.state != ImportState.READING:
            return locked
        PoolImportLine.objects.filter(pool_import=locked).delete()
        PoolImportLine.objects.bulk_create(lines, batch_size=500)
        locked.kind = kind
        locked.state = ImportState.READ
        locked.joined_count = reading.joined
        locked.total_count = len(reading.people)
        locked.done_count = 0
        locked.attempts = 0
        locked.taken_at = None
        locked.save()
        audit.record(actor, "pool_import.read", locked, people=len(reading.people))
    return locked


@transaction.atomic
def confirm_import(*, actor: User, pool_import: PoolImport) -> PoolImport:
    """Let what was shown be written. A second click changes nothing.

    Raises:
        Refusal: not_read.
    """
    locked = _locked(pool_import)
    if locked.state in (ImportState.WRITING, ImportState.DONE):
        return locked
    if locked.state != ImportState.READ:
        raise Refusal("not_read", f"The file is not ready: {locked.get_state_display().lower()}.")
    locked.state = ImportState.WRITING
    locked.save(update_fields=["state"])
    audit.record(actor, "pool_import.confirmed", locked, people=locked.total_count)
    if locked.total_count <= PEOPLE_AT_ONCE:
        return write_import(actor=ACTOR, pool_import=locked)
    doorbell.ring("reviews.tasks.carry_import", locked.public_id)
    return locked


@transaction.atomic
def discard_import(*, actor: User, pool_import: PoolImport) -> PoolImport:
    """Throw a file away that was not confirmed; nobody was written.

    Raises:
        Refusal: already_written.
    """
    locked = _locked(pool_import)
    if locked.state in (ImportState.WRITING, ImportState.DONE):
        raise Refusal("already_written", "The file is being written or is in the pool already.")
    if locked.state != ImportState.DISCARDED:
        locked.state = ImportState.DISCARDED
        locked.ended_at = clock.now()
        locked.save(update_fields=["state", "ended_at"])
        PoolImportLine.objects.filter(pool_import=locked).delete()
        audit.record(actor, "pool_import.discarded", locked)
    return locked


def write_import(*, actor: str, pool_import: PoolImport) -> PoolImport:
    """Write a confirmed file, a step at a time, from where an earlier worker stopped."""
    if not _take_up(actor, pool_import, ImportState.WRITING):
        return PoolImport.objects.get(pk=pool_import.pk)
    _, reading = _read(pool_import)
    index = index_of_people()
    while True:
        with transaction.atomic():
            locked = _locked(pool_import)
            if locked.state != ImportState.WRITING:
                return locked
            start = locked.done_count
            step = reading.people[start : start + STEP]
            _write_step(actor, locked, start, step, index)
            locked.done_count = start + len(step)
            locked.attempts = 0
            locked.taken_at = clock.real_now()
            if locked.done_count >= len(reading.people):
                locked.state = ImportState.DONE
                locked.ended_at = clock.now()
            locked.save()


def _write_step(
    actor: str, locked: PoolImport, start: int, step: Sequence[Newcomer], index: Index
) -> None:
    verdicts = [identify(person, index) for person in step]
    kept = keep_people(issue=locked.issue, rows=list(zip(step, verdicts, strict=True)))
    for person, one in zip(step, kept, strict=True):
        if one.is_new and one.user is not None:
            _remember(index, person, key=one.user.pk)
    _note(locked, start, step, kept)
    audit.record(
        actor,
        "pool_import.written",
        locked,
        confirmed_by=locked.begun_by.audit_key,
        added=[k.user.audit_key for k in kept if k.user is not None and k.is_new],
        joined=[k.user.audit_key for k in kept if k.user is not None and not k.is_new],
    )
    # New places and publications may be a conflict with what somebody reviews already.
    for public_id in at_work({k.user.pk for k in kept if k.user is not None and not k.is_new}):
        doorbell.ring("reviews.tasks.recheck_person", public_id)


def _remember(index: Index, person: Newcomer, *, key: int) -> None:
    known = Known(
        key=key,
        name=person.full_name or person.email,
        orcid=person.orcid,
        places=place_keys(person.places),
    )
    name = name_key(person.given_name, person.family_name)
    add_known(index, known, name=name, address=person.email)


def _line(
    pool_import: PoolImport, position: int, person: Newcomer, verdict: Verdict
) -> PoolImportLine:
    place = next((p for p in person.places if p.ended_on is None), None)
    return PoolImportLine(
        pool_import=pool_import,
        position=position,
        line=person.line,
        outcome=verdict.outcome,
        name=person.full_name[:260],
        email=person.email,
        orcid=person.orcid,
        institution=(place or person.places[-1]).institution if person.places else "",
        country=person.country,
        paper_count=len(person.papers),
        person_id=verdict.key if verdict.key is not None and verdict.key > 0 else None,
        evidence=verdict.evidence,
        sentence=verdict.sentence[:400],
    )


def _fault_lines(pool_import: PoolImport, faults: Sequence[Fault]) -> list[PoolImportLine]:
    """A line for each fault; of very many the rest is counted in one."""
    rows = [*faults[:FAULTS_MOST]]
    if len(faults) > FAULTS_MOST:
        more = len(faults) - FAULTS_MOST
        rows.append(Fault(faults[FAULTS_MOST].line, f"From here on {more} more rows have faults."))
    return [
        PoolImportLine(
            pool_import=pool_import,
            line=fault.line,
            outcome=Outcome.FAULT,
            sentence=fault.sentence[:400],
        )
        for fault in rows
    ]


def _note(locked: PoolImport, start: int, step: Sequence[Newcomer], kept: Sequence[Kept]) -> None:
    """What became of each row, in its line."""
    there = PoolImportLine.objects.filter(
        pool_import=locked, position__gte=start, position__lt=start + len(kept)
    )
    there.delete()
    PoolImportLine.objects.bulk_create(
        _line(
            locked,
            position,
            person,
            Verdict(one.outcome, one.user.pk if one.user else None, one.evidence, one.sentence),
        )
        for position, (person, one) in enumerate(zip(step, kept, strict=True), start=start)
    )


def _take_up(actor: str, pool_import: PoolImport, state: ImportState) -> bool:
    """Take the file, unless another worker is at it, and count the attempt. One at which
    workers died three times is given up with a sentence."""
    with transaction.atomic():
        locked = _locked(pool_import)
        now = clock.real_now()
        if locked.state != state or (locked.taken_at and locked.taken_at > now - LEASE):
            return False
        locked.attempts += 1
        locked.taken_at = now
        locked.save(update_fields=["attempts", "taken_at"])
    if locked.attempts > ATTEMPTS_MOST:
        _fail(actor, locked, "Reading it failed three times. Divide the file and send the parts.")
        return False
    return True


def _fail(actor: str, pool_import: PoolImport, sentence: str) -> PoolImport:
    with transaction.atomic():
        locked = _locked(pool_import)
        locked.state = ImportState.FAILED
        locked.failure = sentence[:500]
        locked.ended_at = clock.now()
        locked.save(update_fields=["state", "failure", "ended_at"])
        audit.record(actor, "pool_import.failed", locked)
    return locked


def _read(pool_import: PoolImport) -> tuple[str, Reading]:
    kind, reading = read_file(files.read(pool_import.file), owner=pool_import.owner)
    if len(reading.people) > PEOPLE_MOST:
        raise UnreadableFile(
            f"The file has {len(reading.people)} people; {PEOPLE_MOST} are the most. Divide it."
        )
    return kind, reading


def _locked(pool_import: PoolImport) -> PoolImport:
    return (
        PoolImport.objects.select_for_update(of=("self",))
        .select_related("issue", "file", "begun_by")
        .get(pk=pool_import.pk)
    )
