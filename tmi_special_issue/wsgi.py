"""The web application."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmi_special_issue.settings")

application = get_wsgi_application()

# Load every page now: otherwise the first visitor of each process waits for the imports.
_ = get_resolver().url_patterns
