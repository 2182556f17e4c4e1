"""What each field of the search language means: over which column, with which values.

A field turns one term into a condition over the annotations of `queries.desk.with_progress` and
`with_dates`. It is put on top of what the person may see (`visible_to`), so that nothing hidden is
found, counted or sorted by. One table serves the desk, its completion and its help.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from editors.models import Decision, Handling, Tag
from editors.queries.desk import Viewer, filters
from editors.queries.desk.standing import stage_rules
from editors.queries.visibility import visible_to
from editors.search.language import SearchFault, Term
from editors.stages import LABELS, DeskStage
from editors.states import DECISION_WORDS, DecisionKind, DecisionState
from reviews.models import Assignment, Review
from reviews.queries import current_sheet
from reviews.sheet import Kind
from reviews.states import WORKING, AssignmentState
from submissions.models import Author, Version, VersionFile
from submissions.states import FileKind
from tmi_special_issue.models import Milestone, MilestoneKind, Topic

YES_NO = {"yes": "yes", "no": "no"}
_LOOKUPS = {"=": "", "!=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}
_SCORED = [AssignmentState.RETURNED, AssignmentState.CLOSED]


@dataclass(frozen=True)
class Context:
    """Who searches, when, and the dates of the issue."""

    viewer: Viewer
    now: datetime
    dates: Mapping[MilestoneKind, Milestone]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.viewer.issue.zone)

    @cached_property
    def topics(self) -> dict[str, str]:
        """Code and short name of the call's topics."""
        found = Topic.objects.filter(issue=self.viewer.issue)
        return dict(found.values_list("code", "short_name"))

    @cached_property
    def tags(self) -> dict[str, str]:
        """The tags in use on manuscripts that this person may see."""
        seen = visible_to(
            self.viewer.user, self.viewer.issue, self.viewer.roles, self.viewer.hidden
        )
        names = (
            Tag.objects.filter(manuscript__in=seen).order_by("name").values_list("name", flat=True)
        )
        return dict.fromkeys(names.distinct(), "A tag of the desk")

    @cached_property
    def scores(self) -> dict[str, str]:
        """Key and words of the questions that are answered on a scale."""
        sheet = current_sheet(self.viewer.issue.pk)
        return {q.key: q.label for q in sheet.questions if q.kind == Kind.RATING}


@dataclass(frozen=True)
class Field:
    """One field: its name, what it does in a few words, an example, the values it offers."""

    name: str
    help: str
    example: str
    build: Callable[[Context, Term], Q]
    values: Callable[[Context], Mapping[str, str]] = lambda _: {}


def condition(context: Context, term: Term) -> Q:
    """The condition of one term.

    Raises:
        SearchFault: no such field, or a value that the field cannot have, with its place.
    """
    if term.field.startswith("score."):
        return _score(context, term)
    field = FIELDS.get(term.field)
    if field is None:
        near = ", ".join(f"{name}:" for name in FIELDS if name.startswith(term.field[:2]))
        raise SearchFault(
            f"There is no field “{term.field}:”." + (f" Did you mean {near}?" if near else ""),
            *_field_of(term),
        )
    return field.build(context, term)


# --- Kinds of values -----------------------------------------------------------------------------


def _field_of(term: Term) -> tuple[int, int]:
    return term.at, term.at + len(term.field) + 1


def _bad(term: Term, sentence: str) -> SearchFault:
    return SearchFault(sentence, term.value_at, term.value_at + len(term.value))


def _only_equals(term: Term) -> None:
    if term.operator not in {"=", "!="}:
        raise _bad(term, f"“{term.field}:” has no order, so it is either so or not so.")


def _signed(term: Term, rule: Q) -> Q:
    return ~rule if term.operator == "!=" else rule


def _number(column: str) -> Callable[[Context, Term], Q]:
    def build(context: Context, term: Term) -> Q:
        return _compared(term, column, _whole(term))

    return build


def _whole(term: Term) -> int:
    if not re.fullmatch(r"\d{1,6}", term.value, re.ASCII):
        raise _bad(term, f"“{term.field}:” wants a whole number, for example {term.field}:<4.")
    return int(term.value)


def _compared(term: Term, column: str, value: object) -> Q:
    return _signed(term, Q(**{column + _LOOKUPS[term.operator]: value}))


