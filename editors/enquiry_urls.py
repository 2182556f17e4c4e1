"""Addresses at which an author asks a guest editor: part of the authors' door.

They are served from here because only the desk knows whom an author may ask.
"""

from django.urls import path

from editors.views import asking

app_name = "enquiries"

urlpatterns = [
    path("", asking.enquiries, name="enquiries"),
    path("ask/", asking.ask, name="ask"),
    path("<str:public_id>/", asking.enquiry, name="enquiry"),
]
