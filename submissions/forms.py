"""What authors type. Lenient while a draft is written: nothing is required before Submit.

The rules of submission are in `checks`; here only what cannot be stored is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from accounts import countries
from accounts.forms.names import NameField
from accounts.forms.profile import OrcidField, RorField
from accounts.models import User
from submissions.actions.drafts import (
    AUTHORS_MOST,
    AuthorEntry,
    DeclaredConflictEntry,
    NamedReviewerEntry,
)
from submissions.actions.responses import ANSWER_CHARACTERS, PLACE_CHARACTERS, AnswerEntry
from submissions.checks.metadata import CONFLICTS_MOST, OPPOSED_MOST, SUGGESTED_MOST
from submissions.credit import CREDIT_ROLES
from submissions.models import Version
from submissions.queries import Parts
from submissions.states import CONFLICT_LABELS, ConflictKind
from tmi_special_issue.deadlines import end_of_day
from tmi_special_issue.models import SpecialIssue, Topic

TERMS_MOST = 20
TERM_CHARACTERS = 100
LONG_TEXT = 20_000
FUNDERS_MOST = 20
# What an author signs with one tick, by the fields that keep it.
DECLARED = {
    "is_original_research": "This is original research: neither a review nor a position paper.",
    "declares_unpublished": "The work is unpublished and not under review elsewhere.",
    "declares_all_agree": "All authors have read the manuscript and agree to submit it.",
    "declares_charges": "We understand that pages beyond eight are charged on publication, and the "
    "charges.",
}


class IndexTermsField(forms.CharField):
    """Terms, one a line or divided by commas or semicolons; clean gives a list."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value) or ""
        parts = text.replace(";", "\n").replace(",", "\n").splitlines()
        terms = list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
        if len(terms) > TERMS_MOST:
            raise ValidationError(
                f"{len(terms)} index terms are given; at most {TERMS_MOST} can be taken."
            )
        for term in terms:
            if len(term) > TERM_CHARACTERS:
                raise ValidationError(
                    f"The term “{term[:40]}…” has {len(term)} characters; the limit is "
                    f"{TERM_CHARACTERS}. Put each term on its own line."
                )
        return terms


def text(label: str, rows: int, help_text: str = "", **limits: int) -> forms.CharField:
    """A text of several lines; limits such as max_words show a live count."""
    attrs: dict[str, Any] = {"rows": rows}
    attrs |= {f"data-{name.replace('_', '-')}": value for name, value in limits.items()}
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONG_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs=attrs),
    )


def line(label: str, max_length: int, help_text: str = "", **attrs: str) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=max_length,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
    )


def tick(label: str, help_text: str = "") -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=label, required=False, help_text=help_text)


def editor_choices(editors: Mapping[str, User]) -> list[tuple[str, str]]:
    """The guest editors of an issue, to choose one."""
    return [(key, person.full_name) for key, person in editors.items()]


class DraftForm(forms.Form):
    """A part of a version: initial values come from it."""

    def __init__(self, data: QueryDict | None, *, version: Version) -> None:
        initial = {
            name: getattr(version, name) for name in self.base_fields if hasattr(version, name)
        }
        super().__init__(data, initial=initial)


class ResponseForm(DraftForm):
    """The answers of a revision: two fields for each point, and a word to all."""

    response_summary = text(
        "In short, to the editor and all reviewers",
        3,
        "What has changed on the whole. You may leave it empty.",
    )

    def __init__(self, data: QueryDict | None, *, parts: Parts) -> None:
        super().__init__(data, version=parts.version)
        self.points = parts.points
        for point in self.points:
            answer, place = f"answer_{point.key}", f"place_{point.key}"
            self.fields[answer] = forms.CharField(
                label=f"Answer to {point.label}",
                required=False,
                max_length=ANSWER_CHARACTERS,
                widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "true"}),
            )
            self.fields[place] = line(
                f"Where {point.label} is met in the new file",
                PLACE_CHARACTERS,
                placeholder="Page, section, line",
            )
            self.initial.update({answer: point.answer, place: point.place})

    def entries(self) -> list[AnswerEntry]:
        """The answers as typed; those that the page did not send are left alone."""
        return [
            AnswerEntry(
                point.public_id,
                self.cleaned_data[f"answer_{point.key}"].replace("\r\n", "\n"),
                self.cleaned_data[f"place_{point.key}"],
            )
            for point in self.points
            if f"answer_{point.key}" in self.data and f"place_{point.key}" in self.data
        ]


