"""The author's manuscripts: the list, the page of one, the answers to a decision."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from submissions import actions, queries
from submissions.forms import ExtensionAskForm, WithdrawalForm
from submissions.models import (
    Correspondence,
    Manuscript,
    Receipt,
    Upload,
    Version,
    VersionFile,
    WithdrawalRequest,
)
from submissions.permissions import may_work_on
from submissions.queries.manuscripts import read_files
from submissions.states import (
    AUTHORS_CHANGEABLE,
    FILE_KIND_LABELS,
    MORE_TIME_FOR,
    WITHDRAWABLE,
    FileKind,
    Stage,
)
from submissions.supporting import FINAL_KINDS
from submissions.views.drafts import checks_of
from submissions.views.kept_text import NOT_SENT, keeps_text, kept_text, let_go
from submissions.views.screens import me
from tmi_special_issue import clock
from tmi_special_issue.refusal import Refusal

PER_PAGE = 25


@login_required
@require_safe
def manuscripts(request: HttpRequest) -> HttpResponse:
    """All manuscripts of which this person is submitter or author, the newest first."""
    mine = queries.manuscripts_of(request.user).order_by("-created_at", "-id")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.my_lines(list(page.object_list), clock.now())
    return render(request, "submissions/manuscripts.html", {"page": page, "lines": lines})


@login_required
@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One manuscript: where it is, what next, by when, and everything that was sent."""
    manuscript = _manuscript(request, public_id)
    known = queries.all_versions(me(request), manuscript)
    newest = known[0]
    may_work = newest.may_edit
    versions = [version for version in known if version.may_edit or version.first_submitted_at]
    read_files(versions)
    may_ask_time = may_work and manuscript.stage in MORE_TIME_FOR
    now = clock.now()
    step = queries.story(manuscript, newest, now)
    receipts = list(Receipt.objects.filter(version__in=versions).order_by("-received_at", "-id"))
    letters = list(Correspondence.objects.filter(manuscript=manuscript).select_related("file"))
    wishes = list(WithdrawalRequest.objects.filter(manuscript=manuscript))
    author_change = queries.open_author_change(manuscript)
    asks = list(queries.extension_requests(manuscript)) if may_ask_time else []
    withdrawal = next((wish for wish in wishes if not wish.answer), None)
    shown = next((v for v in versions if not v.is_draft), versions[0] if versions else newest)
    return render(
        request,
        "submissions/show.html",
        {
            "manuscript": manuscript,
            "issue": manuscript.issue,
            "step": step,
            "may_work": may_work,
            "newest": newest,
            "draft": newest if newest.is_draft and may_work else None,
            "shown": shown,
            "versions": versions,
            "authors": shown.authors.all(),
            "letters": letters,
            "timeline": queries.timeline(manuscript, versions, letters=letters, wishes=wishes),
            "is_returned": manuscript.stage == Stage.UNSUBMITTED,
            "receipts": receipts,
            "may_compare": len(receipts) + bool(newest.is_draft and may_work) > 1,
            "may_take_back": may_work and step.may_be_edited,
            "withdrawal": withdrawal,
            "more_time": asks[0] if asks else None,
            "time_form": _time_form(manuscript, step.due_at)
            if may_ask_time and step.due_at and not (asks and asks[0].is_open)
            else None,
            "author_change": author_change,
            "consents": author_change.consents.all() if author_change else [],
            "may_change_authors": may_work
            and not author_change
            and manuscript.stage in AUTHORS_CHANGEABLE,
            "may_withdraw": may_work and not withdrawal and manuscript.stage in WITHDRAWABLE,
        },
    )


