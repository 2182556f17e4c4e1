"""TMI's own score sheet (`domain.md` D), the first version of every special issue.

Reviews are read by it, so it never changes: another wording is another version of an issue.
"""

from reviews.sheet.questions import Choice, Kind, Question, Sheet

RATING_CHOICES = (
    Choice("1", "Poor"),
    Choice("2", "Fair"),
    Choice("3", "Good"),
    Choice("4", "Very good"),
    Choice("5", "Excellent"),
)
CONFIDENCE_CHOICES = (
    Choice("1", "Outside my field"),
    Choice("2", "Some knowledge"),
    Choice("3", "Fairly confident"),
    Choice("4", "Confident"),
    Choice("5", "Expert"),
)
SETTLED_CHOICES = (
    Choice("settled", "Settled"),
    Choice("partly", "In part"),
    Choice("open", "Not settled"),
)
TERNARY_CHOICES = (Choice("yes", "Yes"), Choice("partly", "Partly"), Choice("no", "No"))

# TMI's five recommendations in its own words; the values are those of a decision.
RECOMMENDATIONS = (
    Choice("accept", "Accept"),
    Choice(
        "minor_revision",
        "Accept pending minor revision",
        "No external review required",
    ),
    Choice(
        "reject_resubmit",
        "Reject/Resubmit",
        "Major revisions needed and new external review required",
        first_round_only=True,
    ),
    Choice(
        "reject_other_journal",
        "Reject with recommendation to submit to another journal",
    ),
    Choice("reject", "Reject"),
)

_PARTLY_OR_NO = frozenset({"partly", "no"})


def _rating(key: str, label: str, help_text: str) -> Question:
    return Question(key, Kind.RATING, label, "ratings", help_text, RATING_CHOICES)


def _criterion(key: str, label: str, help_text: str = "") -> Question:
    return Question(
        key, Kind.TERNARY, label, "criteria", help_text, TERNARY_CHOICES, author_sees=True
    )


SECTIONS = (
    (
        "answers",
        "The authors' answers to your points",
        "For the editors alone; what must still change belongs in your comments.",
    ),
    ("ratings", "Ratings", "Nothing is chosen for you. The authors do not see these."),
    ("criteria", "Criteria", "The authors see your answers to these."),
    (
        "comments",
        "Comments",
        "Write to the authors what they can act on. Your name is never shown to them.",
    ),
    (
        "verdict",
        "Recommendation",
        "Advice to the editors, who decide. The authors do not see it.",
    ),
    ("declarations", "Declarations", "For the editors only."),
)