class ManuscriptForm(DraftForm):
    """Title, abstract, terms, topics: what the paper is."""

    title = line("Title", 300, "As on the paper. Not all in capitals.", spellcheck="true")
    abstract = text(
        "Abstract",
        9,
        "One paragraph that stands alone: no reference marks, equations or tables.",
        min_words=150,
        max_words=250,
    )
    index_terms = IndexTermsField(
        label="Index terms",
        required=False,
        max_length=4000,
        help_text="At least two, better three to ten; one a line or divided by commas.",
    )
    topics = forms.ModelMultipleChoiceField(
        label="Topics of the call",
        queryset=Topic.objects.none(),
        required=False,
        help_text="At least one. Reviewers are looked for by these topics.",
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "list"}),
    )
    validation_statement = text(
        "Validation on real, large-scale data",
        4,
        "The call asks for it: which data, from where, how many cases.",
    )
    preprint_url = forms.URLField(
        label="Preprint",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="If there is one: its address, for example on arXiv. Preprints are allowed.",
    )
    metadata_reason = text(
        "Why title, abstract, index terms or authors have changed",
        2,
        "Needed only if one of them differs from the version before. The editors read it beside "
        "the change.",
        max_chars=1000,
    )

    def __init__(self, data: QueryDict | None, *, parts: Parts) -> None:
        version = parts.version
        super().__init__(data, version=version)
        if not version.revision_number:
            del self.fields["metadata_reason"]
        topics = self.fields["topics"]
        assert isinstance(topics, forms.ModelMultipleChoiceField)
        topics.queryset = Topic.objects.filter(issue=version.manuscript.issue_id)
        self.initial["topics"] = parts.topics


class DeclarationsForm(DraftForm):
    """Letter, ethics, statements: what stands around the paper."""

    cover_letter = text(
        "Cover letter",
        7,
        "Why the work fits this issue and what is new. Only editors read it.",
        max_words=250,
    )
    was_rejected = tick(
        "An earlier form of this work was rejected, here or at another journal.",
        "That is no obstacle. Only editors read this.",
    )
    rejected_by = line("Which journal", 200)
    rejected_number = line("Its number there, if known", 60)
    rejected_changes = text("What has changed since", 3)
    preferred_editor = forms.ChoiceField(
        label="Preferred guest editor",
        required=False,
        help_text="A wish. Whoever assigns the manuscript sees it; reviewers do not.",
    )
    extends_conference_paper = tick(
        "This manuscript extends a conference paper of ours.",
        "Extended conference papers are welcome; the earlier PDF is uploaded under Files.",
    )
    conference_citation = line("Citation of the conference paper", 500)
    conference_doi = line("Its DOI, if any", 220, placeholder="10.1109/…")
    conference_new_method = text("Method", 2)
    conference_new_data = text("Data", 2)
    conference_new_validation = text("Validation", 2)
    conference_new_analysis = text("Analysis", 2)
    concurrent_submissions = text(
        "Other submissions of this work",
        2,
        "Write “none” if it is under review nowhere else.",
    )
    human_subjects = forms.ChoiceField(
        label="Human subjects and animals",
        required=False,
        choices=Version._meta.get_field("human_subjects").choices or [],
        widget=forms.RadioSelect(attrs={"data-look": "list"}),
    )
    ethics_board = line("Name of the ethics board", 300)
    ethics_protocol = line("Protocol number", 120)
    data_availability = text(
        "Data availability", 3, "Where the data are, or why they cannot be given."
    )
    code_availability = text(
        "Code availability", 3, "Where the code is, or why it cannot be given."
    )
    ai_use = forms.ChoiceField(
        label="Use of generative AI in writing",
        required=False,
        choices=Version._meta.get_field("ai_use").choices or [],
        widget=forms.RadioSelect(attrs={"data-look": "list"}),
    )
    ai_system = line("Which system and version", 200)
    ai_sections = line("In which sections", 300)
    ai_extent = text("How much", 2, "Say the same in the acknowledgments of the paper.")
    has_no_funding = tick("No funding was received for this work.")
    competing_interests = text("Competing interests", 3, "For each author who has any, or “none”.")
    declares = tick("All of this is true.")

    statements = tuple(DECLARED.values())

    def values(self) -> dict[str, Any]:
        """The clean values by the fields of a version: the one tick stands for each statement."""
        values = dict(self.cleaned_data)
        return values | dict.fromkeys(DECLARED, values.pop("declares"))

    def __init__(
        self, data: QueryDict | None, *, version: Version, editors: Mapping[str, User]
    ) -> None:
        super().__init__(data, version=version)
        self.editors = editors
        field = self.fields["preferred_editor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "No preference"), *editor_choices(editors)]
        chosen = version.preferred_editor
        self.initial["preferred_editor"] = chosen.public_id if chosen else ""
        self.initial["declares"] = all(getattr(version, name) for name in DECLARED)

    def clean_preferred_editor(self) -> User | None:
        return self.editors.get(self.cleaned_data["preferred_editor"])


class WithdrawalForm(forms.Form):
    """Why a manuscript is to be withdrawn."""

    reason = forms.CharField(
        label="Reason",
        help_text="The editorial office reads it; reviewers do not.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "data-max-chars": 500}),
        error_messages={"required": "Write a sentence, so that the office need not ask back."},
    )


class UntilForm(forms.Form):
    """A form with a day that means its last second in the zone of the issue."""

    until = forms.DateField(
        label="New date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, issue: SpecialIssue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issue = issue
        self.fields["until"].help_text = f"Until the end of this day, {issue.zone_label}."

    def clean_until(self) -> datetime:
        """The last second of the chosen day."""
        day: date = self.cleaned_data["until"]
        return end_of_day(day, self.issue.zone)


class ExtensionAskForm(UntilForm):
    """Until when the authors need more time, and why if they want to say it."""

    reason = forms.CharField(
        label="Reason",
        required=False,
        help_text="You may leave it empty. The office and the editors read it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "data-max-chars": 500}),
    )


class AuthorChangeForm(forms.Form):
    """Why the authors are to be others."""

    reason = forms.CharField(
        label="Reason",
        help_text="All former and new authors and the editor-in-chief read it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-max-chars": 500}),
        error_messages={"required": "Write a sentence; all authors read it before they agree."},
    )


