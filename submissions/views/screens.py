"""What the screens of a draft share: who may open them, the panel, the way on."""

from collections.abc import Collection
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
# A revision begins with what the reviewers ask for.
SCREENS_OF_A_REVISION = (("response", "Response"), *SCREENS)
# Where a finding's field is on its screen, when it is not an input of that name.
_PLACES = {
    "main_file": "file-main",
    "conference_paper": "file-conference_paper",
    "response_to_reviewers": "file-response_to_reviewers",
    "marked_up_copy": "file-marked_up_copy",
    "authors": "authors",
    "funding": "funders",
    "declared_conflicts": "conflicts",
    "declares_unpublished": "declared",
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


def edit_count(request: HttpRequest) -> int:
    """The count of saves that the page was loaded with; -1, which fits none, when there is none."""
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def version_or_404(request: HttpRequest, public_id: str) -> Version:
    """A version on which this person may work; a stranger finds nothing."""
    return get_object_or_404(
        queries.editable_versions(request.user).select_related(
            "manuscript__issue", "manuscript__submitter", "preferred_editor"
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


def panel(parts: queries.Parts) -> dict[str, Any]:
    """What the side of every screen shows."""
    version = parts.version
    found = queries.missing(version, parts)
    window = queries.deadline_window(version)
    return {
        "points": parts.points,
        "progress": queries.progress_of(parts.points),
        "version": version,
        "manuscript": version.manuscript,
        "issue": version.manuscript.issue,
        "missing": findings_as_links(version, found, whole=False),
        "blocked_screens": {finding.screen.value for finding in found},
        "due_at": window.effective_at,
        "is_closed": has_ended(window, clock.now()),
        "returned_words": "Returned to you to be completed"
        if version.manuscript.fault_list
        else "Taken back to be edited, not submitted",
    }


def show_screen(
    request: HttpRequest, screen: str, parts: queries.Parts, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw one of the screens with the panel, the steps and the way on."""
    version = parts.version
    shared = panel(parts)
    blocked = shared["blocked_screens"]
    following = next_screen(screen, version, blocked)
    steps = [
        {
            "label": label,
            "url": reverse(f"submissions:{name}", args=[version.public_id]),
            "current": name == screen,
            "done": not blocked if name == "check" else name not in blocked,
        }
        for name, label in screens_of(version)
    ]
    content = {
        **shared,
        "steps": steps,
        "screen": screen,
        "next_url": reverse(f"submissions:{following}", args=[version.public_id]),
        "next_label": dict(screens_of(version))[following].lower(),
        **context,
    }
    return render(request, f"submissions/{screen}.html", content, status=status)


def screens_of(version: Version) -> tuple[tuple[str, str], ...]:
    """The screens of a version in their order: name and label."""
    return SCREENS_OF_A_REVISION if version.revision_number else SCREENS


def next_screen(screen: str, version: Version, blocked: Collection[str]) -> str:
    """The name of the screen that follows.

    A revision comes with the metadata of the version before it, so its way leads on past those
    screens unless something on them is missing. The steps above reach them at any time.
    """
    names = [name for name, _ in screens_of(version)]
    later = names[names.index(screen) + 1 :]
    if version.revision_number:
        later = [name for name in later if name in blocked or name in {"files", "check"}]
    return later[0] if later else names[-1]
