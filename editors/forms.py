"""Forms of the desk: text in, clean values out."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from accounts.models import RoleName, User
from editors.clinic import TEXT_CHARACTERS
from editors.queries.handling import EditorChoice
from editors.states import DECISION_WORDS, MATCHING_WORDS, DecisionKind, MatchingMode
from editors.wording import WORDS_MAX
from reviews.actions.grades import NOTE_MAX
from reviews.actions.profiles import INTERVAL_MAX, LOAD_MAX
from reviews.models.grades import GRADE_LEAST, GRADE_MOST
from reviews.sheet import BUILT_IN, FIXED, Kind, Question
from reviews.sheet.schema import CHOICES_LEAST, HELP_MAX, LABEL_MAX, LEVELS
from submissions.forms import UntilForm
from submissions.states import Suitability
from tmi_special_issue.models import DecisionAuthority, MilestoneKind, SpecialIssue

ABSTRACT_LENGTH = 5000
MESSAGE_LENGTH = 3000
MONTHS_MOST = 600
ASK_BACK = "ask_back"

_KIND_NOTES: dict[DecisionKind, str] = {
    DecisionKind.ACCEPT: "The author is asked for the final files.",
    DecisionKind.MINOR_REVISION: "The author revises, and you alone look at it.",
    DecisionKind.REJECT_RESUBMIT: "One major revision, then a second round with reviewers.",
    DecisionKind.REJECT_OTHER_JOURNAL: "Closed; the letter points to another journal.",
    DecisionKind.REJECT: "Closed.",
    DecisionKind.IMMEDIATE_REJECT: "Closed without external review.",
}


class FaultForm(forms.Form):
    """What the author must mend before the manuscript goes on."""

    faults = forms.CharField(
        label="What is to be mended",
        help_text="One fault a line, each with what to do. The author gets exactly these words.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8, "data-max-chars": 4000}),
        error_messages={"required": "Write at least one fault and what to do about it."},
    )


class NoteForm(forms.Form):
    """A note on a manuscript."""

    text = forms.CharField(
        label="Your note",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "data-max-chars": MESSAGE_LENGTH}),
        error_messages={"required": "Your note is empty. Write at least one word."},
    )
    is_private = forms.BooleanField(
        label="Only for me",
        help_text="Otherwise all who see the manuscript on the desk read it.",
        required=False,
    )


class TagForm(forms.Form):
    """A word to find the manuscript by; what it may be is for the action to say."""

    name = forms.CharField(
        label="Tag",
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"list": "tags-in-use", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class MatchingForm(forms.Form):
    """What reviewers are matched for."""

    mode = forms.ChoiceField(
        label="What matters",
        choices=[
            (mode.value, words.replace(": ", " :: ")) for mode, words in MATCHING_WORDS.items()
        ],
        initial=MatchingMode.FAIR.value,
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose what matters."},
    )
    chance_most = forms.IntegerField(
        label="Highest chance of a pair, in percent",
        help_text="For a draw only: nobody gets a manuscript with a higher chance than this.",
        initial=80,
        min_value=10,
        max_value=100,
    )
    seed = forms.IntegerField(
        label="Seed",
        help_text="For a draw only: the same seed draws the same people. Empty for a new one.",
        required=False,
        min_value=0,
        max_value=2**32 - 1,
    )


class EditorForm(forms.Form):
    """Who handles the manuscript."""

    editor = forms.ChoiceField(
        label="Guest editor",
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose one of the editors."},
    )

    def __init__(self, *args: Any, choices: list[EditorChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["editor"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (c.editor.public_id, f"{c.editor.full_name} :: {_editor_note(c)}")
                for c in choices
                if c.is_open
            ]


class ClinicForm(forms.Form):
    """People whom an editor thinks of."""

    people = forms.CharField(
        label="People",
        help_text="One a line: an address, “Name &lt;address&gt;”, an ORCID iD or a whole name.",
        max_length=TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"required": "Write at least one name, address or ORCID iD."},
    )


class ReassignmentForm(forms.Form):
    """Why the handling editor steps back."""

    reason = forms.CharField(
        label="Reason",
        help_text="The lead, the editor-in-chief and the office read it; nobody else does.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "data-max-chars": 500}),
    )
    is_conflict = forms.BooleanField(
        label="I have a conflict of interest",
        help_text="The manuscript then disappears from your desk at once.",
        required=False,
    )


class DecisionForm(forms.Form):
    """The decision and the words of the letter."""

    kind = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose a decision; nothing is preselected."},
    )
    reasons = forms.CharField(
        label="Your words to the author",
        help_text=(
            "Three to eight sentences: what was decisive, and which points are mandatory. The "
            "reviews follow in the annex by themselves."
        ),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "data-max-chars": 20_000}),
    )
    wording = forms.CharField(
        label="The letter around your words",
        help_text=(
            "{reasons} is where your words stand. Places in braces are filled from the "
            "manuscript; empty the field to begin again from the template."
        ),
        max_length=WORDS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "data-max-chars": WORDS_MAX}),
    )
    early_reason = forms.CharField(
        label="Why fewer reviews suffice",
        help_text="Goes to the record, not into the letter.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-max-chars": 500}),
    )
    edit_count = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        offered: tuple[DecisionKind, ...],
        needs_early: bool,
        is_drafted: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_drafted:  # the first draft is begun from the template of the chosen outcome
            del self.fields["wording"]
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (kind.value, f"{DECISION_WORDS[kind]} :: {_KIND_NOTES[kind]}") for kind in offered
            ]
        if not needs_early:
            self.fields["early_reason"].widget = forms.HiddenInput()


class RecommendForm(DecisionForm):
    """The same, as advice to whoever decides."""

    note = forms.CharField(
        label="Note to whoever decides",
        help_text="Never part of the letter.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-max-chars": 4000}),
    )


class HoldForm(forms.Form):
    """The minute at which letters go out."""

    release_at = forms.DateTimeField(
        label="Hold until",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: Any, issue: SpecialIssue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issue = issue
        self.fields["release_at"].help_text = f"The time is meant in {issue.zone_label}."

    def clean_release_at(self) -> datetime | None:
        """The chosen minute in the zone of the issue."""
        chosen: datetime | None = self.cleaned_data["release_at"]
        if chosen is None:
            return None
        return chosen.replace(tzinfo=ZoneInfo(self.issue.zone))


class ReleaseForm(HoldForm):
    """When one letter goes out; empty means now."""

    letter = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["release_at"]
        field.required = False
        field.help_text = f"Leave empty to release now. {field.help_text}"


class LetterWordsForm(forms.Form):
    """The words of the letters for one outcome, and the manuscript on which they are tried."""

    text = forms.CharField(
        label="Text",
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 26, "data-max-chars": WORDS_MAX}),
    )
    paper = forms.ChoiceField(label="Try it on", required=False)
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, papers: Sequence[tuple[str, str]], may_edit: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["paper"]
        if papers and may_edit and isinstance(field, forms.ChoiceField):
            field.choices = papers
        else:
            del self.fields["paper"]
        self.fields["text"].widget.attrs["readonly"] = not may_edit


class VerifyForm(forms.Form):
    """The code on a letter, and the checksum of a file that is said to be the letter."""

    code = forms.CharField(
        label="Code on the letter",
        help_text="Sixteen letters and digits in groups of four, at the foot of each page.",
        max_length=64,
        error_messages={"required": "Type the code that stands at the foot of the letter."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    checksum = forms.CharField(
        label="SHA-256 of the file",
        help_text="If you have the PDF: its checksum, so that no file has to be sent.",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_checksum(self) -> str:
        """The checksum as 64 small hexadecimal digits, or nothing."""
        typed = "".join(str(self.cleaned_data["checksum"]).split()).lower()
        if typed and not re.fullmatch(r"[0-9a-f]{64}", typed):
            raise forms.ValidationError("A SHA-256 has 64 digits from 0 to 9 and a to f.")
        return typed


class ExtensionForm(UntilForm):
    """More time for one manuscript."""

    kind = forms.ChoiceField(
        label="Which date",
        choices=[
            (MilestoneKind.REVISION.value, "The revision"),
            (MilestoneKind.SUBMISSION.value, "The submission"),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "line"}),
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Kept on record and counted in the statistics.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-max-chars": 500}),
    )
    field_order = ["kind", "until", "reason"]


class ReviewerUntilForm(UntilForm):
    """More time for one reviewer."""


class ReviewerReasonForm(forms.Form):
    """Why a reviewer is let go, or a review goes back."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-max-chars": 500}),
    )


