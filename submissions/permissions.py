"""Who may do what at the authors' door. Whoever may not see a thing gets 404 from the query."""

from accounts.queries import Visitor
from submissions.models import Manuscript, Version
from submissions.queries import editable_versions, manuscripts_of
from submissions.states import Stage

SUBMITTABLE = frozenset({Stage.DRAFT, Stage.UNSUBMITTED, Stage.REVISION_DRAFT})
BEGINNABLE = frozenset({Stage.MINOR_REVISION, Stage.MAJOR_REVISION})


def may_see(user: Visitor, manuscript: Manuscript) -> bool:
    """Is this person its submitter, or named on what was handed in?"""
    return manuscripts_of(user).filter(pk=manuscript.pk).exists()


def may_work_on(user: Visitor, version: Version) -> bool:
    """The submitter and, once handed in, the corresponding author write and submit."""
    return editable_versions(user).filter(pk=version.pk).exists()


def may_submit(user: Visitor, version: Version) -> bool:
    """The same people submit."""
    return may_work_on(user, version)


def may_begin_revision(user: Visitor, version: Version) -> bool:
    """The same people begin a revision of what was handed in."""
    return may_work_on(user, version)
