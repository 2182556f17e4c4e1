"""All addresses. One door a role: no page serves two (`architecture.md` 2)."""

from django.conf import settings
from django.urls import include, path

from tmi_special_issue import views

handler500 = "tmi_special_issue.views.server_error"

urlpatterns = [
    # Before the authors' other addresses, which would take it for a manuscript.
    path("submissions/enquiries/", include("editors.enquiry_urls")),
    path("", include("submissions.urls")),
    path("reviews/", include("reviews.urls")),
    path("desk/", include("editors.urls")),
    path("letters/", include("editors.letter_urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("submissions.api_urls")),
    path("health/", views.health, name="health"),
]

if settings.REHEARSAL:
    urlpatterns.append(path("rehearsal/", include("tmi_special_issue.rehearsal_urls")))

if settings.DEBUG or settings.REHEARSAL:
    urlpatterns.append(path("", include("tmi_special_issue.styleguide")))
