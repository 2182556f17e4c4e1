"""The rows of the acceptance list, from what is released and nothing else."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from editors.acceptance import AcceptanceRow, overlength_pages, overlength_usd
from editors.models import AcceptanceSnapshot, Decision, Handling
from editors.states import DecisionKind, DecisionState
from submissions.models import Author, Manuscript, Version, VersionFile
from submissions.queries.statements import ai_disclosure, funding
from submissions.states import ACCEPTED, FileKind, Stage
from tmi_special_issue.models import SpecialIssue

_MULTIMEDIA = frozenset({FileKind.VIDEO, FileKind.MEDIA})
_COMPLETE = frozenset({Stage.FINAL_FILES_RECEIVED, Stage.READY_FOR_PRODUCTION})


class _Author(NamedTuple):
    """What the list says of an author; many lists of thousands need no whole rows."""

    given_name: str
    family_name: str
    email: str
    orcid: str
    institution: str
    ror: str
    country: str
    is_corresponding: bool

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class _File(NamedTuple):
    """What a file is, and how long."""

    kind: str
    page_count: int | None


def acceptance_rows(
    issue: SpecialIssue, visible: QuerySet[Manuscript] | None = None
) -> list[AcceptanceRow]:
    """The accepted manuscripts, by acceptance date and number. No reviewer appears.

    `visible` narrows the list to what a person may see; without it the list is complete. Six
    queries at any length.
    """
    decisions = (
        Decision.objects.filter(
            kind=DecisionKind.ACCEPT,
            state=DecisionState.RELEASED,
            version__manuscript__issue=issue,
            version__manuscript__stage__in=list(ACCEPTED),
        )
        .select_related("version__manuscript")
        .defer("reasons", "version__cover_letter", "version__validation_statement")
    )
    if visible is not None:
        decisions = decisions.filter(version__manuscript__in=visible)
    accepted = list(decisions)
    version_keys = [d.version_id for d in accepted]
    manuscript_keys = [d.version.manuscript_id for d in accepted]
    authors: dict[int, list[_Author]] = defaultdict(list)
    by_line = Author.objects.filter(version__in=version_keys).order_by("version", "position")
    for key, *values in by_line.values_list("version_id", *_Author._fields):
        authors[key].append(_Author(*values))
    files: dict[int, list[_File]] = defaultdict(list)
    kept = VersionFile.objects.filter(version__in=version_keys).order_by()
    for key, kind, page_count in kept.values_list("version_id", *_File._fields):
        files[key].append(_File(kind, page_count))
    received = dict(
        Version.objects.filter(manuscript__in=manuscript_keys, revision_number=0).values_list(
            "manuscript_id", "first_submitted_at"
        )
    )
    handled = Handling.objects.filter(manuscript__in=manuscript_keys, ended_at__isnull=True)
    editors = {
        key: f"{given} {family}".strip()
        for key, given, family in handled.values_list(
            "manuscript_id", "editor__given_name", "editor__family_name"
        )
    }
    topics: dict[int, list[str]] = defaultdict(list)
    chosen = Version.topics.through.objects.filter(version__in=version_keys)
    for key, name in chosen.order_by("topic__position").values_list(
        "version_id", "topic__short_name"
    ):
        topics[key].append(name)
    zone = ZoneInfo(issue.zone)
    rows = [
        _row(
            issue,
            decision,
            authors[decision.version_id],
            files[decision.version_id],
            topics=topics[decision.version_id],
            received=received.get(decision.version.manuscript_id),
            editor=editors.get(decision.version.manuscript_id, ""),
            zone=zone,
        )
        for decision in accepted
    ]
    rows.sort(key=lambda row: (row.accepted_date, row.manuscript_id))
    return [replace(row, position=str(n)) for n, row in enumerate(rows, start=1)]


def snapshots(issue: SpecialIssue) -> QuerySet[AcceptanceSnapshot]:
    """The lists taken so far, the newest first."""
    return AcceptanceSnapshot.objects.filter(issue=issue).select_related("taken_by")


def snapshot_rows(snapshot: AcceptanceSnapshot) -> list[AcceptanceRow]:
    """The rows of a list as they were stored."""
    return [AcceptanceRow(**row) for row in snapshot.rows]


def _row(
    issue: SpecialIssue,
    decision: Decision,
    authors: list[_Author],
    files: list[_File],
    *,
    topics: list[str],
    received: datetime | None,
    editor: str,
    zone: ZoneInfo,
) -> AcceptanceRow:
    version = decision.version
    manuscript = version.manuscript
    corresponding = next((a for a in authors if a.is_corresponding), None)
    kinds = {FileKind(f.kind) for f in files}
    pages = next((f.page_count for f in files if f.kind == FileKind.MAIN), None)
    return AcceptanceRow(
        position="",
        manuscript_id=manuscript.number or "",
        final_revision=str(version.revision_number),
        manuscript_type=issue.manuscript_type,
        title=version.title,
        authors="; ".join(a.full_name for a in authors),
        corresponding_author=corresponding.full_name if corresponding else "",
        corresponding_email=corresponding.email if corresponding else "",
        corresponding_orcid=corresponding.orcid if corresponding else "",
        affiliations=_distinct(a.institution for a in authors),
        rors=_distinct(a.ror for a in authors),
        countries=_distinct(a.country for a in authors),
        index_terms="; ".join(version.index_terms),
        topics="; ".join(topics),
        abstract=version.abstract,
        received_date=_day(received or version.first_submitted_at, zone),
        revised_date=_day(version.submitted_at, zone) if version.revision_number else "",
        accepted_date=_day(decision.released_at, zone),
        rounds=str(version.revision_number + 1),
        handling_editor=editor,
        decision_authority=issue.get_decision_authority_display(),
        pages=str(pages) if pages is not None else "",
        overlength_pages=str(overlength_pages(pages)) if pages is not None else "",
        overlength_charge_usd=str(overlength_usd(pages)) if pages is not None else "",
        graphical_abstract=_yes(FileKind.GRAPHICAL_ABSTRACT in kinds),
        multimedia=_yes(bool(_MULTIMEDIA & kinds)),
        conference_version_doi=version.conference_doi,
        preprint_url=version.preprint_url,
        funding="; ".join(funding(version).splitlines()),
        ai_disclosure=ai_disclosure(version),
        ethics_statement=_with_details(
            version.get_human_subjects_display(),
            ", ".join(filter(None, [version.ethics_board, version.ethics_protocol])),
        ),
        data_availability=version.data_availability,
        orcid_missing_for="; ".join(a.full_name for a in authors if not a.orcid),
        similarity_percent="",
        final_files_complete=_yes(Stage(manuscript.stage) in _COMPLETE),
        copyright_form="done" if FileKind.COPYRIGHT_FORM in kinds else "pending",
        licence_choice="",
        doi="",
    )


def _day(instant: datetime | None, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).date().isoformat() if instant else ""


def _distinct(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, values)))


def _with_details(choice: str, details: str) -> str:
    return f"{choice}: {details}" if choice and details else choice


def _yes(answer: bool) -> str:
    return "y" if answer else "n"
