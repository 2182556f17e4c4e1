"""The one address at which anybody may ask whether a letter is real."""

from django.urls import path

from editors.views import verifying

app_name = "letters"

urlpatterns = [path("verify/", verifying.verify, name="verify")]
