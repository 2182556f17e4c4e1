"""Addresses for programs."""

from django.urls import path

from submissions.api import CallView

urlpatterns = [path("call/", CallView.as_view(), name="api_call")]