class DeclineForm(forms.Form):
    """Why a wish of the author is not granted."""

    note = forms.CharField(
        label="Reason",
        help_text="The author reads exactly these words.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "data-max-chars": 500}),
        error_messages={"required": "Write at least one sentence; the author reads it."},
    )


class RoleForm(forms.Form):
    """A role for a person."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="An account is opened when there is none; the person proves the address.",
    )
    name = forms.ChoiceField(label="Role", choices=RoleName.choices)


class AuthorityForm(forms.Form):
    """Who decides in this issue."""

    decision_authority = forms.ChoiceField(
        label="Who decides",
        choices=[
            (
                DecisionAuthority.GUEST_EDITOR.value,
                "The handling guest editor :: Writes and releases the decision alone.",
            ),
            (
                DecisionAuthority.LEAD_GUEST_EDITOR.value,
                "The lead guest editor :: The guest editor recommends, the lead decides.",
            ),
            (
                DecisionAuthority.EDITOR_IN_CHIEF.value,
                "The editor-in-chief :: The guest editor recommends, as in the regular journal.",
            ),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
    )


class ConflictRulesForm(forms.Form):
    """How far back conflicts reach, and what an editor may submit to the own issue."""

    conflict_months = forms.IntegerField(
        label="Months that make a conflict",
        help_text="A shared paper or a former institution, counted back from the submission.",
        min_value=0,
        max_value=MONTHS_MOST,
    )
    conflict_warn_months = forms.IntegerField(
        label="Months still told as a warning",
        help_text="For a shared paper; not fewer than above.",
        min_value=0,
        max_value=MONTHS_MOST,
    )
    reviewer_load_limit = forms.IntegerField(
        label="Open reviews a person",
        help_text="From this many on an invitation needs a reason.",
        min_value=1,
        max_value=20,
    )
    editor_submissions_cap = forms.IntegerField(
        label="Manuscripts of an editor in the own issue",
        help_text="0 allows none; empty sets no limit.",
        required=False,
        min_value=0,
        max_value=100,
    )


def _editor_note(choice: EditorChoice) -> str:
    topics = ", ".join(choice.shared_topics) or "no shared topic on record"
    wish = "preferred by the authors" if choice.is_preferred else ""
    load = f"{choice.load} manuscripts in work"
    return "; ".join(filter(None, (choice.answer_words, wish, topics, load)))


class AskForm(forms.Form):
    """The author's question to a guest editor."""

    editor = forms.ChoiceField(
        label="Guest editor",
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={
            "required": "Choose one guest editor.",
            "invalid_choice": "Choose one of the guest editors in the list.",
        },
    )
    title = forms.CharField(
        label="Title of the work",
        help_text="A working title is enough.",
        max_length=300,
        error_messages={"required": "The title is empty. A working title is enough."},
    )
    abstract = forms.CharField(
        label="Abstract",
        help_text="What is new, and on which data it was shown to work.",
        max_length=ABSTRACT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "data-max-chars": ABSTRACT_LENGTH}),
        error_messages={"required": "The abstract is empty. A few sentences are enough."},
    )
    question = forms.CharField(
        label="Your question",
        help_text="What makes you doubt whether it fits?",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "data-max-chars": MESSAGE_LENGTH}),
        error_messages={"required": "The question is empty. One sentence is enough."},
    )

    def __init__(
        self, *args: Any, people: Sequence[User], institutions: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["editor"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (person.public_id, f"{person.full_name} :: {institutions.get(person.pk, '')}")
                for person in people
            ]


class MessageForm(forms.Form):
    """One more message of the author."""

    text = forms.CharField(
        label="Your message",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "data-max-chars": MESSAGE_LENGTH}),
        error_messages={"required": "The message is empty. Write at least one sentence."},
    )


