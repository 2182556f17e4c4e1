"""The addresses of production and, so that it can be measured, the mailbox of a rehearsal."""

from django.urls import include, path

from tmi_special_issue.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("rehearsal/", include("tmi_special_issue.rehearsal_urls"))]
