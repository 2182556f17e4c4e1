"""The letters of an issue that are prepared or held, as one person may see them."""

from dataclasses import dataclass

from editors.letters import left_unfilled
from editors.models import Decision, Handling, Letter
from editors.permissions import Standing
from editors.queries.desk import Viewer
from editors.queries.visibility import visible_to
from editors.states import DecisionState, LetterState
from submissions.states import Stage
from tmi_special_issue.models import DecisionAuthority


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that is not out, with what stands against its release and who may release it."""

    letter: Letter
    may_release: bool
    unfilled: tuple[str, ...]

    @property
    def decision(self) -> Decision:
        return self.letter.decision

    @property
    def is_held(self) -> bool:
        return self.decision.state == DecisionState.APPROVED

    @property
    def is_ready(self) -> bool:
        return self.letter.state == LetterState.RENDERED and not self.unfilled

    @property
    def is_failed(self) -> bool:
        return self.letter.state == LetterState.FAILED


def letter_lines(viewer: Viewer) -> list[LetterLine]:
    """Those held first by their minute, then by number. A letter is seen by whoever decides on the
    manuscript or handles it; nobody else learns that there is one."""
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
    found = []
    for letter in letters:
        editor = handlers.get(letter.decision.version.manuscript_id)
        may = Standing(
            roles=viewer.roles,
            is_visible=True,
            is_handling=editor == viewer.user,
            editor=editor,
            authority=DecisionAuthority(viewer.issue.decision_authority),
        )
        if may.may_decide or may.may_handle:
            found.append(LetterLine(letter, may.may_decide, tuple(left_unfilled(letter.decision))))
    return sorted(found, key=_order)


def _order(line: LetterLine) -> tuple[bool, float, str]:
    minute = line.decision.release_at
    return (not line.is_held, minute.timestamp() if minute else 0.0, line.letter.number)
