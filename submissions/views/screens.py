"""What the five screens of a draft share: who may open them, the panel, the way on."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import User
from submissions import queries
from submissions.checks import Finding
from submissions.models import Version
from tmi_special_issue import clock
from tmi_special_issue.deadlines import has_ended

SCREENS = (
    ("files", "Files"),
    ("manuscript", "Manuscript"),
    ("authors", "Authors"),
    ("declarations", "Declarations"),
    ("check", "Check and submit"),
)
# Where a finding's field is on its screen, when it is not an input of that name.
_PLACES = {
    "main_file": "file-main",
    "conference_paper": "file-conference_paper",
    "response_to_reviewers": "file-response_to_reviewers",
    "marked_up_copy": "file-marked_up_copy",
    "authors": "authors",
    "suggested_reviewers": "suggested",
    "opposed_reviewers": "opposed",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A line of the panel: the sentence and the way to the field."""

    sentence: str
    url: str


def me(request: HttpRequest) -> User:
    """The signed-in person of a page that asks for one."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def version_or_404(request: HttpRequest, public_id: str) -> Version:
    """A version on which this person may work; a stranger finds nothing."""
    return get_object_or_404(
        queries.editable_versions(request.user).select_related(
            "manuscript__issue", "manuscript__submitter"
        ),
        public_id=public_id,
    )


def findings_as_links(
    version: Version, findings: list[Finding], *, whole: bool = True
) -> list[Missing]:
    """The findings with the address of the field that each is about.

    Without `whole` only the first sentence, what is wrong; the field itself says how to mend it.
    """
    return [
        Missing(
            finding.sentence if whole else finding.sentence.split(". ")[0].rstrip(".") + ".",
            reverse(f"submissions:{finding.screen.value}", args=[version.public_id])
            + "#"
            + _PLACES.get(finding.field, f"id_{finding.field}"),
        )
        for finding in findings
    ]


def panel(version: Version) -> dict[str, Any]:
    """What the side of every screen shows."""
    found = queries.missing(version)
    window = queries.deadline_window(version)
    return {
        "version": version,
        "manuscript": version.manuscript,
        "issue": version.manuscript.issue,
        "missing": findings_as_links(version, found, whole=False),
        "blocked_screens": {finding.screen.value for finding in found},
        "due_at": window.effective_at,
        "is_closed": has_ended(window, clock.now()),
    }


def show_screen(
    request: HttpRequest, screen: str, version: Version, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw one of the five screens with the panel and the steps."""
    shared = panel(version)
    blocked = shared["blocked_screens"]
    steps = [
        {
            "label": label,
            "url": reverse(f"submissions:{name}", args=[version.public_id]),
            "current": name == screen,
            "done": not blocked if name == "check" else name not in blocked,
        }
        for name, label in SCREENS
    ]
    content = {**shared, "steps": steps, "screen": screen, **context}
    return render(request, f"submissions/{screen}.html", content, status=status)


def next_screen(screen: str) -> str:
    """The name of the screen that follows."""
    names = [name for name, _ in SCREENS]
    return names[min(names.index(screen) + 1, len(names) - 1)]
