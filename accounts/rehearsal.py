"""Sign in as one of the invented people. The page exists in rehearsal mode only."""

import time

import structlog
from django.conf import settings
from django.contrib.auth import login, logout
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.doors import first_door
from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from accounts.models import Affiliation, Role, RoleName, User

log = structlog.get_logger(__name__)

# The order of the groups: who decides first, who writes last.
_GROUPS: list[tuple[str, str]] = [
    (RoleName.OFFICE, "Editorial office"),
    (RoleName.EDITOR_IN_CHIEF, "Editor-in-chief"),
    (RoleName.LEAD_GUEST_EDITOR, "Lead guest editor"),
    (RoleName.GUEST_EDITOR, "Guest editors"),
    (RoleName.REVIEWER, "Reviewers"),
    ("", "Authors and everybody else"),
]


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """List the invented people by role; a POST with `person` signs in as one of them."""
    if not settings.REHEARSAL:
        raise Http404
    if request.method == "POST":
        person = User.objects.filter(
            public_id=request.POST.get("person", ""), is_active=True, is_superuser=False
        ).first()
        if person is None:
            raise Http404
        logout(request)
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        now = int(time.time())
        request.session.update({SIGNED_IN_AT: now, SEEN_AT: now})
        log.info("rehearsal_signed_in_as", person=person.public_id)
        wanted = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return redirect(wanted if wanted and is_ours else first_door(person))
    return render(request, "accounts/sign_in_as.html", {"groups": _groups()})


def _groups() -> list[dict[str, object]]:
    """Everybody once, under the first of the groups that fits; empty groups are left out."""
    people = (
        User.objects.filter(is_active=True, is_superuser=False)
        .prefetch_related(
            Prefetch("roles", Role.objects.filter(ended_at__isnull=True)),
            Prefetch("affiliations", Affiliation.objects.filter(ended_on__isnull=True)),
        )
        .order_by("family_name", "given_name", "pk")
    )
    members: dict[str, list[User]] = {name: [] for name, _ in _GROUPS}
    for person in people:
        held = {role.name for role in person.roles.all()}
        members[next(name for name, _ in _GROUPS if not name or name in held)].append(person)
    return [
        {
            "title": title,
            "people": [
                {
                    "public_id": person.public_id,
                    "name": person.full_name or person.email,
                    "email": person.email,
                    "affiliation": next(
                        (place.institution for place in person.affiliations.all()), ""
                    ),
                }
                for person in members[name]
            ],
        }
        for name, title in _GROUPS
        if members[name]
    ]
