"""The site's settings as in production, and the one rehearsal page that lists mails."""

from tmi_special_issue.settings import *  # noqa: F403

ROOT_URLCONF = "bench.addresses"
