"""Acceptance list, people, settings."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role, RoleName, User
from editors import actions, exports
from editors.acceptance import differences
from editors.forms import AuthorityForm, ConflictRulesForm, RoleForm
from editors.models import AcceptanceSnapshot
from editors.permissions import (
    may_change_settings,
    may_manage_people,
    may_see_acceptance,
    may_take_acceptance,
)
from editors.queries import acceptance_rows, visible_to
from editors.queries.acceptance import snapshot_rows, snapshots
from editors.queries.desk import PAGE_SIZE, Viewer
from editors.queries.manuscript import HistoryEntry
from editors.queries.team import team_findings
from editors.views.found import at_desk, attempt, desk_viewer
from tmi_special_issue import audit
from tmi_special_issue.files import disposition
from tmi_special_issue.models import AuditEntry, DecisionAuthority
from tmi_special_issue.queries import milestones

CHANGES_SHOWN = 20


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def acceptance(request: HttpRequest) -> HttpResponse:
    """The list as it stands, what changed since the last one, and the lists taken."""
    viewer = desk_viewer(request)
    _must(may_see_acceptance(viewer.user, viewer.issue))
    if request.method == "POST":
        act = partial(actions.take_snapshot, actor=viewer.user, issue=viewer.issue)
        attempt(request, act, "The list is taken and kept.")
        return redirect("desk:acceptance")
    present = acceptance_rows(viewer.issue, visible_to(viewer.user, viewer.issue, viewer.roles))
    taken = _seen(viewer)
    changes = differences(snapshot_rows(taken[0]) if taken else [], present)
    page = Paginator(present, PAGE_SIZE).get_page(request.GET.get("page", 1))
    return render(
        request,
        "editors/acceptance.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "page": page,
            "snapshots": taken,
            "changes": changes[:CHANGES_SHOWN],
            "changes_left": len(changes[CHANGES_SHOWN:]),
            "may_take": may_take_acceptance(viewer.user, viewer.issue),
            "orcid_gaps": sum(bool(row.orcid_missing_for) for row in present),
            "files_open": sum(row.final_files_complete != "y" for row in present),
            "charge": f"{sum(int(row.overlength_charge_usd or 0) for row in present):,}",
            "forms": list(exports.FORMATS),
            "acceptance_lead": "What production gets: accepted manuscripts and no reviewer data.",
            "accepted_note": f"{len(present)}, by date of acceptance",
        },
    )


@at_desk
@require_safe
def export(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """A list that was taken, as a file; the same bytes each time."""
    viewer = desk_viewer(request)
    _must(may_see_acceptance(viewer.user, viewer.issue))
    found = [s for s in _seen(viewer) if s.public_id == public_id]
    _must(bool(found) and form in exports.FORMATS)
    content = exports.snapshot_file(found[0], form)
    name = f"{viewer.issue.number_prefix}-acceptance-{found[0].number}.{form}"
    return HttpResponse(
        content,
        content_type=exports.FORMATS[form],
        headers={
            "Content-Disposition": disposition("attachment", name),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who has which role."""
    viewer = desk_viewer(request)
    _must(may_manage_people(viewer.user, viewer.issue))
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.grant_role, actor=viewer.user, issue=viewer.issue, **form.cleaned_data
        )
        role = RoleName(form.cleaned_data["name"]).label.lower()
        if attempt(request, act, f"{form.cleaned_data['email']} is now {role}.", form):
            return redirect("desk:people")
    roles = (
        Role.objects.filter(issue=viewer.issue, ended_at__isnull=True)
        .select_related("user")
        .order_by("user__family_name", "user__given_name", "pk")
    )
    of_desk = list(roles.exclude(name=RoleName.REVIEWER))
    reviewers = Paginator(roles.filter(name=RoleName.REVIEWER), PAGE_SIZE).get_page(
        request.GET.get("page", 1)
    )
    by_name = [
        _group(name, [role for role in of_desk if role.name == name])
        for name in (
            RoleName.EDITOR_IN_CHIEF,
            RoleName.LEAD_GUEST_EDITOR,
            RoleName.GUEST_EDITOR,
            RoleName.OFFICE,
        )
    ]
    by_name.append(
        {**_group(RoleName.REVIEWER, list(reviewers)), "count": reviewers.paginator.count}
    )
    return render(
        request,
        "editors/people.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "groups": by_name,
            "form": form,
            "page": reviewers,
        },
        status=422 if form.errors else 200,
    )


