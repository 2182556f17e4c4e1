"""The lock that every act on a manuscript takes first, so that no two acts cross.

The order is always manuscript, decision, letter; two acts can therefore never wait for each other.
"""

from accounts.models import User
from editors.queries import is_visible
from submissions.models import Manuscript, Version
from submissions.queries import submitted_version
from submissions.states import Stage
from tmi_special_issue.refusal import Refusal


def lock(actor: User, manuscript: Manuscript) -> Manuscript:
    """The manuscript, locked and read afresh. For whom it does not exist, it is not found."""
    locked = (
        Manuscript.objects.select_for_update(of=("self",))
        .select_related("issue")
        .get(pk=manuscript.pk)
    )
    if not is_visible(actor, locked):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    return locked


def present_version(manuscript: Manuscript) -> Version:
    """The version that is before the editors."""
    version = submitted_version(manuscript)
    if version is None:
        raise Refusal("not_submitted", "The author has not handed in this manuscript yet.")
    version.manuscript = manuscript
    return version


def require(allowed: bool, sentence: str) -> None:
    """Refuse, 403, unless allowed."""
    if not allowed:
        raise Refusal("not_allowed", sentence, status=403)


def require_stage(manuscript: Manuscript, *stages: Stage, doing: str) -> None:
    """Refuse when the manuscript has moved on, as after a double click or another's act."""
    if Stage(manuscript.stage) not in stages:
        raise Refusal(
            "stage_moved",
            f"{manuscript} is no longer where it was: its stage is now "
            f"“{manuscript.get_stage_display()}”, so {doing} is not possible. Nothing was changed.",
        )