TMI_1 = Sheet(
    number=1,
    title="Score sheet",
    sections=SECTIONS,
    questions=(
        Question(
            "points_settled",
            Kind.SETTLED,
            "Is each of your points settled?",
            "answers",
            choices=SETTLED_CHOICES,
            is_required=False,
            shown_when="has_own_points",
        ),
        _rating(
            "overall_evaluation",
            "Overall evaluation",
            "Your judgement of the manuscript as a whole.",
        ),
        _rating("originality", "Originality", "How new are the ideas and methods?"),
        _rating("scientific_merit", "Scientific merit", "Is the work sound and well supported?"),
        _rating("impact", "Impact", "How much will it change what others do?"),
        _rating("practical_value", "Practical value", "Of what use is it in practice?"),
        _rating(
            "reader_interest", "Reader interest", "How many of the journal's readers will care?"
        ),
        _criterion("novelty_met", "Is the novelty sufficient for the journal?"),
        _criterion("quality_met", "Is the technical quality sufficient?"),
        _criterion(
            "appropriateness_met",
            "Is it appropriate for the journal and for this special issue?",
        ),
        _criterion("impact_met", "Is the expected impact sufficient?"),
        _criterion(
            "real_large_scale_validation",
            "Is the method validated on real, large-scale imaging data?",
            "The call asks for it.",
        ),
        Question(
            "validation_note",
            Kind.TEXT,
            "What is missing in the validation",
            "criteria",
            "One or two sentences.",
            is_required=False,
            author_sees=True,
            shown_when=("real_large_scale_validation", _PARTLY_OR_NO),
            max_chars=1000,
        ),
        _criterion(
            "reproducibility",
            "Could others reproduce it from what is described and shared?",
            "Code, data, settings.",
        ),
        Question(
            "english_quality",
            Kind.CHOICE,
            "English",
            "criteria",
            choices=(
                Choice("satisfactory", "Satisfactory"),
                Choice("needs_improvement", "Needs improvement"),
                Choice("poor", "Poor"),
            ),
            author_sees=True,
        ),
        Question(
            "conference_extension_adequate",
            Kind.TERNARY,
            "Does it go far enough beyond the conference paper that it extends?",
            "criteria",
            "The authors declared an earlier conference paper; it is among the files.",
            TERNARY_CHOICES,
            author_sees=True,
            shown_when="extends_conference_paper",
        ),
        Question(
            "out_of_scope_type",
            Kind.TICK,
            "This is a review article or a position paper",
            "criteria",
            "Such papers are out of the scope of this call. Only the editors see this.",
            is_required=False,
        ),
        Question(
            "comments_to_author",
            Kind.LONG_TEXT,
            "Comments to the authors",
            "comments",
            "At least 500 characters. Number your concerns, and say which are mandatory and which "
            "are optional.",
            author_sees=True,
            min_chars=500,
            headings=(
                "Significance and innovation",
                "Design and technical approach",
                "Content and results",
                "Writing",
                "Mandatory changes (numbered)",
                "Optional suggestions (numbered)",
            ),
        ),
        Question(
            "remarks",
            Kind.REMARKS,
            "Remarks at places in the manuscript",
            "comments",
            "Select words in the manuscript and press “Comment”. The authors read these as "
            "numbered comments with page and quotation, after the list in your comments.",
            is_required=False,
            author_sees=True,
        ),
        Question(
            "suggested_references",
            Kind.REFERENCES,
            "References that the authors should consider",
            "comments",
            "One a line, with its DOI. The editor looks at them before the authors do.",
            is_required=False,
            author_sees=True,
            max_chars=5000,
        ),
        Question(
            "confidential_comments_to_editor",
            Kind.LONG_TEXT,
            "Confidential comments to the editors",
            "comments",
            "Never shown to the authors.",
            is_required=False,
        ),
        Question(
            "recommendation",
            Kind.CHOICE,
            "Your recommendation",
            "verdict",
            choices=RECOMMENDATIONS,
        ),
        Question(
            "expertise_confidence",
            Kind.CONFIDENCE,
            "How well do you know this field?",
            "verdict",
            choices=CONFIDENCE_CHOICES,
        ),
        Question(
            "willing_to_review_revision",
            Kind.CHOICE,
            "Would you review a revised version?",
            "verdict",
            choices=(Choice("yes", "Yes"), Choice("no", "No")),
        ),
        Question(
            "ethics_concern",
            Kind.CHOICE,
            "Is there an ethical concern?",
            "declarations",
            "Approval by a board, consent, privacy, integrity of the data or the text.",
            choices=(Choice("none", "None"), Choice("concern", "Yes, as described below")),
        ),
        Question(
            "ethics_note",
            Kind.TEXT,
            "The ethical concern",
            "declarations",
            shown_when=("ethics_concern", frozenset({"concern"})),
            max_chars=4000,
        ),
        Question(
            "ai_use_declaration",
            Kind.CHOICE,
            "Did you use an AI tool?",
            "declarations",
            "A review may not be written by AI, and the manuscript may not be put into a public AI "
            "service.",
            choices=(
                Choice("none", "None"),
                Choice("language", "For the wording of my own text"),
                Choice("other", "Otherwise, as described below"),
            ),
        ),
        Question(
            "ai_use_note",
            Kind.TEXT,
            "Tool and purpose",
            "declarations",
            shown_when=("ai_use_declaration", frozenset({"language", "other"})),
            max_chars=1000,
        ),
        Question(
            "co_reviewer",
            Kind.TEXT,
            "Who helped you with this review",
            "declarations",
            "Name of anybody who helped; the editor must have agreed beforehand.",
            is_required=False,
            max_chars=300,
        ),
        Question(
            "coi_confirmed",
            Kind.TICK,
            "I have no conflict of interest beyond what I declared when I agreed",
            "declarations",
        ),
    ),
)
