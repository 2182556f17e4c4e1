"""Editors of an issue as its authors (`domain.md` F13)."""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from accounts.models import RoleName, User
from accounts.queries import EDITOR_ROLES, people_with
from submissions.models import Author, Manuscript, Version
from submissions.states import Stage
from tmi_special_issue.models import SpecialIssue

_EDITORS = EDITOR_ROLES | {RoleName.EDITOR_IN_CHIEF}
# Not handed in, or not in the issue any more.
_NOT_COUNTED = [Stage.DRAFT, Stage.WITHDRAWN, Stage.TRANSFERRED]


def editors_among_authors(version: Version) -> list[User]:
    """The editors of the issue who are authors of a version, by account or address."""
    authors = Author.objects.filter(version=version)
    return list(
        people_with(version.manuscript.issue, *_EDITORS).filter(
            Q(pk__in=authors.filter(user__isnull=False).values("user"))
            | Q(email__in=authors.values("email"))
            | Q(
                pk__in=EmailAddress.objects.filter(
                    verified=True, email__in=authors.values("email")
                ).values("user")
            )
        )
    )


def editor_submissions(editor: User, issue: SpecialIssue) -> QuerySet[Manuscript]:
    """The manuscripts of an issue that count as written by one of its editors."""
    addresses = EmailAddress.objects.filter(user=editor, verified=True).values("email")
    written = Author.objects.filter(
        Q(user=editor) | Q(email=editor.email) | Q(email__in=addresses)
    ).values("version__manuscript")
    return Manuscript.objects.filter(issue=issue, pk__in=written).exclude(stage__in=_NOT_COUNTED)
