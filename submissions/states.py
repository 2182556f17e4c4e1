"""Where a manuscript stands, and which moves are allowed (`domain.md` B.2).

Few stages are stored. "Guest editor is assigning reviewers", "waiting for scores" and the like
are computed from the assignments by the desk and are never stored, because a copy drifts.
"""

from enum import StrEnum


class Stage(StrEnum):
    """The stored stage of a manuscript. A decision's outcome is a stage of its own."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNSUBMITTED = "unsubmitted"
    AWAITING_EDITOR = "awaiting_editor"
    IN_REVIEW = "in_review"
    AWAITING_DECISION = "awaiting_decision"
    MINOR_REVISION = "minor_revision"
    MAJOR_REVISION = "major_revision"
    REVISION_DRAFT = "revision_draft"
    REVISION_LAPSED = "revision_lapsed"
    REJECTED = "rejected"
    AWAITING_FINAL_FILES = "awaiting_final_files"
    FINAL_FILES_RECEIVED = "final_files_received"
    READY_FOR_PRODUCTION = "ready_for_production"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred_to_regular"
    ACCEPTANCE_RESCINDED = "acceptance_rescinded"


# A revision that was asked for and not yet handed in, whether or not the author has begun it.
REVISING = frozenset({Stage.MINOR_REVISION, Stage.MAJOR_REVISION, Stage.REVISION_DRAFT})

# Here the authors may ask for more time (`domain.md` B.2); a lapsed revision opens again by it.
MORE_TIME_FOR = REVISING | {Stage.REVISION_LAPSED}

ACCEPTED = frozenset(
    {Stage.AWAITING_FINAL_FILES, Stage.FINAL_FILES_RECEIVED, Stage.READY_FOR_PRODUCTION}
)

CLOSED = frozenset({Stage.REJECTED, Stage.WITHDRAWN, Stage.TRANSFERRED, Stage.ACCEPTANCE_RESCINDED})

MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.SUBMITTED}),
    Stage.SUBMITTED: frozenset(
        {Stage.UNSUBMITTED, Stage.AWAITING_EDITOR, Stage.IN_REVIEW, Stage.WITHDRAWN}
    ),
    Stage.UNSUBMITTED: frozenset({Stage.SUBMITTED, Stage.WITHDRAWN}),
    Stage.AWAITING_EDITOR: frozenset(
        {Stage.IN_REVIEW, Stage.AWAITING_DECISION, Stage.WITHDRAWN, Stage.TRANSFERRED}
    ),
    Stage.IN_REVIEW: frozenset(
        {Stage.AWAITING_EDITOR, Stage.AWAITING_DECISION, Stage.WITHDRAWN, Stage.TRANSFERRED}
    ),
    Stage.AWAITING_DECISION: frozenset(
        {
            Stage.IN_REVIEW,
            Stage.MINOR_REVISION,
            Stage.MAJOR_REVISION,
            Stage.REJECTED,
            Stage.AWAITING_FINAL_FILES,
            Stage.WITHDRAWN,
            Stage.TRANSFERRED,
        }
    ),
    Stage.MINOR_REVISION: frozenset({Stage.REVISION_DRAFT, Stage.REVISION_LAPSED, Stage.WITHDRAWN}),
    Stage.MAJOR_REVISION: frozenset({Stage.REVISION_DRAFT, Stage.REVISION_LAPSED, Stage.WITHDRAWN}),
    Stage.REVISION_DRAFT: frozenset({Stage.SUBMITTED, Stage.REVISION_LAPSED, Stage.WITHDRAWN}),
    Stage.REVISION_LAPSED: frozenset({Stage.REVISION_DRAFT, Stage.WITHDRAWN}),
    Stage.AWAITING_FINAL_FILES: frozenset(
        {Stage.FINAL_FILES_RECEIVED, Stage.WITHDRAWN, Stage.ACCEPTANCE_RESCINDED}
    ),
    Stage.FINAL_FILES_RECEIVED: frozenset(
        {Stage.AWAITING_FINAL_FILES, Stage.READY_FOR_PRODUCTION, Stage.ACCEPTANCE_RESCINDED}
    ),
    Stage.READY_FOR_PRODUCTION: frozenset({Stage.ACCEPTANCE_RESCINDED}),
    Stage.REJECTED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
    Stage.TRANSFERRED: frozenset(),
    Stage.ACCEPTANCE_RESCINDED: frozenset(),
}

# What the author reads. One label covers all of the review, so that it gives no count away (J7).
AUTHOR_LABELS: dict[Stage, str] = {
    Stage.DRAFT: "Draft, not submitted",
    Stage.SUBMITTED: "Submitted, with the editorial office",
    Stage.UNSUBMITTED: "Returned to you to be completed",
    Stage.AWAITING_EDITOR: "With the editors",
    Stage.IN_REVIEW: "Under review",
    Stage.AWAITING_DECISION: "Under review",
    Stage.MINOR_REVISION: "Accept pending minor revision",
    Stage.MAJOR_REVISION: "Reject/Resubmit: major revision",
    Stage.REVISION_DRAFT: "Revision in preparation",
    Stage.REVISION_LAPSED: "Revision period ended",
    Stage.REJECTED: "Rejected",
    Stage.AWAITING_FINAL_FILES: "Accepted, final files wanted",
    Stage.FINAL_FILES_RECEIVED: "Accepted, final files received",
    Stage.READY_FOR_PRODUCTION: "Sent to production",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.TRANSFERRED: "Moved to the regular queue of the journal",
    Stage.ACCEPTANCE_RESCINDED: "Acceptance rescinded",
}


def may_move(origin: Stage, target: Stage) -> bool:
    """Is this move in the table?"""
    return target in MOVES[origin]


class RevisionKind(StrEnum):
    """Why a revised version was asked for."""

    MINOR = "minor_revision"
    MAJOR = "reject_resubmit"


class FileKind(StrEnum):
    """What a file of a version is (`domain.md` G.1: six supporting kinds and no others)."""

    MAIN = "main"
    COVER_LETTER = "cover_letter"
    GRAPHICAL_ABSTRACT = "graphical_abstract"
    VIDEO = "video"
    MEDIA = "media"
    DATASET = "dataset"
    CODE = "code"
    CONFERENCE_PAPER = "conference_paper"
    RESPONSE = "response_to_reviewers"
    MARKED_COPY = "marked_up_copy"
    ANSWERS = "answers_to_points"
    SOURCES = "sources"
    FINAL_PDF = "final_pdf"
    COPYRIGHT_FORM = "copyright_form"


FILE_KIND_LABELS: dict[FileKind, str] = {
    FileKind.MAIN: "Main manuscript (PDF)",
    FileKind.COVER_LETTER: "Cover letter",
    FileKind.GRAPHICAL_ABSTRACT: "Graphical abstract",
    FileKind.VIDEO: "Video",
    FileKind.MEDIA: "Media",
    FileKind.DATASET: "Data set",
    FileKind.CODE: "Code",
    FileKind.CONFERENCE_PAPER: "Conference paper that this work extends (PDF)",
    FileKind.RESPONSE: "Response to reviewers (PDF)",
    FileKind.MARKED_COPY: "Copy with changes marked (PDF)",
    FileKind.ANSWERS: "Answers to the reviewers, point by point (PDF)",
    FileKind.SOURCES: "Source files (LaTeX or Word)",
    FileKind.FINAL_PDF: "Final PDF",
    FileKind.COPYRIGHT_FORM: "Copyright form",
}

# Kinds that a reader opens as a document, so they pass the same checks as the manuscript.
PDF_KINDS = frozenset(
    {
        FileKind.MAIN,
        FileKind.CONFERENCE_PAPER,
        FileKind.RESPONSE,
        FileKind.MARKED_COPY,
        FileKind.FINAL_PDF,
    }
)


class Confirmation(StrEnum):
    """A co-author's answer to "you are named as an author"."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class RequestOutcome(StrEnum):
    """What became of a request for more time; `closed` when the revision came without it."""

    GRANTED = "granted"
    REFUSED = "refused"
    CLOSED = "closed"