def _days(context: Context, term: Term) -> Q:
    found = re.fullmatch(r"(\d{1,4})\s*(d|days?|w|weeks?)?", term.value.lower(), re.ASCII)
    if not found:
        raise _bad(term, f"“{term.field}:” wants days or weeks, for example {term.field}:>10d.")
    days = int(found[1]) * (7 if (found[2] or "").startswith("w") else 1)
    # "Idle for 10 days" holds from the tenth full day on, as the row counts it.
    latest = context.now - timedelta(days=days)
    earliest = context.now - timedelta(days=days + 1)
    rules = {
        ">=": Q(idle_since__lte=latest),
        ">": Q(idle_since__lte=earliest),
        "<": Q(idle_since__gt=latest),
        "<=": Q(idle_since__gt=earliest),
    }
    same = Q(idle_since__lte=latest, idle_since__gt=earliest)
    return rules.get(term.operator) or _signed(term, same)


def _date(column: str) -> Callable[[Context, Term], Q]:
    def build(context: Context, term: Term) -> Q:
        value = term.value.lower()
        try:
            if value in {"today", "tomorrow"}:
                day = context.now.astimezone(context.zone).date()
                day += timedelta(days=value == "tomorrow")
            else:
                day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=context.zone).date()
        except ValueError:
            raise _bad(
                term, f"“{term.field}:” wants a day, for example {term.field}:<2024-08-05."
            ) from None
        begins = datetime.combine(day, time.min, tzinfo=context.zone)
        ends = begins + timedelta(days=1)
        rules = {
            "<": Q(**{f"{column}__lt": begins}),
            "<=": Q(**{f"{column}__lt": ends}),
            ">": Q(**{f"{column}__gte": ends}),
            ">=": Q(**{f"{column}__gte": begins}),
        }
        same = Q(**{f"{column}__gte": begins, f"{column}__lt": ends})
        # What has no date fits none, and so fits every *not*.
        dated = Q(**{f"{column}__isnull": False})
        return dated & (rules.get(term.operator) or _signed(term, same))

    return build


def _one_of(term: Term, choices: Iterable[str], what: str) -> str:
    _only_equals(term)
    given = term.value.lower().replace(" ", "_")
    for choice in choices:
        if given in {choice, choice.replace("-", "_")}:
            return choice
    raise _bad(term, f"“{term.value}” is no {what}. There are: {', '.join(choices)}.")


def _yes(rule: Callable[[Context], Q]) -> Callable[[Context, Term], Q]:
    def build(context: Context, term: Term) -> Q:
        says_yes = _one_of(term, YES_NO, "answer") == "yes"
        return _signed(term, rule(context) if says_yes else ~rule(context))

    return build


def _text(column: str) -> Callable[[Context, Term], Q]:
    def build(context: Context, term: Term) -> Q:
        _only_equals(term)
        return _signed(term, Q(**{f"{column}__icontains": term.value}))

    return build


def _within(rows: QuerySet[Version], rule: Q) -> Q:
    """Is one of these rows of the newest version so?"""
    return Q(present_round__version__in=rows.filter(rule).order_by().values("pk"))


# --- Single fields ------------------------------------------------------------------------


# The chips of the desk that take several stages together.
_CHIPS = {"to-decide": "Reviews complete", "with-author": "With the author"}


def _statuses(_: Context) -> dict[str, str]:
    return {**{stage.value: LABELS[stage] for stage in DeskStage}, **_CHIPS}


def _status(context: Context, term: Term) -> Q:
    rules = stage_rules(context.viewer.issue.reviewers_needed)
    chips = filters(context.viewer)
    named = {stage.value: rule for stage, rule in rules.items()}
    named |= {code: chips[code] for code in _CHIPS}
    by_words = [rules[s] for s, words in LABELS.items() if words.lower() == term.value.lower()]
    if by_words:
        return _signed(term, by_words[0])
    return _signed(term, named[_one_of(term, named, "status")])


def _decision(context: Context, term: Term) -> Q:
    codes = [*(kind.value for kind in DecisionKind), "none", "any"]
    code = _one_of(term, codes, "decision")
    made = Decision.objects.filter(version__manuscript=OuterRef("pk")).exclude(
        state=DecisionState.DISCARDED
    )
    if code in {"none", "any"}:
        return _signed(term, Q(Exists(made)) if code == "any" else ~Q(Exists(made)))
    return _signed(term, Q(Exists(made.filter(kind=code))))


