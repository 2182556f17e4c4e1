"""The authors' part of a manuscript: versions with by-line, files, named reviewers; every version
handed in with its receipt, every revision with twelve points, every tenth with an enquiry."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from bench import words
from bench.fates import FATES, NOW, Fate, S
from bench.people import institution_of
from bench.press import Press
from bench.rows import VersionTopic
from submissions.models import (
    Author,
    Enquiry,
    EnquiryMessage,
    Manuscript,
    NamedReviewer,
    Receipt,
    ResponsePoint,
    Version,
    VersionFile,
)
from submissions.states import ACCEPTED, FileKind, ReceiptPurpose, Suitability


def author_of(press: Press, number: int) -> User:
    authors = press.people.authors
    return authors[0 if number % press.every == 5 else number // 2 % len(authors)]


def add_version(
    press: Press,
    manuscript: Manuscript,
    number: int,
    revision: int,
    handed_in_at: datetime | None,
    fate: Fate | None = None,
) -> Version:
    theme, random = number % len(words.THEMES), press.random
    is_draft = handed_in_at is None or bool(fate and fate.revision == "draft")
    is_returned = bool(fate and fate.revision == "returned")
    version = press.rows.add(
        Version(
            manuscript=manuscript,
            revision_number=revision,
            revision_kind=(fate.asked or "") if fate else "",
            saved_at=handed_in_at or NOW,
            submitted_at=None if is_draft or is_returned else handed_in_at,
            first_submitted_at=None if is_draft else handed_in_at,
            due_at=NOW + timedelta(days=5) if is_returned else None,
            title=words.title(random, theme),
            abstract=words.abstract(random, theme),
            index_terms=words.index_terms(theme),
            is_original_research=True,
            validation_statement="Sixty thousand volumes of four centres not trained on.",
            cover_letter="The work fits the call: one model for several kinds of images.",
            extends_conference_paper=number % 5 == 0,
            conference_citation="A. Writer, Early Results, 2023" if number % 5 == 0 else "",
            conference_new_data="Twice the data, of two more centres." if number % 5 == 0 else "",
            concurrent_submissions="None",
            human_subjects="approved",
            ethics_board="Board of the first author's institution",
            ethics_protocol=f"2023-{number:05d}",
            data_availability="The list of cases is on request.",
            code_availability="Code will be open.",
            ai_use="language",
            ai_extent="For the wording of two paragraphs.",
            has_no_funding=True,
            competing_interests="None",
            declares_unpublished=True,
            declares_all_agree=True,
            declares_charges=True,
            response_summary="Every point was answered in the text." if revision else "",
        )
    )
    for step in (0, 1 + number % 5):
        topic = press.topics[(theme + step) % len(press.topics)]
        press.rows.add(VersionTopic(version=version, topic=topic))
    _add_by_line(press, version, number)
    _add_files(press, version, number, handed_in_at or NOW)
    if number % 3 == 0:
        _add_named_reviewers(press, version, number)
    if revision:
        _add_points(press, version, is_answered=not is_draft)
    if version.first_submitted_at:
        _add_receipt(press, version, version.first_submitted_at)
    if not revision and number % 10 == 5:
        _add_enquiry(press, version, number)
    return version


def _add_by_line(press: Press, version: Version, number: int) -> None:
    authors = press.people.authors
    for position in range(1, 5):
        account, serial = None, number * 4 + position
        if position == 1:
            account = version.manuscript.submitter
        elif position == 2:
            account = authors[(number // 2 + 3) % len(authors)]
        press.rows.add(
            Author(
                version=version,
                user=account,
                position=position,
                given_name=account.given_name if account else "Outside",
                family_name=account.family_name if account else f"Writer{serial}",
                email=account.email if account else f"writer{serial}@aside.example",
                orcid=account.orcid if account else "",
                institution=institution_of(number + position),
                country="NO",
                is_corresponding=position == 1,
                confirmation="confirmed" if position < 3 else "pending",
            )
        )


def _add_files(press: Press, version: Version, number: int, at: datetime) -> None:
    kinds = [FileKind.MAIN, FileKind.CODE]
    if version.revision_number:
        kinds += [FileKind.RESPONSE, FileKind.MARKED_COPY]
    if version.extends_conference_paper:
        kinds.append(FileKind.CONFERENCE_PAPER)
    if FATES[number % len(FATES)].stage in ACCEPTED - {S.AWAITING_FINAL_FILES}:
        kinds += [FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM]
    for kind in kinds:
        ending = "zip" if kind in {FileKind.CODE, FileKind.SOURCES} else "pdf"
        press.rows.add(
            VersionFile(
                version=version,
                kind=kind,
                file=press.stored(f"{kind.value}.{ending}", at),
                thumbnail=press.stored("page-1.png", at) if kind == FileKind.MAIN else None,
                page_count=8 + number % 6 if ending == "pdf" else None,
                findings=[
                    {"level": "ok", "code": "fonts", "sentence": "All fonts are embedded."},
                    {"level": "ok", "code": "pages", "sentence": "The length is right."},
                ],
                uploaded_at=at,
            )
        )


def _add_named_reviewers(press: Press, version: Version, number: int) -> None:
    pool = press.people.reviewers
    for step, is_opposed in ((11, False), (12, False), (13, True)):
        person = pool[(number * 4 + step) % len(pool)]
        press.rows.add(
            NamedReviewer(
                version=version,
                is_opposed=is_opposed,
                name=person.full_name,
                email=person.email,
                institution="Institute of Imaging",
                reason="Works on the same scanners.",
            )
        )


def _add_points(press: Press, version: Version, *, is_answered: bool) -> None:
    for reviewer in (1, 2, 4):
        for position in range(1, 5):
            press.rows.add(
                ResponsePoint(
                    manuscript=version.manuscript,
                    revision_number=version.revision_number,
                    reviewer=reviewer,
                    position=position,
                    text="Say how the volumes of the fourth centre were chosen. " * 4,
                    answer="Section 2 now says how." if is_answered or position < 3 else "",
                    place="page 2" if is_answered else "",
                )
            )


def _add_receipt(press: Press, version: Version, at: datetime) -> None:
    press.rows.add(
        Receipt(
            version=version,
            purpose=ReceiptPurpose.SUBMISSION,
            label=version.label,
            received_at=at,
            files=[{"kind": "Paper", "name": "main.pdf", "bytes": 9_000, "sha256": "0" * 64}],
            metadata=[["Title", version.title], ["Abstract", version.abstract]],
        )
    )


def _add_enquiry(press: Press, version: Version, number: int) -> None:
    author, editors = version.manuscript.submitter, press.people.editors
    enquiry = press.rows.add(
        Enquiry(
            issue=press.issue,
            author=author,
            editor=editors[number % len(editors)],
            manuscript=version.manuscript,
            title=version.title,
            abstract=version.abstract,
            asked_at=press.closing - timedelta(days=30),
        )
    )
    for sender, answer in ((author, ""), (enquiry.editor, Suitability.FITS)):
        press.rows.add(
            EnquiryMessage(
                enquiry=enquiry,
                sender=sender,
                suitability=answer,
                text="Is one hospital enough?" if not answer else "It is, if it is large.",
                sent_at=press.closing - timedelta(days=29),
            )
        )
