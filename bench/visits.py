"""Which pages are looked at, by whom, and at which addresses.

A page of one manuscript is looked at with another manuscript each time, so that nothing that a
process remembers makes it look faster than it is to a person who opens it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from bench.people import People
from editors.queries import visible_to
from editors.queries.desk import CHIP_LABELS
from reviews.models import Assignment
from reviews.queries import candidates
from reviews.states import AssignmentState
from submissions.models import Enquiry, Manuscript, Receipt, Version
from submissions.states import RevisionKind, Stage
from tmi_special_issue.models import SpecialIssue

DIFFERENT = 40  # addresses of one page


@dataclass(frozen=True)
class Visit:
    """A page as one role sees it. `is_list` pages must keep to twenty queries."""

    page: str
    role: str
    person: User | None
    addresses: tuple[str, ...]
    is_list: bool = False


def visits(people: People) -> list[Visit]:
    """Every page with its roles, in the order of the doors."""
    return [
        *_public(people),
        *_authors(people.authors[0]),
        *_reviewers(people.reviewers[0]),
        *_desk(people),
        *_mailbox(people),
    ]


def _public(people: People) -> list[Visit]:
    call = reverse("submissions:call")
    return [
        Visit("call", "visitor", None, (call,)),
        Visit("call", "author", people.authors[0], (call,)),
        Visit("how review works", "visitor", None, (reverse("submissions:review_process"),)),
        Visit("calendar", "visitor", None, (reverse("submissions:calendar"),)),
        Visit("call for programs", "visitor", None, (reverse("api_call"),)),
        Visit("sign in", "visitor", None, (reverse("account_login"),)),
    ]


def _authors(ada: User) -> list[Visit]:
    own = Manuscript.objects.filter(submitter=ada)
    drafts = Version.objects.filter(manuscript__submitter=ada, manuscript__stage=Stage.DRAFT)
    revisions = Version.objects.filter(
        manuscript__submitter=ada, manuscript__stage=Stage.REVISION_DRAFT, submitted_at=None
    )
    accepted = own.filter(stage=Stage.AWAITING_FINAL_FILES)
    handed_in = own.exclude(stage=Stage.DRAFT)
    receipts = Receipt.objects.filter(version__manuscript__submitter=ada)
    asked = Enquiry.objects.filter(author=ada)
    listed = reverse("submissions:manuscripts")

    def page(name: str, addresses: Iterable[str], *, is_list: bool = False) -> Visit:
        return Visit(name, "author", ada, tuple(addresses), is_list)

    def one(name: str, rows: QuerySet[Any], title: str = "") -> Visit:
        return page(title or name.replace("_", " "), _each(f"submissions:{name}", rows))

    screens = ("files", "manuscript", "authors", "declarations", "check")
    return [
        page("manuscripts", [listed], is_list=True),
        page("manuscripts, page 2", [f"{listed}?page=2"], is_list=True),
        page("start", [reverse("submissions:start")], is_list=True),
        page("my enquiries", [reverse("enquiries:enquiries")], is_list=True),
        page("my enquiry", _each("enquiries:enquiry", asked)),
        page("ask an editor", [reverse("enquiries:ask")], is_list=True),
        one("show", handed_in, "manuscript"),
        one("show", own.filter(stage=Stage.REVISION_DRAFT), "manuscript, revising"),
        one("show", accepted, "manuscript, accepted"),
        *(one(screen, drafts, f"draft: {screen}") for screen in screens),
        one("response", revisions, "revision: response"),
        *(one(screen, revisions, f"revision: {screen}") for screen in screens),
        one("response_word", revisions, "revision: word"),
        one("changes", handed_in),
        one("receipt", receipts),
        one("withdraw", own.filter(stage=Stage.IN_REVIEW)),
        one("change_authors", own.filter(stage=Stage.IN_REVIEW)),
        one("final_files", accepted),
        page("profile", [reverse("accounts:profile")]),
    ]


def _reviewers(rui: User) -> list[Visit]:
    own = Assignment.objects.filter(reviewer=rui)
    listed = reverse("reviews:assignments")

    def page(name: str, addresses: Iterable[str], *, is_list: bool = False) -> Visit:
        return Visit(name, "reviewer", rui, tuple(addresses), is_list)

    def show(*states: AssignmentState) -> list[str]:
        return _each("reviews:show", own.filter(state__in=states))

    return [
        page("reviews", [listed], is_list=True),
        page("reviews, page 2", [f"{listed}?page=2"], is_list=True),
        page("invitation", show(AssignmentState.INVITED)),
        page("review, open", show(AssignmentState.AGREED, AssignmentState.IN_PROGRESS)),
        page("review, filed", show(AssignmentState.RETURNED, AssignmentState.CLOSED)),
        page(
            "review, preview",
            _each("reviews:preview", own.filter(state=AssignmentState.RETURNED)),
        ),
        page("reviewer profile", [reverse("reviews:profile")]),
    ]


def _desk(people: People) -> list[Visit]:
    eva, kim, ivo = people.editors[0], people.chief, people.office
    listed = reverse("desk:desk")
    found: list[Visit] = []
    for role, person in (("guest editor", eva), ("editor-in-chief", kim), ("office", ivo)):
        pages = {
            "desk": listed,
            "desk, page 3": f"{listed}?page=3",
            "desk, longest idle": f"{listed}?sort=idle",
            "desk, search title": f"{listed}?q=encoder",
            "desk, search author": f"{listed}?q=writer77",
            "desk, search three words": f"{listed}?q=brain+masked+mri",
            **{
                f"desk, {label.lower()}": f"{listed}?show={code}"
                for code, label in CHIP_LABELS.items()
                if code and (role == "editor-in-chief" or code in {"my-turn", "mine", "late"})
            },
            "desk, search fields": f"{listed}?q=reviews:%3C4+late:yes+not+editor:none",
            "desk, search scores": f"{listed}?q=score.overall:%3E%3D4+or+topic:fairness",
            "desk, by next date": f"{listed}?sort=next",
            "desk, completion": f"{reverse('desk:complete_search')}?q=sta",
            "desk, filter and search": f"{listed}?show=waiting&q=brain&sort=-idle",
        }
        found += [Visit(name, role, person, (at,), True) for name, at in pages.items()]
        found += _manuscript_pages(role, person, is_deciding=person == eva)
    return [*found, *_office_pages(kim, ivo)]


def _manuscript_pages(role: str, person: User, *, is_deciding: bool) -> list[Visit]:
    seen = visible_to(person, SpecialIssue.objects.get())
    if is_deciding:
        seen = seen.filter(handlings__editor=person, handlings__ended_at=None)
    revised = seen.filter(versions__revision_number=1, versions__first_submitted_at__isnull=False)

    def page(name: str, addresses: Iterable[str]) -> Visit:
        return Visit(name, role, person, tuple(addresses))

    pages = [
        page("desk manuscript", _each("desk:manuscript", seen)),
        page(
            "desk manuscript, round 0",
            (f"{address}?round=0" for address in _each("desk:manuscript", revised)),
        ),
    ]
    if role != "office":
        in_review = seen.filter(stage=Stage.IN_REVIEW)
        panels = in_review.exclude(revision_kind=RevisionKind.MINOR)
        pages += [
            page("panel", _each("desk:panel", panels)),
            page("panel, seen before", _each("desk:panel", panels)[:1]),
            page("panel letters", _letters(panels)),
        ]
    if is_deciding:
        drafted = seen.filter(stage=Stage.AWAITING_DECISION)
        at_work = Assignment.objects.filter(
            version__manuscript__in=in_review,
            state__in=[AssignmentState.AGREED, AssignmentState.IN_PROGRESS],
        )
        returned = Assignment.objects.filter(
            version__manuscript__in=in_review, state=AssignmentState.RETURNED
        )
        pages += [
            page("decision, to write", _each("desk:decide", in_review)),
            page("decision, drafted", _each("desk:decide", drafted)),
            page("decision, letter", _each("desk:letter_state", drafted)),
            page("editor asks to leave", _each("desk:ask_reassignment", in_review)),
            page("reviewer, unassign", _of_assignment("desk:unassign", at_work)),
            page("reviewer, extend", _of_assignment("desk:extend_review", at_work)),
            page("reviewer, send back", _of_assignment("desk:send_back", returned)),
        ]
    else:
        pages += [
            page("assign editor", _each("desk:assign_editor", seen.filter(_WITH_EDITORS))),
            page("extend", _each("desk:extend", seen.filter(stage=Stage.MAJOR_REVISION))),
        ]
    if role == "office":
        arrived = seen.filter(stage=Stage.SUBMITTED)
        pages.append(page("unsubmit", _each("desk:unsubmit", arrived)))
    return pages


_WITH_EDITORS = Q(stage__in=[Stage.AWAITING_EDITOR, Stage.IN_REVIEW])


def _office_pages(kim: User, ivo: User) -> list[Visit]:
    people, acceptance = reverse("desk:people"), reverse("desk:acceptance")
    return [
        Visit("acceptance list", "editor-in-chief", kim, (acceptance,), True),
        Visit("acceptance list", "office", ivo, (acceptance,), True),
        Visit("people", "office", ivo, (people,), True),
        Visit("people, page 2", "office", ivo, (f"{people}?page=2",), True),
        Visit("settings", "office", ivo, (reverse("desk:settings"),)),
        Visit("settings", "editor-in-chief", kim, (reverse("desk:settings"),)),
    ]


def _mailbox(people: People) -> list[Visit]:
    """The mails of a rehearsal; a site for real people has no such page."""
    box = reverse("rehearsal:mailbox")
    of_one = f"{box}?to={people.reviewers[1].email}"
    return [
        Visit("mailbox", "rehearsal", None, (box,), True),
        Visit("mailbox, page 3", "rehearsal", None, (f"{box}?page=3",), True),
        Visit("mailbox of one person", "rehearsal", None, (of_one,), True),
    ]


def _each(name: str, rows: QuerySet[Any]) -> list[str]:
    """The addresses of a page for many things, spread over all of them."""
    keys = list(rows.order_by("pk").values_list("public_id", flat=True).distinct())
    return [reverse(name, args=[key]) for key in _spread(keys)]


def _letters(panels: QuerySet[Manuscript]) -> list[str]:
    """The page with the letters to the four best; it is reached from a panel just seen."""
    found = panels.order_by("pk")[0]
    version = Version.objects.filter(manuscript=found).latest("revision_number")
    best = [c for c in candidates(version, editor_key="") if not c.is_blocked and not c.is_asked]
    picks = urlencode([("pick", candidate.user.public_id) for candidate in best[:4]])
    return [f"{reverse('desk:panel_confirm', args=[found.public_id])}?{picks}"]


def _of_assignment(name: str, rows: QuerySet[Assignment]) -> list[str]:
    keys = list(rows.order_by("pk").values_list("version__manuscript__public_id", "public_id"))
    return [reverse(name, args=pair) for pair in _spread(keys)]


def _spread(keys: list[Any]) -> list[Any]:
    return keys[:: max(len(keys) // DIFFERENT, 1)][:DIFFERENT]