class AnswerForm(forms.Form):
    """The editor's answer to an author's question."""

    suitability = forms.ChoiceField(
        label="Does it fit?",
        choices=[
            (Suitability.FITS, "Fits :: The author is encouraged to submit it."),
            (Suitability.FITS_IF, "Fits if… :: Say below what must be so."),
            (Suitability.DOES_NOT_FIT, "Does not fit :: Say below why."),
            (ASK_BACK, "I ask back :: No answer yet; your words go to the author."),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
        error_messages={"required": "Choose an answer; nothing is preselected."},
    )
    text = forms.CharField(
        label="Your words",
        help_text="Only the author reads them now; once the manuscript is submitted, also the "
        "editor-in-chief. An answer is advice and promises nothing.",
        required=False,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "data-max-chars": MESSAGE_LENGTH}),
    )

    def clean_suitability(self) -> Suitability | None:
        """The answer; None where the editor asks back."""
        chosen = self.cleaned_data["suitability"]
        return None if chosen == ASK_BACK else Suitability(chosen)


class GradeForm(forms.Form):
    """What an editor thinks of a review. Nothing is preselected."""

    quality = forms.TypedChoiceField(
        label="Quality",
        help_text="1 poor, 5 excellent.",
        coerce=int,
        choices=[(n, str(n)) for n in range(GRADE_LEAST, GRADE_MOST + 1)],
        widget=forms.RadioSelect(attrs={"data-look": "line"}),
        error_messages={"required": "Choose a number from 1 to 5."},
    )
    timeliness = forms.TypedChoiceField(
        label="Timeliness",
        help_text="1 poor, 5 excellent.",
        coerce=int,
        choices=[(n, str(n)) for n in range(GRADE_LEAST, GRADE_MOST + 1)],
        widget=forms.RadioSelect(attrs={"data-look": "line"}),
        error_messages={"required": "Choose a number from 1 to 5."},
    )
    note = forms.CharField(label="Note (optional)", required=False, max_length=NOTE_MAX)


