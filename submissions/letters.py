"""What the PDF of a revision's answers says, as plain values (`domain.md` E.2).

Made from rows that are frozen once the revision is handed in, so the same rows give the same
bytes. Reviewers stand in it under their labels, as in the letter that they answer.
"""

import hashlib
import json
from typing import Any
from zoneinfo import ZoneInfo

from submissions.models import Author, Version
from submissions.queries import by_reviewer, points_of

TEMPLATE = "letters/response.html"
TEMPLATE_VERSION = "2024.1"


def response_content(version: Version) -> dict[str, Any]:
    """Everything that the template needs, with the checksum of the whole."""
    manuscript = version.manuscript
    issue = manuscript.issue
    handed_in = version.submitted_at or version.saved_at
    content: dict[str, Any] = {
        "template_version": TEMPLATE_VERSION,
        "number": version.label,
        "dated": handed_in.astimezone(ZoneInfo(issue.zone)).strftime("%d-%b-%Y"),
        "journal": issue.journal,
        "issue_title": issue.title,
        "title_of_letter": "Response to the reviewers of",
        "manuscript_id": version.label,
        "title": version.title,
        "authors": [a.full_name for a in Author.objects.filter(version=version)],
        "summary": version.response_summary,
        "reviewers": [
            {
                "label": group.label,
                "points": [
                    {
                        "label": point.label,
                        "text": point.text,
                        "answer": point.answer,
                        "place": point.place,
                        "must_answer": point.must_answer,
                    }
                    for point in group.points
                ],
            }
            for group in by_reviewer(points_of(version))
        ],
    }
    content["content_sha256"] = digest(content)
    return content


def digest(content: dict[str, Any]) -> str:
    """The SHA-256 of the content without the checksum itself."""
    kept = {key: value for key, value in content.items() if key != "content_sha256"}
    canonical = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
