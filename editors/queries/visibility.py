"""Which manuscripts exist for whom on the desk (`domain.md` F1, F12; `security.md` T1 to T5)."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import RoleName, User
from accounts.queries import DESK_ROLES, Visitor, role_names
from editors.models import EditorConflict
from submissions.models import Author, Manuscript, Version
from submissions.states import Stage
from tmi_special_issue.models import SpecialIssue

# These see a manuscript from its arrival on; guest editors once the office has admitted it,
# which is when their conflicts have been looked for.
_FROM_ARRIVAL = frozenset({RoleName.OFFICE, RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF})


def visible_to(
    user: Visitor,
    issue: SpecialIssue,
    roles: frozenset[str] | None = None,
    hidden: frozenset[int] | None = None,
) -> QuerySet[Manuscript]:
    """The manuscripts of an issue that exist for this person on the desk.

    None for whoever has no role there. Drafts are their author's. A person's own manuscripts and
    those with a recorded conflict are left out before anything is filtered, counted or sorted,
    so that presence, counts and order tell nothing of them. `roles` and `hidden` spare their
    queries to whoever has just read them.
    """
    if roles is None:
        roles = role_names(user, issue)
    if not isinstance(user, User) or not DESK_ROLES & roles:
        return Manuscript.objects.none()
    seen = Manuscript.objects.filter(issue=issue).exclude(stage=Stage.DRAFT)
    if hidden is None:
        hidden = hidden_manuscripts(user, issue)
    if hidden:
        seen = seen.exclude(pk__in=hidden)
    if not _FROM_ARRIVAL & roles:
        seen = seen.filter(
            ~Q(stage__in=[Stage.SUBMITTED, Stage.UNSUBMITTED])
            | Exists(
                Version.objects.filter(
                    manuscript=OuterRef("pk"), revision_number__gt=0, submitted_at__isnull=False
                )
            )
        )
    return seen


def is_visible(user: Visitor, manuscript: Manuscript) -> bool:
    """Does this manuscript exist for this person on the desk?"""
    return visible_to(user, manuscript.issue).filter(pk=manuscript.pk).exists()


def hidden_manuscripts(user: User, issue: SpecialIssue) -> frozenset[int]:
    """Keys of the manuscripts that the person wrote, sent in, or is in conflict with.

    An author is known by account, by any confirmed address and by ORCID iD, in any version:
    somebody who was once an author stays one here.
    """
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values(address=Lower("email"))
    ways = [Q(user=user), Q(address=user.email.lower()), Q(address__in=confirmed)]
    if user.orcid:
        ways.append(Q(orcid__iexact=user.orcid))
    authors = Author.objects.filter(version__manuscript__issue=issue).annotate(
        address=Lower("email")
    )
    # Each way has an index of its own; all of them in one condition would read every author.
    own = [authors.filter(way).order_by().values_list("version__manuscript") for way in ways]
    sent = Manuscript.objects.filter(issue=issue, submitter=user).order_by().values_list("pk")
    conflicts = (
        EditorConflict.objects.filter(editor=user, manuscript__issue=issue)
        .order_by()
        .values_list("manuscript")
    )
    return frozenset(key for (key,) in sent.union(conflicts, *own))