def _topic(context: Context, term: Term) -> Q:
    _only_equals(term)
    wanted = term.value.lower()
    codes = [c for c, name in context.topics.items() if wanted in c or wanted in name.lower()]
    if not codes:
        raise _bad(term, f"No topic of the call is called “{term.value}”.")
    rows = Version.topics.through.objects.filter(
        topic__issue=context.viewer.issue, topic__code__in=codes
    )
    return _signed(term, Q(present_round__version__in=rows.order_by().values("version")))


def _named(term: Term, prefix: str) -> Q:
    """Every word of the value is in the given name, the family name or the address."""
    rule = Q()
    for word in term.value.split():
        rule &= (
            Q(**{f"{prefix}given_name__icontains": word})
            | Q(**{f"{prefix}family_name__icontains": word})
            | Q(**{f"{prefix}email__icontains": word})
        )
    return rule


def _editor(context: Context, term: Term) -> Q:
    _only_equals(term)
    handled = Handling.objects.filter(ended_at__isnull=True)
    if term.value.lower() == "none":
        return _signed(term, ~Q(pk__in=handled.values("manuscript")))
    if term.value.lower() == "me":
        return _signed(term, Q(is_mine=True))
    named = handled.filter(_named(term, "editor__"))
    return _signed(term, Q(pk__in=named.order_by().values("manuscript")))


def _reviewer(context: Context, term: Term) -> Q:
    _only_equals(term)
    named = Assignment.objects.exclude(state=AssignmentState.SELECTED).filter(
        _named(term, "reviewer__")
    )
    return _signed(term, Q(pk__in=named.order_by().values("version__manuscript")))


def _author(context: Context, term: Term) -> Q:
    _only_equals(term)
    rule = Author.objects.filter(_named(term, "")).order_by().values("version")
    return _signed(term, Q(present_round__version__in=rule))


def _country(context: Context, term: Term) -> Q:
    _only_equals(term)
    rule = Author.objects.filter(country__iexact=term.value).order_by().values("version")
    return _signed(term, Q(present_round__version__in=rule))


def _score(context: Context, term: Term) -> Q:
    key = term.field.removeprefix("score.")
    key = {"overall": "overall_evaluation"}.get(key, key)
    if key not in context.scores:
        known = ", ".join(f"score.{name}" for name in context.scores)
        raise SearchFault(
            f"No question of the score sheet is called “{key}”. There are: {known}.",
            *_field_of(term),
        )
    value = _whole(term)
    lookup = _LOOKUPS[term.operator] or "__exact"
    scored = Review.objects.filter(
        assignment__version__manuscript=OuterRef("pk"),
        submitted_at__isnull=False,
        assignment__state__in=_SCORED,
    )
    return _signed(term, Q(Exists(scored.filter(**{f"answers__{key}{lookup}": value}))))


_HAS: dict[str, tuple[str, Q]] = {
    "conference_version": ("an extended conference paper", Q(extends_conference_paper=True)),
    "preprint": ("a preprint", ~Q(preprint_url="")),
    "earlier_rejection": ("an earlier rejection", Q(was_rejected=True)),
    "concurrent": ("a concurrent submission", ~Q(concurrent_submissions="")),
    "competing_interests": ("competing interests", ~Q(competing_interests="")),
    "ai_content": ("content made by AI", Q(ai_use="content")),
    "ethics": ("approval by a board", Q(human_subjects="approved")),
}
_HAS_FILES = {
    "code": ("code", FileKind.CODE),
    "video": ("a video", FileKind.VIDEO),
    "dataset": ("a data set", FileKind.DATASET),
    "graphical_abstract": ("a graphical abstract", FileKind.GRAPHICAL_ABSTRACT),
}


def _has(context: Context, term: Term) -> Q:
    code = _one_of(term, [*_HAS, *_HAS_FILES], "thing that a manuscript can have")
    if code in _HAS:
        return _signed(term, _within(Version.objects.all(), _HAS[code][1]))
    files = VersionFile.objects.filter(kind=_HAS_FILES[code][1])
    return _signed(term, Q(present_round__version__in=files.order_by().values("version")))


def _flag(context: Context, term: Term) -> Q:
    _only_equals(term)
    files = VersionFile.objects.all()
    if term.value.lower() == "hidden_text":
        flagged = files.exclude(hidden_text=[])
    elif term.value.lower() == "any":
        flagged = files.exclude(flags=[])
    else:
        flagged = files.filter(flags__icontains=term.value.replace("_", " "))
    return _signed(term, Q(present_round__version__in=flagged.order_by().values("version")))


def _tag(context: Context, term: Term) -> Q:
    _only_equals(term)
    rows = Tag.objects.filter(name__iexact=term.value).order_by().values("manuscript")
    return _signed(term, Q(pk__in=rows))


