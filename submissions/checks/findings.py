"""One finding: how serious, what exactly, and where the author mends it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self


class Level(StrEnum):
    """`error` blocks submission, `warning` is to look at, `ok` is a check that passed."""

    ERROR = "error"
    WARNING = "warning"
    OK = "ok"


class Screen(StrEnum):
    """The screens of the author's path (`domain.md` G.3)."""

    RESPONSE = "response"
    FILES = "files"
    MANUSCRIPT = "manuscript"
    AUTHORS = "authors"
    DECLARATIONS = "declarations"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that names the field, the rule, the value found and the way to mend it.

    `refuses` marks an error that is so grave that the file is not kept at all.
    """

    level: Level
    code: str
    sentence: str
    screen: Screen
    field: str
    refuses: bool = False

    def as_json(self) -> dict[str, str | bool]:
        """The finding as values that a JSON column keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, str | bool]) -> Self:
        """The finding that `as_json` gave."""
        return cls(
            level=Level(str(kept["level"])),
            code=str(kept["code"]),
            sentence=str(kept["sentence"]),
            screen=Screen(str(kept["screen"])),
            field=str(kept["field"]),
            refuses=bool(kept.get("refuses", False)),
        )


@dataclass(frozen=True, slots=True)
class FileReport:
    """The judgement of one file: findings for the author, flags for the editors."""

    findings: tuple[Finding, ...]
    flags: tuple[str, ...] = ()

    @property
    def refusal(self) -> Finding | None:
        """The finding for which the file is not kept; None when it is kept."""
        return next((finding for finding in self.findings if finding.refuses), None)

    @property
    def is_accepted(self) -> bool:
        """Is the file kept? It may still carry errors that block the submission."""
        return self.refusal is None

    def at(self, level: Level) -> tuple[Finding, ...]:
        """The findings of one level, in their order."""
        return tuple(finding for finding in self.findings if finding.level == level)
