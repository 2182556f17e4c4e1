"""Sets the stage of the fault suite in the site's own database, and says what stands on it.

Run as ``python -m tests.faults.stage`` with the settings of the site under test; prints JSON. The
call is opened with dates that lie ahead, because the site's clock is the real one.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from datetime import date, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmi_special_issue.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from editors.models import Letter  # noqa: E402
from tests.cast import REVIEWERS, Story, latest_version  # noqa: E402
from tests.people import CALL  # noqa: E402
from tmi_special_issue.actions import open_issue  # noqa: E402

DRAFTS = 4
UNDECIDED = 2
WRITING = 3


def the_call() -> dict[str, Any]:
    """The shipped call, two months before its first date."""
    content = tomllib.loads(CALL.read_text("utf-8"))
    first = min(content["dates"].values())
    ahead = date.today() + timedelta(days=60) - first  # noqa: DTZ011
    content["dates"] = {kind: day + ahead for kind, day in content["dates"].items()}
    return content


def session_of(person: User) -> str:
    """The cookie of a signed-in browser."""
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def decided(story: Story) -> dict[str, str]:
    """A manuscript whose decision waits for its release."""
    paper = story.reviewed("reject")
    decision = story.draft_decision(paper, "reject")
    letter = Letter.objects.get(decision=decision)
    return {"manuscript": paper.public_id, "letter": letter.public_id}


def writing(story: Story) -> list[dict[str, str]]:
    """The reviews of a manuscript that four people have agreed to write and not begun."""
    paper = story.in_review()
    return [
        {
            "manuscript": paper.public_id,
            "reviewer": name,
            "assignment": story.assignment(paper, name).public_id,
        }
        for name in REVIEWERS
    ]


def main() -> None:
    """Make everything and print where it is."""
    issue = open_issue(actor="system:test", content=the_call())
    story = Story(issue)
    json.dump(
        {
            "sessions": {name: session_of(person) for name, person in story.people.items()},
            "drafts": [latest_version(story.draft()).public_id for _ in range(DRAFTS)],
            "decided": [decided(story) for _ in range(UNDECIDED)],
            "reviewed": story.reviewed("accept").public_id,
            "writing": [sheet for _ in range(WRITING) for sheet in writing(story)],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