def _late(context: Context, term: Term) -> Q:
    if term.value.lower() in YES_NO:
        rule = Q(is_late=True) if term.value.lower() == "yes" else ~Q(is_late=True)
        _only_equals(term)
        return _signed(term, rule)
    late = Assignment.objects.filter(
        version=OuterRef("present_round__version"),
        state__in=sorted(WORKING),
        due_at__lt=context.now,
    )
    return _many(term, late)


def _declined(context: Context, term: Term) -> Q:
    declined = Assignment.objects.filter(
        version=OuterRef("present_round__version"), state=AssignmentState.DECLINED
    )
    return _many(term, declined)


def _many(term: Term, rows: QuerySet[Assignment]) -> Q:
    """How many rows there are. Counted by order: are there more than so many?"""
    value = _whole(term)

    def at_least(count: int) -> Q:
        if count <= 0:
            return Q()
        return Q(Exists(rows.order_by("pk").values("pk")[count - 1 : count]))

    rules = {
        ">=": at_least(value),
        ">": at_least(value + 1),
        "<": ~at_least(value) if value > 0 else Q(pk__in=[]),
        "<=": ~at_least(value + 1),
    }
    same = at_least(value) & ~at_least(value + 1)
    return rules[term.operator] if term.operator in rules else _signed(term, same)


def _round(context: Context, term: Term) -> Q:
    """Rounds count from one; versions, by their revision, from nought."""
    return _compared(term, "version_number", _whole(term) - 1)


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("status", "where it stands", "status:waiting", _status, _statuses),
        Field(
            "decision",
            "what was decided, in any round",
            "decision:accept",
            _decision,
            lambda _: {
                **{k.value: w for k, w in DECISION_WORDS.items()},
                "any": "Any decision",
                "none": "No decision yet",
            },
        ),
        Field("round", "the first round, or the second", "round:2", _round),
        Field("topic", "a topic of the call", "topic:fairness", _topic, lambda c: c.topics),
        Field(
            "editor",
            "who handles it",
            "editor:me",
            _editor,
            lambda _: {"me": "You", "none": "Nobody yet"},
        ),
        Field("reviewer", "who was asked to review it", 'reviewer:"wei zhang"', _reviewer),
        Field("author", "an author's name or address", "author:haddad", _author),
        Field("country", "an author's country, two letters", "country:DK", _country),
        Field(
            "title",
            "words of the title",
            "title:ultrasound",
            _text("present_round__version__title"),
        ),
        Field(
            "abstract",
            "words of the abstract",
            "abstract:diffusion",
            _text("present_round__version__abstract"),
        ),
        Field("number", "the manuscript's number", "number:0042", _text("number")),
        Field("reviews", "how many reviews are in", "reviews:<4", _number("returned")),
        Field("agreed", "how many reviewers agreed", "agreed:>=4", _number("agreed")),
        Field("asked", "how many places are taken", "asked:<4", _number("holding")),
        Field("declined", "how many declined", "declined:>=3", _declined),
        Field("late", "reviews past their date", "late:yes", _late, lambda _: YES_NO),
        Field(
            "overdue",
            "the decision is overdue",
            "overdue:yes",
            _yes(lambda _: Q(is_overdue=True)),
            lambda _: YES_NO,
        ),
        Field(
            "asks",
            "an author waits for an answer",
            "asks:yes",
            _yes(lambda _: Q(is_asking=True)),
            lambda _: YES_NO,
        ),
        Field(
            "mine",
            "your turn",
            "mine:yes",
            _yes(lambda c: filters(c.viewer)["my-turn"]),
            lambda _: YES_NO,
        ),
        Field("idle", "days without any act", "idle:>10d", _days),
        Field("due", "its next date", "due:<2024-08-05", _date("next_at")),
        Field(
            "submitted",
            "the day it came in",
            "submitted:>=2024-06-25",
            _date("present_round__version__first_submitted_at"),
        ),
        Field(
            "has",
            "what comes with it",
            "has:conference_version",
            _has,
            lambda _: {k: w for k, (w, _) in {**_HAS, **_HAS_FILES}.items()},
        ),
        Field("tag", "a tag of the desk", "tag:urgent", _tag, lambda c: c.tags),
        Field(
            "flag",
            "what the preflight found",
            "flag:hidden_text",
            _flag,
            lambda _: {"hidden_text": "Text that no reader sees", "any": "Anything at all"},
        ),
    )
}
