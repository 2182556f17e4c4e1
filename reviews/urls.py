"""Addresses of the reviewers' door."""

from django.urls import path

from reviews import views

app_name = "reviews"

urlpatterns = [
    path("", views.assignments, name="assignments"),
    path("profile/", views.profile, name="profile"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("<str:public_id>/", views.show, name="show"),
    path("<str:public_id>/agree/", views.agree, name="agree"),
    path("<str:public_id>/decline/", views.decline, name="decline"),
    path("<str:public_id>/reconsider/", views.reconsider, name="reconsider"),
    path("<str:public_id>/save/", views.save, name="save"),
    path("<str:public_id>/preview/", views.preview, name="preview"),
    path("<str:public_id>/deliver/", views.deliver, name="deliver"),
    path("<str:public_id>/time/", views.time, name="time"),
    path("<str:public_id>/files/<str:file_id>/", views.file, name="file"),
]