@at_desk
@require_POST
def end_role(request: HttpRequest) -> HttpResponse:
    """End a role."""
    viewer = desk_viewer(request)
    _must(may_manage_people(viewer.user, viewer.issue))
    person = User.objects.filter(public_id=request.POST.get("person", "")).first()
    if person is None:
        raise Http404
    act = partial(
        actions.end_role,
        actor=viewer.user,
        issue=viewer.issue,
        person=person,
        name=request.POST.get("name", ""),
    )
    attempt(request, act, f"The role of {person} has ended.")
    return redirect("desk:people")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Who decides, with the dates and numbers of the call beside it."""
    viewer = desk_viewer(request)
    _must(may_change_settings(viewer.user, viewer.issue))
    posted = request.POST if request.method == "POST" else None
    is_rules = posted is not None and "conflict_months" in posted
    form = AuthorityForm(
        None if is_rules else posted,
        initial={"decision_authority": viewer.issue.decision_authority},
    )
    rules = ConflictRulesForm(
        posted if is_rules else None,
        initial={name: getattr(viewer.issue, name) for name in ConflictRulesForm.base_fields},
    )
    sent = rules if is_rules else form
    if posted is not None and sent.is_valid():
        act = partial(
            actions.change_conflict_rules if is_rules else actions.change_authority,
            actor=viewer.user,
            issue=viewer.issue,
            **_values(sent),
        )
        if attempt(request, act, "The setting is saved and on record.", sent):
            return redirect("desk:settings")
    record = audit.entries_about(viewer.issue.audit_key).filter(
        verb__in=["authority.changed", "conflict_rules.changed", "issue.opened"]
    )
    return render(
        request,
        "editors/settings.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "form": form,
            "rules": rules,
            "team": team_findings(viewer.issue, viewer.user),
            "dates": sorted(milestones(viewer.issue).values(), key=lambda d: d.due_at),
            "record": [_told(entry) for entry in record.order_by("-sequence")[:20]],
        },
        status=422 if sent.errors else 200,
    )


def _values(form: Form) -> dict[str, Any]:
    """The clean values under the names that the action takes."""
    if isinstance(form, AuthorityForm):
        return {"authority": form.cleaned_data["decision_authority"]}
    return form.cleaned_data


def _seen(viewer: Viewer) -> list[AcceptanceSnapshot]:
    """The lists of which this person may see every row."""
    taken = list(snapshots(viewer.issue))
    numbers = {row["manuscript_id"] for s in taken for row in s.rows}
    visible = set(
        visible_to(viewer.user, viewer.issue, viewer.roles)
        .filter(number__in=numbers)
        .values_list("number", flat=True)
    )
    return [s for s in taken if {row["manuscript_id"] for row in s.rows} <= visible]


def _told(entry: AuditEntry) -> HistoryEntry:
    """A change of the settings in a sentence."""
    if entry.verb == "authority.changed":
        before = DecisionAuthority(entry.facts["before"]).label
        after = DecisionAuthority(entry.facts["after"]).label
        return HistoryEntry(entry.at, f"Who decides: {after}; before: {before}")
    if entry.verb == "conflict_rules.changed":
        labels = {name: f.label for name, f in ConflictRulesForm.base_fields.items()}
        words = [
            f"{labels.get(name, name)}: {_number(after)}; before: {_number(before)}"
            for name, (before, after) in entry.facts["changed"].items()
        ]
        return HistoryEntry(entry.at, ". ".join(words))
    return HistoryEntry(entry.at, "The call was loaded from its file")


def _number(value: int | None) -> str:
    return "no limit" if value is None else str(value)


def _group(name: RoleName, roles: list[Role]) -> dict[str, object]:
    for role in roles:
        role.panel_id = f"end-{name}-{role.user.public_id}"  # type: ignore[attr-defined]
    return {"label": name.label, "name": name.value, "roles": roles, "count": len(roles)}


def _must(allowed: bool) -> None:
    if not allowed:
        raise Http404
