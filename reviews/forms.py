"""Forms of the reviewers' door: text in, clean values out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField

from accounts import countries
from accounts.forms.names import NameField, family_name_field, given_name_field
from reviews.actions import Joining
from reviews.actions.answers import NOTE_MAX, Colleague
from reviews.actions.profiles import INTERVAL_MAX, LOAD_MAX
from reviews.dates import end_of_local_day
from reviews.fields import RemarksField, SettledField
from reviews.importing import Paper
from reviews.importing.rows import a_doi
from reviews.models import Assignment
from reviews.pasting import plain_text
from reviews.sheet import Choice, Context, Kind, Question, Sheet
from reviews.states import DECLINE_REASONS
from tmi_special_issue import clock
from tmi_special_issue.deadlines import end_of_day
from tmi_special_issue.models import SpecialIssue, Topic

# More days than any round has are a slip of the finger.
DAYS_MAX = 60


@dataclass(frozen=True)
class Section:
    """A part of the sheet as it is drawn."""

    key: str
    title: str
    note: str
    fields: list[BoundField]


class SheetForm(forms.Form):
    """The score sheet as a form. Nothing is preselected, and a draft may lack any answer."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    sheet_number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(
        self,
        sheet: Sheet,
        context: Context,
        *,
        answers: Mapping[str, Any] | None = None,
        revision: int = 0,
        points: Sequence[Any] = (),
        data: Any = None,
    ) -> None:
        self.sheet = sheet
        context = replace(context, has_own_points=bool(points))
        self.questions = [
            q
            for q in sheet.questions
            if not isinstance(q.shown_when, str) or not q.shown_when or q.is_asked({}, context)
        ]
        initial: dict[str, Any] = {"revision": revision, "sheet_number": sheet.number}
        for question in self.questions:
            value = (answers or {}).get(question.key)
            if value is not None:
                initial[question.key] = _as_text(question, value)
        super().__init__(data=data, initial=initial)
        for question in self.questions:
            self.fields[question.key] = _field(question, context, points)

    def answers(self) -> dict[str, Any]:
        """The answers given, typed as the sheet wants them. Call after `is_valid`."""
        given = {}
        for question in self.questions:
            value = _as_answer(question, self.cleaned_data.get(question.key))
            if value not in (None, "", [], {}, False):
                given[question.key] = value
        return given

    @property
    def read_revision(self) -> int:
        """The save that this page was made from; -1, which matches none, when it is missing."""
        value = self.cleaned_data.get("revision")
        return -1 if value is None else int(value)

    def typed(self, answers: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Saved answers as the page's script compares them with what stands in the form.

        Remarks are rows of page, quote, text and optional; every other value is a list of what
        the browser would post.
        """
        found: dict[str, list[Any]] = {}
        for question in self.questions:
            value = answers.get(question.key)
            if value in (None, "", [], {}, False):
                continue
            if question.kind is Kind.REMARKS:
                found[question.key] = [
                    [str(r["page"] or ""), r["quote"], r["text"], r["optional"]] for r in value
                ]
            elif question.kind is Kind.SETTLED:
                found |= {f"{question.key}-{label}": [given] for label, given in value.items()}
            elif question.kind is Kind.TICK:
                found[question.key] = ["on"]
            else:
                found[question.key] = [_as_text(question, value)]
        return found

    def sections(self) -> Iterator[Section]:
        """The sheet in its parts, for the page."""
        for key, title, note in self.sheet.sections:
            fields = [self[q.key] for q in self.questions if q.section == key]
            if fields:
                yield Section(key, title, note, fields)


def _field(question: Question, context: Context, points: Sequence[Any]) -> forms.Field:
    label = question.label if question.is_required else f"{question.label} (optional)"
    shared: dict[str, Any] = {
        "label": label,
        "required": False,
        "help_text": _help(question),
    }
    match question.kind:
        case Kind.RATING | Kind.CONFIDENCE:
            return _choices(question.choices, "scale", **shared)
        case Kind.TERNARY:
            return _choices(question.choices, "line", **shared)
        case Kind.CHOICE:
            look = "cards" if question.key == "recommendation" else "line"
            return _choices(question.offered(context), look, **shared)
        case Kind.TICK:
            return forms.BooleanField(**shared)
        case Kind.LONG_TEXT:
            attrs: dict[str, Any] = {"rows": 14 if question.min_chars else 5}
            if question.min_chars:
                attrs["data-min-chars"] = question.min_chars
            return _text(question, forms.Textarea(attrs=attrs), shared)
        case Kind.REFERENCES:
            return _text(question, forms.Textarea(attrs={"rows": 3}), shared)
        case Kind.REMARKS:
            return RemarksField(**shared)
        case Kind.SETTLED:
            pairs = [(choice.value, choice.label) for choice in question.choices]
            return SettledField(points, pairs, **shared)
        case Kind.TEXT:
            if question.max_chars <= 300:
                return _text(question, forms.TextInput(), shared)
            return _text(question, forms.Textarea(attrs={"rows": 3}), shared)


def _text(question: Question, widget: forms.Widget, shared: dict[str, Any]) -> forms.CharField:
    sentence = (
        f"{question.label} has %(show_value)s characters; the limit is %(limit_value)s. Shorten it."
    )
    return forms.CharField(
        widget=widget,
        max_length=question.max_chars,
        strip=False,
        error_messages={"max_length": sentence},
        **shared,
    )


def _choices(choices: tuple[Choice, ...], look: str, **shared: Any) -> forms.ChoiceField:
    pairs = [
        (c.value, f"{c.label} :: {c.description}" if look == "cards" and c.description else c.label)
        for c in choices
    ]
    return forms.ChoiceField(
        choices=pairs,
        widget=forms.RadioSelect(attrs={"data-look": look}),
        error_messages={
            "invalid_choice": "“%(value)s” is not on offer here; choose one of the answers shown."
        },
        **shared,
    )


def _help(question: Question) -> str:
    if not question.headings:
        return question.help
    return f"{question.help} Headings that help: {'; '.join(question.headings)}."


def _as_text(question: Question, value: Any) -> Any:
    if question.kind is Kind.REFERENCES:
        return "\n".join(value)
    if question.kind is Kind.TICK:
        return bool(value)
    if question.kind in {Kind.REMARKS, Kind.SETTLED}:
        return value
    return str(value)


def _as_answer(question: Question, value: Any) -> Any:
    if value in (None, ""):
        return None
    if question.kind in {Kind.RATING, Kind.CONFIDENCE}:
        return int(value)
    if question.kind is Kind.REFERENCES:
        return [line.strip() for line in plain_text(str(value)).split("\n") if line.strip()]
    if question.kind is Kind.LONG_TEXT:
        text = plain_text(str(value))
        return text if text.strip() else None
    if question.kind is Kind.TEXT:
        return plain_text(str(value)).strip()
    return value.strip() if isinstance(value, str) else value


class AgreeForm(forms.Form):
    """The declarations that come with agreeing."""

    has_conflict = forms.ChoiceField(
        label="Do you have a conflict of interest?",
        help_text=(
            "For example: you work or worked with an author in the last three years, share an "
            "institution, were adviser or student, are related, or compete for the same result."
        ),
        choices=[("no", "No, none"), ("yes", "Perhaps; I describe it below")],
        widget=forms.RadioSelect(attrs={"data-look": "line"}),
        error_messages={"required": "Please answer whether you have a conflict of interest."},
    )
    coi_statement = forms.CharField(
        label="The possible conflict (if any)",
        help_text="The editor reads it and decides. Until then the files stay closed.",
        required=False,
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    accepts_confidentiality = forms.BooleanField(
        label=(
            "I keep the manuscript confidential, use nothing of it, do not contact the authors, "
            "and delete my copies afterwards"
        ),
        error_messages={"required": "Please confirm that you keep the manuscript confidential."},
    )
    accepts_ai_terms = forms.BooleanField(
        label=("I put nothing of it into a public AI service, and my review is not written by AI"),
        error_messages={"required": "Please confirm the terms on AI."},
    )

    @property
    def declares_conflict(self) -> bool:
        return bool(self.cleaned_data["has_conflict"] == "yes")


_ADDRESS = {"invalid": "This is no mail address. Correct it, or leave it empty."}


class DeclineForm(forms.Form):
    """Why not, when to ask again, and who else. All of it is optional."""

    reason = forms.ChoiceField(
        label="Reason (optional)",
        required=False,
        choices=[("", "I would rather not say"), *DECLINE_REASONS.items()],
    )
    ask_again_on = forms.DateField(
        label="You may ask me again from (optional)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "The day is written like 2024-08-08."},
    )
    first_name = forms.CharField(
        label="Somebody who could review it (optional)", required=False, max_length=200
    )
    first_email = forms.EmailField(
        label="Their address, if you know it", required=False, error_messages=_ADDRESS
    )
    second_name = forms.CharField(label="Somebody else (optional)", required=False, max_length=200)
    second_email = forms.EmailField(
        label="Address of the second", required=False, error_messages=_ADDRESS
    )
    note = forms.CharField(
        label="A word to the editor (optional)",
        required=False,
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        for place in ("first", "second"):
            if clean.get(f"{place}_email") and not clean.get(f"{place}_name"):
                self.add_error(
                    f"{place}_name",
                    f"Write whose address {clean[f'{place}_email']} is, or leave both empty.",
                )
        return clean

    def values(self) -> dict[str, Any]:
        """The clean values by the names of the action's arguments."""
        clean = self.cleaned_data
        return {
            "reason": clean["reason"],
            "note": clean["note"],
            "ask_again_on": clean["ask_again_on"],
            "colleagues": [
                Colleague(clean[f"{place}_name"], clean[f"{place}_email"])
                for place in ("first", "second")
                if clean[f"{place}_name"]
            ],
        }


class TimeForm(forms.Form):
    """How many days more, or until when; and why."""

    until = forms.DateField(
        label="New date",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "The date is written like 2024-08-08."},
    )
    days = forms.IntegerField(
        label="Days more",
        required=False,
        min_value=1,
        max_value=DAYS_MAX,
        error_messages={
            "invalid": f"The number of days is a whole number from 1 to {DAYS_MAX}.",
            "min_value": f"The number of days is from 1 to {DAYS_MAX}, not %(show_value)s.",
            "max_value": f"The number of days is from 1 to {DAYS_MAX}, not %(show_value)s.",
        },
    )
    reason = forms.CharField(label="Reason (optional)", required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        if not self.errors and not clean.get("until") and not clean.get("days"):
            self.add_error("until", "Choose the day until which you need time.")
        return clean

    def until_instant(self, assignment: Assignment) -> datetime:
        """The end of the day asked for, in the issue's zone. Days count from the due date, or
        from now when that has passed."""
        zone = assignment.version.manuscript.issue.zone
        day: date | None = self.cleaned_data["until"]
        if day is not None:
            return end_of_day(day, zone)
        start = max(assignment.due_at or clock.now(), clock.now())
        return end_of_local_day(start + timedelta(days=self.cleaned_data["days"]), zone)


def _within(what: str, most: int) -> dict[str, str]:
    sentence = f"{what}: a whole number from 0 to {most}, or nothing."
    return dict.fromkeys(("invalid", "min_value", "max_value"), sentence)


class ProfileForm(forms.Form):
    """What a reviewer says of themselves."""

    topics = forms.ModelMultipleChoiceField(
        label="Topics of the call that you can judge",
        queryset=Topic.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    expertise = forms.CharField(
        label="Your field in your own words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    load_limit = forms.IntegerField(
        label="How many open reviews at one time",
        help_text="Empty for the issue's own limit; 0 for none.",
        required=False,
        min_value=0,
        max_value=LOAD_MAX,
        error_messages=_within("The number of open reviews", LOAD_MAX),
    )
    interval_days = forms.IntegerField(
        label="Days of rest after a review",
        help_text="Nobody asks you again for so many days; empty for none.",
        required=False,
        min_value=0,
        max_value=INTERVAL_MAX,
        error_messages=_within("The days of rest", INTERVAL_MAX),
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

    def __init__(self, issue: SpecialIssue, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("paused_from", "paused_until"):
            self.fields[name].error_messages["invalid"] = "The day is written like 2024-08-08."
        field = self.fields["topics"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Topic.objects.filter(issue=issue)

    def values(self) -> dict[str, Any]:
        """The clean values by the names of the action's arguments."""
        clean = self.cleaned_data
        start: date | None = clean["paused_from"]
        end: date | None = clean["paused_until"]
        return {
            "topics": list(clean["topics"]),
            "expertise": clean["expertise"],
            "load_limit": clean["load_limit"],
            "interval_days": clean["interval_days"],
            "paused_from": start,
            "paused_until": end,
        }


NEW_PAPERS = 3


class JoinForm(ProfileForm):
    """All that somebody says who joins the pool, on one page."""

    given_name = given_name_field()
    family_name = family_name_field()
    institution = NameField(
        label="Where you work now",
        max_length=300,
        help_text="Editors see it, and conflicts of interest are found by it.",
        error_messages={"required": "Say where you work; conflicts of interest are found by it."},
    )
    country = forms.ChoiceField(label="Country", choices=countries.CHOICES, required=False)
    is_senior = forms.BooleanField(
        label="I lead a group or have guided doctoral theses to their end",
        help_text="Each manuscript gets at least one experienced reviewer.",
        required=False,
    )
    papers = forms.TypedMultipleChoiceField(
        label="These are mine",
        help_text="Untick what somebody of your name wrote; it is taken away.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # What the page showed, so that a paper that came in meanwhile is not taken for disowned.
    shown = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.MultipleHiddenInput
    )
    own = forms.TypedMultipleChoiceField(
        label="Accepted here, and not counted yet",
        help_text="Tick what editors may see among your publications.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        issue: SpecialIssue,
        *args: Any,
        papers: Sequence[tuple[int, str]] = (),
        own: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(issue, *args, **options)
        for name, choices in (("papers", papers), ("shown", papers), ("own", own)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)
            field.choices = list(choices)
            field.error_messages["invalid_choice"] = (
                "One of these publications is no longer listed. Load the page once more."
            )
            if not choices:
                del self.fields[name]

    def joining(self, added: Sequence[Paper]) -> Joining:
        """The clean values as the action takes them."""
        clean = self.cleaned_data
        return Joining(
            **self.values(),
            given_name=clean["given_name"],
            family_name=clean["family_name"],
            institution=clean["institution"],
            country=clean["country"],
            is_senior=clean["is_senior"],
            disowned=sorted(set(clean.get("shown", [])) - set(clean.get("papers", []))),
            own=clean.get("own", []),
            added=added,
        )


class PaperForm(forms.Form):
    """A publication that is not known yet; wholly empty, it is none."""

    title = NameField(label="Title", max_length=500, required=False)
    year = forms.IntegerField(
        label="Year",
        required=False,
        min_value=1900,
        max_value=2100,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "The year has four digits, such as 2023."
        ),
    )
    doi = forms.CharField(
        label="DOI (optional)",
        required=False,
        max_length=220,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    abstract = forms.CharField(
        label="Abstract (optional)",
        help_text="It makes the fit to manuscripts better.",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_doi(self) -> str:
        typed = str(self.cleaned_data["doi"]).strip()
        found = a_doi(typed)
        if typed and not found:
            raise forms.ValidationError(
                f"“{typed}” is no DOI. It begins with 10., such as 10.1000/xyz123."
            )
        return found

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        has_more = any(clean.get(name) for name in ("year", "doi", "abstract"))
        if has_more and not clean.get("title") and "title" not in self.errors:
            self.add_error("title", "The title is missing. Give it, or empty the other fields.")
        if clean.get("title") and not clean.get("year") and "year" not in self.errors:
            self.add_error("year", "The year is missing.")
        return clean

    @property
    def paper(self) -> Paper | None:
        """The publication; None where nothing was typed. Call after `is_valid`."""
        clean = self.cleaned_data
        if not clean.get("title"):
            return None
        text = plain_text(clean["abstract"]).strip()
        return Paper(clean["title"], clean["year"], clean["doi"], text)


class NoPoolForm(forms.Form):
    """No, and how far it reaches."""

    reach = forms.ChoiceField(
        label="How far does it reach?",
        choices=[
            ("issue", "Not for this special issue"),
            ("never", "Never; please do not ask me again"),
        ],
        initial="issue",
        widget=forms.RadioSelect(attrs={"data-look": "line"}),
        error_messages={"required": "Say whether the no is for this issue or for good."},
    )
