"""The reviewer's own pages: what is asked, what is open, what is done; own limits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.queries import Visitor
from reviews import actions
from reviews.forms import ProfileForm
from reviews.models import CalendarFeed, ReviewerProfile
from reviews.queries import at_the_door, certificates_of, profile_of, years_of_service
from reviews.queries.door import in_order_of_need
from reviews.states import WORKING, AssignmentState
from reviews.views.door import admitted, scope_of
from tmi_special_issue import clock, links
from tmi_special_issue.queries import current_issue
from tmi_special_issue.refusal import Refusal

PER_PAGE = 30


@admitted
@require_safe
def assignments(request: HttpRequest) -> HttpResponse:
    """Everything that is asked of this reviewer, the most urgent first."""
    rows = in_order_of_need(at_the_door(request.user, scope_of(request)))
    page = Paginator(rows.defer("version__abstract"), PER_PAGE).get_page(request.GET.get("page"))
    groups: dict[str, list[object]] = {"open": [], "asked": [], "past": []}
    for row in page.object_list:
        state = AssignmentState(row.state)
        if state in WORKING:
            groups["open"].append(row)
        elif state in {AssignmentState.INVITED, AssignmentState.COI_HOLD}:
            groups["asked"].append(row)
        else:
            groups["past"].append(row)
    return render(
        request,
        "reviews/assignments.html",
        {"page": page, "groups": groups, "now": clock.now(), **_service(request.user)},
    )


def _service(visitor: Visitor) -> dict[str, object]:
    """Calendar, pause and certificates of somebody signed in; a mail's link opens none of them."""
    if not isinstance(visitor, User):
        return {}
    feed = CalendarFeed.objects.filter(user=visitor).first()
    address = links.absolute("reviews:calendar", feed.token) if feed else ""
    certificates = list(certificates_of(visitor))
    made = {(one.issue, one.year) for one in certificates}
    return {
        "feed_url": address,
        "feed_subscribe": "webcal://" + address.split("://", 1)[-1],
        "profile": profile_of(visitor),
        "certificates": certificates,
        "years": [pair for pair in years_of_service(visitor) if pair not in made],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Own topics, words, limit and pause."""
    issue = current_issue()
    if issue is None or not isinstance(request.user, User):
        raise Http404
    known = profile_of(request.user)
    if request.method == "POST":
        form = ProfileForm(issue, request.POST)
        if form.is_valid():
            try:
                actions.save_profile(actor=request.user, **form.values())
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.sentence)
            else:
                messages.success(request, "Saved. Invitations will keep to it.")
                return redirect("reviews:profile")
        return render(request, "reviews/profile.html", {"form": form}, status=400)
    form = ProfileForm(issue, initial=profile_initial(known))
    return render(request, "reviews/profile.html", {"form": form})


def profile_initial(known: ReviewerProfile | None) -> dict[str, object]:
    """What the form shows of a profile; nothing where there is none."""
    if known is None:
        return {}
    return {
        "topics": [topic.pk for topic in known.topics.all()],
        "expertise": known.expertise,
        "load_limit": known.load_limit,
        "interval_days": known.interval_days,
        "paused_from": known.paused_from,
        "paused_until": known.paused_until,
    }