@login_required
@require_POST
def revise(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin the revision that the decision asked for."""
    manuscript = _manuscript(request, public_id)
    try:
        version = actions.start_revision(actor=me(request), manuscript=manuscript)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.sentence)
        return redirect("submissions:show", public_id)
    return redirect("submissions:response", version.public_id)


@login_required
@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a submitted original again, to be edited and submitted anew."""
    manuscript = _manuscript(request, public_id)
    try:
        version = actions.take_back_manuscript(actor=me(request), manuscript=manuscript)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.sentence)
        return redirect("submissions:show", public_id)
    messages.warning(
        request,
        f"{version.label} is a draft again and does not count as submitted. Submit it once more "
        "when you are done.",
    )
    return redirect("submissions:check", version.public_id)


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask to withdraw: a page that says what follows, a reason, one button."""
    manuscript = _manuscript(request, public_id)
    newest = queries.latest_version(manuscript)
    newest.manuscript = manuscript
    if not may_work_on(request.user, newest) or manuscript.stage not in WITHDRAWABLE:
        return redirect("submissions:show", public_id)
    kept = kept_text(request)
    form = WithdrawalForm(request.POST or kept)
    if request.method == "POST" and form.is_valid():
        actions.ask_withdrawal(
            actor=me(request), manuscript=manuscript, reason=form.cleaned_data["reason"]
        )
        let_go(request)
        messages.success(request, "The editorial office was asked. You will hear by mail.")
        return redirect("submissions:show", public_id)
    return render(
        request,
        "submissions/withdraw.html",
        {
            "manuscript": manuscript,
            "version": newest,
            "issue": manuscript.issue,
            "form": form,
            "not_sent": NOT_SENT if kept and request.method != "POST" else "",
        },
        status=422 if request.method == "POST" else 200,
    )


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def ask_extension(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for more time for a revision: a date that is proposed, a reason if wanted, one button."""
    manuscript = _manuscript(request, public_id)
    newest = queries.all_versions(me(request), manuscript)[0]
    if not newest.may_edit or manuscript.stage not in MORE_TIME_FOR:
        return redirect("submissions:show", public_id)
    due = queries.present_window(manuscript, newest).effective_at
    kept = kept_text(request)
    form = _time_form(manuscript, due, request.POST or kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_extension(actor=me(request), manuscript=manuscript, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            let_go(request)
            messages.success(
                request, "The editors were asked for more time. You will hear by mail."
            )
            return redirect("submissions:show", public_id)
    return render(
        request,
        "submissions/ask_extension.html",
        {
            "manuscript": manuscript,
            "version": newest,
            "issue": manuscript.issue,
            "form": form,
            "due_at": due,
            "not_sent": NOT_SENT if kept and request.method != "POST" else "",
        },
        status=422 if request.method == "POST" else 200,
    )


@login_required
@require_POST
def take_back_withdrawal(request: HttpRequest, public_id: str) -> HttpResponse:
    """The author does not want to withdraw any more."""
    manuscript = _manuscript(request, public_id)
    newest = queries.latest_version(manuscript)
    newest.manuscript = manuscript
    if may_work_on(request.user, newest):
        actions.take_back_withdrawal(actor=me(request), manuscript=manuscript)
        messages.success(request, "The request is taken back. The manuscript goes on.")
    return redirect("submissions:show", public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def final_files(request: HttpRequest, public_id: str) -> HttpResponse:
    """After acceptance: final PDF, sources, copyright form; POST hands them in."""
    manuscript = _manuscript(request, public_id)
    version = queries.latest_version(manuscript)
    version.manuscript = manuscript
    is_theirs = may_work_on(request.user, version)
    if not is_theirs or manuscript.stage != Stage.AWAITING_FINAL_FILES:
        return redirect("submissions:show", public_id)
    if request.method == "POST":
        try:
            actions.receive_final_files(actor=me(request), manuscript=manuscript)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("submissions:final_files", public_id)
        messages.success(request, "The final files are here. The receipt comes by mail.")
        return redirect("submissions:show", public_id)
    slots = _final_slots(version)
    return render(
        request,
        "submissions/final_files.html",
        {
            "manuscript": manuscript,
            "issue": manuscript.issue,
            "version": version,
            "slots": slots,
            "interrupted": Upload.objects.filter(version=version, owner=me(request)),
            "lacking": [slot["label"] for slot in slots if slot["row"] is None],
            "due_at": queries.final_files_due_at(manuscript),
        },
    )


_FINAL_NOTES = {
    FileKind.FINAL_PDF: "the accepted paper as it shall appear, PDF",
    FileKind.SOURCES: "LaTeX as ZIP archive, or Word",
    FileKind.COPYRIGHT_FORM: "signed, PDF",
}


def _final_slots(version: Version) -> list[dict[str, Any]]:
    rows = VersionFile.objects.filter(version=version, kind__in=[k.value for k in FINAL_KINDS])
    by_kind = {row.kind: row for row in rows.select_related("file__served", "thumbnail")}
    issue = version.manuscript.issue
    return [
        {
            "kind": kind.value,
            "label": FILE_KIND_LABELS[kind],
            "note": _FINAL_NOTES[kind],
            "row": by_kind.get(kind.value),
            "checks": checks_of(by_kind[kind.value]) if kind.value in by_kind else [],
            "bytes_max": issue.supporting_file_bytes_max
            if kind == FileKind.SOURCES
            else issue.main_file_bytes_max,
        }
        for kind in FINAL_KINDS
    ]


def _time_form(
    manuscript: Manuscript, due: datetime, data: QueryDict | None = None
) -> ExtensionAskForm:
    """The form that asks for two more weeks, unless another date is typed."""
    issue = manuscript.issue
    until = queries.proposed_until(due, issue, clock.now())
    initial = {"until": until.astimezone(ZoneInfo(issue.zone)).date()}
    return ExtensionAskForm(data, issue=issue, initial=initial)


def _manuscript(request: HttpRequest, public_id: str) -> Manuscript:
    return get_object_or_404(queries.manuscripts_of(request.user), public_id=public_id)
