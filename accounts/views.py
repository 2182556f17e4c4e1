"""Pages of a person's own account. Signing in and its safety are allauth's pages."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, countries, orcid, ror
from accounts.doors import first_door
from accounts.forms.profile import AffiliationForm, EndAffiliationForm, ProfileForm
from accounts.models import Affiliation, User
from accounts.queries import affiliations_of
from tmi_special_issue.refusal import Refusal


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead a person who has just signed in to the door they use most."""
    return redirect(first_door(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and keep what a person says of themselves."""
    person = _person(request)
    shown = {
        name: getattr(person, name)
        for name in (
            "given_name",
            "family_name",
            "native_name",
            "orcid",
            "country",
            "time_zone",
        )
    }
    form = ProfileForm(request.POST or None, initial=shown, person=person)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.save_profile(
                actor=person,
                given_name=values["given_name"],
                family_name=values["family_name"],
                native_name=values["native_name"],
                orcid_id=values["orcid"],
                country=values["country"],
                time_zone=values["time_zone"],
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, "Your profile is saved.")
            return redirect("accounts:profile")
    return render(
        request,
        "accounts/profile.html",
        {
            "form": form,
            "person": person,
            "orcid_address": orcid.address(person.orcid),
            "orcid_sign_in": bool(settings.ORCID_CLIENT_ID),
            "affiliations": [
                {
                    "row": row,
                    "country": countries.name(row.country),
                    "ror_address": ror.address(row.ror),
                }
                for row in affiliations_of(person)
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_affiliation(request: HttpRequest) -> HttpResponse:
    """Add a place where the person works or worked."""
    form = AffiliationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            added = actions.add_affiliation(
                actor=_person(request),
                institution=values["institution"],
                department=values["department"],
                city=values["city"],
                country=values["country"],
                ror_id=values["ror"],
                mail_domain=values["mail_domain"],
                started_on=values["started_on"],
                ended_on=values["ended_on"],
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"{added.institution} is on your profile.")
            return redirect("accounts:profile")
    return render(request, "accounts/add_affiliation.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end_affiliation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note the last day at an institution."""
    person = _person(request)
    affiliation = Affiliation.objects.filter(public_id=public_id, user=person).first()
    if affiliation is None:
        raise Http404
    form = EndAffiliationForm(request.POST or None, initial={"ended_on": affiliation.ended_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_affiliation(
                actor=person, affiliation=affiliation, ended_on=form.cleaned_data["ended_on"]
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"The last day at {affiliation.institution} is noted.")
            return redirect("accounts:profile")
    return render(
        request, "accounts/end_affiliation.html", {"form": form, "affiliation": affiliation}
    )


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