class AuthorForm(forms.Form):
    """One author of the list."""

    public_id = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    given_name = NameField(label="Given name", max_length=120, required=False)
    family_name = NameField(label="Family name", max_length=120, required=False)
    email = forms.CharField(
        label="E-mail",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    orcid = OrcidField(
        label="ORCID iD",
        required=False,
        help_text="0000-0002-1825-0097, or its address.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    institution = NameField(label="Institution", max_length=300, required=False)
    department = NameField(label="Department", max_length=200, required=False)
    city = NameField(label="City", max_length=120, required=False)
    country = forms.ChoiceField(label="Country", choices=countries.CHOICES, required=False)
    ror = RorField(
        label="ROR id of the institution",
        required=False,
        help_text="If known, from ror.org.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    credit_roles = forms.MultipleChoiceField(
        label="What this author did (CRediT)",
        required=False,
        choices=list(CREDIT_ROLES.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "list"}),
        help_text="Tick what fits, if the paper shall say it.",
    )


class NamedReviewerForm(forms.Form):
    """A suggested or opposed reviewer. An empty row counts as none."""

    name = NameField(label="Name", max_length=200, required=False)
    email = forms.CharField(
        label="E-mail", max_length=254, required=False, widget=forms.EmailInput()
    )
    institution = NameField(label="Institution", max_length=300, required=False)
    reason = line("Reason", 500)

    def is_empty(self) -> bool:
        """Has nobody been named in this row?"""
        return not any(self.cleaned_data.get(name) for name in self.fields)


class DeclaredConflictForm(forms.Form):
    """A conflict of interest with an editor or with somebody by name. An empty row is none."""

    editor = forms.ChoiceField(label="Guest editor", required=False)
    name = NameField(label="Or somebody else", max_length=200, required=False)
    email = forms.CharField(
        label="E-mail", max_length=254, required=False, widget=forms.EmailInput()
    )
    kind = forms.ChoiceField(
        label="What stands between you",
        required=False,
        choices=[("", "Choose…"), *((kind.value, CONFLICT_LABELS[kind]) for kind in ConflictKind)],
    )
    evidence = line("In a sentence: with whom, what, when", 500)

    def __init__(self, *args: Any, editors: Mapping[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["editor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *editor_choices(editors)]

    def is_empty(self) -> bool:
        """Is this row without a word?"""
        return not any(self.cleaned_data.get(name) for name in self.fields)


class FunderForm(forms.Form):
    """Who paid for the work. An empty row counts as none."""

    funder = NameField(label="Funder", max_length=300, required=False)
    award = line("Grant number", 120)


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows that are always read: Django would leave out those that equal what was shown."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        return kwargs if index is None else {**kwargs, "empty_permitted": False}


AuthorFormSet = formset_factory(
    AuthorForm,
    formset=Rows,
    extra=0,
    max_num=AUTHORS_MOST,
    absolute_max=AUTHORS_MOST,
    validate_max=True,
)
NamedReviewerFormSet = formset_factory(
    NamedReviewerForm, formset=Rows, extra=0, max_num=20, absolute_max=20
)
DeclaredConflictFormSet = formset_factory(
    DeclaredConflictForm, formset=Rows, extra=0, max_num=20, absolute_max=20
)
FunderFormSet = formset_factory(
    FunderForm, formset=Rows, extra=0, max_num=FUNDERS_MOST, absolute_max=FUNDERS_MOST
)


def author_formset(data: QueryDict | None, parts: Parts) -> BaseFormSet[AuthorForm]:
    """The authors of a version in order, as rows to edit."""
    initial = [
        {name: getattr(row, name) for name in AuthorForm.base_fields} for row in parts.authors
    ]
    return AuthorFormSet(data, initial=initial, prefix="authors")


def entries_formset(entries: Sequence[AuthorEntry]) -> BaseFormSet[AuthorForm]:
    """Authors that are typed and not yet stored, as rows to edit further."""
    initial = [{name: getattr(entry, name) for name in AuthorForm.base_fields} for entry in entries]
    return AuthorFormSet(initial=initial, prefix="authors")


def corresponding_row(data: QueryDict) -> int | None:
    """Which row is marked as the corresponding author."""
    typed = data.get("corresponding", "")
    return int(typed) if typed.isdecimal() and len(typed) < 4 else None


def author_entries(
    formset: BaseFormSet[AuthorForm], corresponding: int | None
) -> list[AuthorEntry]:
    """The authors as typed, in the order of the page."""
    return [
        AuthorEntry(
            **form.cleaned_data | {"credit_roles": tuple(form.cleaned_data["credit_roles"])},
            is_corresponding=number == corresponding,
        )
        for number, form in enumerate(formset.forms)
    ]


def named_reviewer_formset(
    data: QueryDict | None, parts: Parts, *, is_opposed: bool
) -> BaseFormSet[NamedReviewerForm]:
    """The people named, and one empty row as long as more may be named."""
    most = OPPOSED_MOST if is_opposed else SUGGESTED_MOST
    initial: list[dict[str, Any]] = [
        {name: getattr(row, name) for name in NamedReviewerForm.base_fields}
        for row in parts.named_reviewers
        if row.is_opposed == is_opposed
    ]
    if len(initial) < most:
        initial.append({})
    prefix = "opposed" if is_opposed else "suggested"
    return NamedReviewerFormSet(data, initial=initial, prefix=prefix)


def named_reviewer_entries(
    formset: BaseFormSet[NamedReviewerForm], *, is_opposed: bool
) -> list[NamedReviewerEntry]:
    """The people as typed; empty rows are left out."""
    return [
        NamedReviewerEntry(**form.cleaned_data, is_opposed=is_opposed)
        for form in formset.forms
        if not form.is_empty()
    ]


def funder_formset(data: QueryDict | None, version: Version) -> BaseFormSet[FunderForm]:
    """The funders of a draft, and one empty row."""
    initial = [*version.funders, {}][:FUNDERS_MOST]
    return FunderFormSet(data, initial=initial, prefix="funders")


def funder_entries(formset: BaseFormSet[FunderForm]) -> list[dict[str, str]]:
    """The funders as `Version.funders` keeps them; empty rows are left out."""
    return [
        {"funder": row["funder"], "award": row["award"]}
        for row in (form.cleaned_data for form in formset.forms)
        if row["funder"] or row["award"]
    ]


def declared_conflict_formset(
    data: QueryDict | None, parts: Parts, editors: Mapping[str, User]
) -> BaseFormSet[DeclaredConflictForm]:
    """The declared conflicts, and one empty row as long as more may be declared."""
    initial = [
        {
            "editor": row.editor.public_id if row.editor else "",
            "name": row.name,
            "email": row.email,
            "kind": row.kind,
            "evidence": row.evidence,
        }
        for row in parts.declared_conflicts
    ]
    if len(initial) < CONFLICTS_MOST:
        initial.append({})
    return DeclaredConflictFormSet(
        data, initial=initial, prefix="conflicts", form_kwargs={"editors": editors}
    )


def declared_conflict_entries(
    formset: BaseFormSet[DeclaredConflictForm], editors: Mapping[str, User]
) -> list[DeclaredConflictEntry]:
    """The conflicts as typed; empty rows are left out."""
    return [
        DeclaredConflictEntry(
            **form.cleaned_data | {"editor": editors.get(form.cleaned_data["editor"])}
        )
        for form in formset.forms
        if not form.is_empty()
    ]
