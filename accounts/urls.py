"""Addresses of a person's own account, beside allauth's."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("profile/", views.profile, name="profile"),
    path("affiliations/add/", views.add_affiliation, name="add_affiliation"),
    path("affiliations/<str:public_id>/end/", views.end_affiliation, name="end_affiliation"),
]
