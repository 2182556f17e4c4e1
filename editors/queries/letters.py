"""The letters of an issue that are prepared or held."""

from accounts.models import User
from editors.models import Handling, Letter
from editors.queries.desk import Viewer
from editors.queries.visibility import visible_to
from editors.states import DecisionState, LetterState
from submissions.states import Stage


def prepared_letters(viewer: Viewer) -> list[tuple[Letter, User | None]]:
    """Letters that are not out, of the manuscripts that exist for the viewer, each with whoever
    handles the manuscript. Whether the viewer may know of the letter is for the caller."""
    letters = list(
        Letter.objects.filter(
            decision__state__in=[DecisionState.DRAFTED, DecisionState.APPROVED],
            decision__version__manuscript__stage=Stage.AWAITING_DECISION,
            decision__version__manuscript__in=visible_to(viewer.user, viewer.issue, viewer.roles),
        )
        .exclude(state=LetterState.REPLACED)
        .select_related("file", "decision__version__manuscript__issue", "decision__drafted_by")
    )
    handlers = {
        handling.manuscript_id: handling.editor
        for handling in Handling.objects.filter(
            manuscript__in=[letter.decision.version.manuscript_id for letter in letters],
            ended_at__isnull=True,
        ).select_related("editor")
    }
    return [(one, handlers.get(one.decision.version.manuscript_id)) for one in letters]
