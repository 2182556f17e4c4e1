"""Addresses that exist in rehearsal mode only."""

from django.urls import path
from django.utils.module_loading import import_string

from tmi_special_issue import rehearsal

app_name = "rehearsal"
sign_in_as = import_string("accounts.rehearsal.sign_in_as")

urlpatterns = [
    path("clock/", rehearsal.go, name="go"),
    path("mailbox/", rehearsal.mailbox, name="mailbox"),
    path("mailbox/<str:public_id>/", rehearsal.mail, name="mail"),
    path(
        "mailbox/<str:public_id>/<int:attachment_id>/",
        rehearsal.mail_attachment,
        name="mail_attachment",
    ),
    path("sign-in-as/", sign_in_as, name="sign_in_as"),
]
