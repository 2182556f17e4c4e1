"""What every view of the desk begins with: who looks, and does the thing exist for them?"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.vary import vary_on_cookie

from accounts.models import User
from accounts.queries import DESK_ROLES, issues_with_role, role_names
from editors.models import Decision
from editors.permissions import Standing, standing
from editors.queries import current_decision, visible_to
from editors.queries.desk import Viewer
from editors.queries.manuscript import versions_of
from reviews.models import Assignment
from submissions.models import Manuscript, Version
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.queries import current_issue
from tmi_special_issue.refusal import Refusal

Answer = TypeVar("Answer", bound=HttpResponse)


def person_of(request: HttpRequest) -> User:
    """The signed-in person (the views ask for sign-in)."""
    return cast(User, request.user)


def desk_viewer(request: HttpRequest) -> Viewer:
    """Who looks at the desk of the present issue; a stranger gets 404."""
    person = person_of(request)
    issue = current_issue()
    roles = role_names(person, issue) if issue else frozenset()
    if issue is None or not DESK_ROLES & roles:
        return _elsewhere(person)
    return Viewer(user=person, issue=issue, roles=roles)


def find_manuscript(request: HttpRequest, public_id: str) -> tuple[Viewer, Manuscript]:
    """The manuscript and who looks; what must not be seen is not there."""
    person = person_of(request)
    manuscript = (
        Manuscript.objects.select_related("issue", "submitter").filter(public_id=public_id).first()
    )
    if manuscript is None:
        raise Http404
    roles = role_names(person, manuscript.issue)
    if not DESK_ROLES & roles:
        raise Http404
    viewer = Viewer(user=person, issue=manuscript.issue, roles=roles)
    seen = visible_to(person, manuscript.issue, roles, viewer.hidden)
    if not seen.filter(pk=manuscript.pk).exists():
        raise Http404
    return viewer, manuscript


def standing_of(viewer: Viewer, manuscript: Manuscript) -> Standing:
    """What the person may do with a manuscript that `find_manuscript` has found."""
    return standing(viewer.user, manuscript, roles=viewer.roles, seen=True)


def find_version(manuscript: Manuscript, wanted: str = "") -> tuple[Version, list[Version]]:
    """The version of a round (the latest when none is named) and all of them."""
    versions = versions_of(manuscript)
    if not versions:
        raise Http404
    chosen = [v for v in versions if str(v.revision_number) == wanted]
    return (chosen[0] if chosen else versions[-1]), versions


def find_decision(version: Version) -> Decision:
    """The decision on a version that is not discarded."""
    decision = current_decision(version)
    if decision is None:
        raise Http404
    return decision


def find_assignment(manuscript: Manuscript, public_id: str) -> Assignment:
    """A reviewer's assignment on this manuscript."""
    assignment = (
        Assignment.objects.filter(version__manuscript=manuscript, public_id=public_id)
        .select_related("version__manuscript__issue", "reviewer")
        .first()
    )
    if assignment is None:
        raise Http404
    return assignment


def attempt(
    request: HttpRequest, act: Callable[[], object], done: str, form: Form | None = None
) -> bool:
    """Do an act; tell in a sentence that it is done, or why it was refused.

    A refusal for a field of the form goes to that field. What must not be seen stays 404.
    """
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        if form is not None:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.sentence)
        else:
            messages.error(request, refusal.sentence)
        return False
    if done:
        messages.success(request, done)
    return True


def at_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For signed-in people only; nothing of the desk is kept by a cache."""

    @login_required
    @vary_on_cookie
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return guarded


def _elsewhere(person: User) -> Viewer:
    """Somebody whose desk is that of another issue than the present one."""
    issue: SpecialIssue | None = (
        issues_with_role(person, *DESK_ROLES).order_by("-opened_at").first()
    )
    if issue is None:
        raise Http404
    return Viewer(user=person, issue=issue, roles=role_names(person, issue))
