"""One line of the desk, and the words on it."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from editors.stages import LABELS, TURN_WORDS, DeskStage, Progress, Turn, tone
from submissions.models import Manuscript, Version
from tmi_special_issue.models import DecisionAuthority

# The columns besides the manuscript itself, in the order of the table.
COLUMNS: dict[str, str] = {
    "stage": "Stage",
    "reviewers": "Reviewers",
    "overall": "Overall evaluation",
    "originality": "Originality",
    "editor": "Handling editor",
    "topics": "Topics",
    "turn": "Turn",
    "idle": "Idle",
    "next": "Next date",
}
DEFAULT_COLUMNS = ("stage", "reviewers", "overall", "originality", "turn", "idle", "next")

_REVIEWED = frozenset({DeskStage.ASSIGNING, DeskStage.WAITING, DeskStage.COMPLETE})


@dataclass
class DeskRow:
    """One line of the desk. `idle_days` counts from the last act on the manuscript."""

    manuscript: Manuscript
    version: Version
    stage: DeskStage
    progress: Progress
    authors: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    editor: User | None = None
    slots: list[str] = field(default_factory=list)
    overall: list[int | None] = field(default_factory=list)
    originality: list[int | None] = field(default_factory=list)
    is_mine: bool = False
    is_my_turn: bool = False
    is_overdue: bool = False
    turn: Turn = Turn.NOBODY
    authority: str = DecisionAuthority.GUEST_EDITOR
    idle_days: int = 0
    next_label: str = ""
    next_at: datetime | None = None

    @property
    def label(self) -> str:
        return LABELS[self.stage]

    @property
    def tone(self) -> str:
        return tone(self.stage, is_mine=self.is_my_turn)

    @property
    def state_words(self) -> str:
        """The stage, and that it is the reader's turn."""
        return f"{self.label} · your turn" if self.is_my_turn else self.label

    @property
    def next_words(self) -> str:
        """What happens on the next date, as the beginning of a line."""
        return self.next_label[:1].upper() + self.next_label[1:]

    @property
    def late_words(self) -> str:
        return f"{self.progress.late} late"

    @property
    def editor_words(self) -> str:
        return "you handle it" if self.is_mine else f"handled by {self.editor}"

    @property
    def shows_reviewers(self) -> bool:
        """Does this manuscript have reviewers, or is it about to get some?"""
        return bool(self.slots) or self.stage in _REVIEWED

    @property
    def turn_words(self) -> str:
        if self.is_my_turn:
            return "you"
        by_editor = self.turn == Turn.EDITOR or (
            self.turn == Turn.AUTHORITY and self.authority == DecisionAuthority.GUEST_EDITOR
        )
        if by_editor and self.editor:
            return self.editor.full_name or TURN_WORDS[self.turn]
        if self.turn == Turn.AUTHORITY and self.authority != DecisionAuthority.GUEST_EDITOR:
            return DecisionAuthority(self.authority).label.removeprefix("The ")
        return TURN_WORDS[self.turn]


@dataclass(frozen=True)
class TodayCard:
    """One of the three acts that help most now."""

    signal: str
    tone: str
    text: str
    act: str
    act_url: str
    row: DeskRow