class Suitability(StrEnum):
    """A guest editor's answer to "does my work fit this issue?"."""

    FITS = "fits"
    FITS_IF = "fits_if"
    DOES_NOT_FIT = "does_not_fit"


SUITABILITY_LABELS: dict[Suitability, str] = {
    Suitability.FITS: "fits",
    Suitability.FITS_IF: "fits if…",
    Suitability.DOES_NOT_FIT: "does not fit",
}


class ConflictKind(StrEnum):
    """What stands between a person and an author, as the authors declare it (`domain.md` F)."""

    INSTITUTION = "institution"
    FORMER_INSTITUTION = "former_institution"
    COLLABORATOR = "collaborator"
    ADVISER = "adviser"
    FAMILY = "family"
    INTEREST = "interest"
    SIMILAR_WORK = "similar_work"


CONFLICT_LABELS: dict[ConflictKind, str] = {
    ConflictKind.INSTITUTION: "Same institution as an author",
    ConflictKind.FORMER_INSTITUTION: "Left an author's institution in the last years",
    ConflictKind.COLLABORATOR: "Published or held a grant with an author in the last years",
    ConflictKind.ADVISER: "Adviser or student of an author, at any time",
    ConflictKind.FAMILY: "Family or close personal relation",
    ConflictKind.INTEREST: "Financial or competing interest",
    ConflictKind.SIMILAR_WORK: "Works on a very similar manuscript",
}


class ReceiptPurpose(StrEnum):
    """What was handed in."""

    SUBMISSION = "submission"
    FINAL_FILES = "final_files"


class WithdrawalAnswer(StrEnum):
    """How a request to withdraw ended."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


# From here an author may ask to withdraw (`domain.md` B.2); a draft is simply not submitted.
WITHDRAWABLE = frozenset(stage for stage in Stage if Stage.WITHDRAWN in MOVES[stage])


class AuthorChangeState(StrEnum):
    """Where a request for other authors stands: consents first, then the editor-in-chief."""

    COLLECTING = "collecting"
    CONSENTED = "consented"
    APPROVED = "approved"
    DECLINED = "declined"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


OPEN_CHANGES = frozenset({AuthorChangeState.COLLECTING, AuthorChangeState.CONSENTED})


class AuthorPart(StrEnum):
    """What a changed list means for one person."""

    STAYS = "stays"
    JOINS = "joins"
    LEAVES = "leaves"


# Once handed in and not yet over: here other authors must be asked for (J17).
AUTHORS_CHANGEABLE = frozenset(Stage) - CLOSED - {Stage.DRAFT, Stage.READY_FOR_PRODUCTION}
