"""Addresses of the reviewers' door."""

from django.urls import path

from reviews import views

app_name = "reviews"

urlpatterns = [
    path("", views.assignments, name="assignments"),
    path("profile/", views.profile, name="profile"),
    path("calendar/new/", views.renew_calendar, name="renew_calendar"),
    path("calendar/off/", views.close_calendar, name="close_calendar"),
    path("calendar/<str:token>.ics", views.calendar, name="calendar"),
    path("certificates/", views.check_certificate, name="check_certificate"),
    path("certificates/ask/", views.ask_certificate, name="ask_certificate"),
    path("certificates/<str:public_id>.pdf", views.certificate, name="certificate"),
    path("pool/<str:token>/", views.join, name="join"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("<str:public_id>/", views.show, name="show"),
    path("<str:public_id>/agree/", views.agree, name="agree"),
    path("<str:public_id>/decline/", views.decline, name="decline"),
    path("<str:public_id>/reconsider/", views.reconsider, name="reconsider"),
    path("<str:public_id>/save/", views.save, name="save"),
    path("<str:public_id>/preview/", views.preview, name="preview"),
    path("<str:public_id>/deliver/", views.deliver, name="deliver"),
    path("<str:public_id>/text/", views.text, name="text"),
    path("<str:public_id>/text/take/", views.take_text, name="take_text"),
    path("<str:public_id>/attach/", views.attach, name="attach"),
    path("<str:public_id>/attachments/<str:attachment_id>/", views.attachment, name="attachment"),
    path("<str:public_id>/attachments/<str:attachment_id>/remove/", views.detach, name="detach"),
    path(
        "<str:public_id>/attachments/<str:attachment_id>/show/",
        views.show_attachment,
        name="show_attachment",
    ),
    path("<str:public_id>/time/", views.time, name="time"),
    path("<str:public_id>/files/<str:file_id>/", views.file, name="file"),
]