class LimitsForm(forms.Form):
    """What editors know of a reviewer's seniority and limits."""

    is_senior = forms.BooleanField(label="Senior", required=False)
    load_limit = forms.IntegerField(
        label="Open reviews at one time",
        help_text="Empty for the issue's own limit; 0 for none.",
        required=False,
        min_value=0,
        max_value=LOAD_MAX,
    )
    interval_days = forms.IntegerField(
        label="Days of rest after a review",
        required=False,
        min_value=0,
        max_value=INTERVAL_MAX,
    )
    paused_from = forms.DateField(
        label="No invitations from",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    paused_until = forms.DateField(
        label="No invitations until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ImportForm(forms.Form):
    """A file of people."""

    file = forms.FileField(
        label="The file",
        help_text="CSV, BibTeX, or JSON of OpenAlex, Crossref or ORCID; in UTF-8, up to 64 MB.",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
    )
    owner = forms.CharField(
        label="Whose publications? (for BibTeX)",
        help_text="The address or the ORCID iD of the one person whose publications these are.",
        required=False,
        max_length=254,
    )


class QuestionForm(forms.Form):
    """A question of the score sheet: a new one, or the words of one that is there."""

    KINDS = (
        ("rating", "Score :: Five levels with names; for the editors alone"),
        ("ternary", "Criterion :: Yes, partly or no"),
        ("choice", "Choice :: One of the answers that you name; “Yes” and “No” are the shortest"),
        ("text", "Text :: In the reviewer's own words"),
    )

    edit_count = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    kind = forms.ChoiceField(
        label="How it is answered", choices=KINDS, widget=forms.RadioSelect({"data-look": "cards"})
    )
    readers = forms.ChoiceField(
        label="Who reads the answer",
        choices=[("authors", "Authors and editors"), ("editors", "Editors alone")],
        widget=forms.RadioSelect({"data-look": "line"}),
    )
    label = forms.CharField(label="Question", max_length=LABEL_MAX)
    help = forms.CharField(label="Help below it", max_length=HELP_MAX, required=False)
    is_required = forms.BooleanField(label="Must be answered", required=False)
    choices = forms.CharField(
        label="Answers on offer",
        help_text=(
            "One a line. For a score, the names of its five levels from the lowest to the highest."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
    )

    def __init__(self, data: Any, *, edit_count: int, question: Question | None = None) -> None:
        self.question = question
        initial: dict[str, Any] = {"edit_count": edit_count}
        if question is not None:
            offered = "\n".join(choice.label for choice in question.choices)
            initial |= {
                "label": question.label,
                "help": question.help,
                "is_required": question.is_required,
                "choices": offered,
            }
        super().__init__(data, initial=initial)
        if question is None:
            return
        del self.fields["kind"], self.fields["readers"]
        if question.key in FIXED:
            del self.fields["is_required"]
        is_scale = question.kind in {Kind.RATING, Kind.CONFIDENCE}
        is_own_choice = question.kind is Kind.CHOICE and question.key not in BUILT_IN
        if not is_scale and not is_own_choice:
            del self.fields["choices"]

    @property
    def chosen_kind(self) -> Kind:
        """How a new question is answered. Call after `is_valid`."""
        return Kind(self.cleaned_data["kind"])

    @property
    def author_sees(self) -> bool:
        """Do the authors read the answers to a new question? Call after `is_valid`."""
        return bool(self.cleaned_data["readers"] == "authors")

    @property
    def lines(self) -> list[str]:
        """The answers on offer. Call after `is_valid`."""
        typed = self.cleaned_data.get("choices", "").splitlines()
        return [" ".join(line.split()) for line in typed if line.strip()]

    def clean(self) -> dict[str, Any]:
        """A score has five named levels; a choice has answers; the authors see no score."""
        clean = super().clean() or self.cleaned_data
        kind = self.question.kind.value if self.question else clean.get("kind")
        count = len(self.lines)
        if "choices" in self.fields and kind in {"rating", "confidence"} and count != len(LEVELS):
            self.add_error("choices", f"{count} levels are named; a score has {len(LEVELS)}.")
        if kind == "choice" and "choices" in self.fields and count < CHOICES_LEAST:
            self.add_error("choices", f"Name at least {CHOICES_LEAST} answers, one a line.")
        if clean.get("kind") == "rating" and clean.get("readers") == "authors":
            self.add_error("readers", "The authors never see scores. Choose the editors alone.")
        return clean
