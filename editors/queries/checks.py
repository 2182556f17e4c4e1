"""What the conflict rules said of those who take part in a manuscript, for the desk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from editors.queries.manuscript import names_of
from reviews.models import ConflictCheck
from reviews.states import CHECK_LABELS, CheckAct
from submissions.models import Manuscript

# Their evidence tells of other manuscripts, by number or by count.
_OF_OTHER_MANUSCRIPTS = frozenset({"F15", "F16"})


@dataclass(frozen=True)
class Finding:
    """One rule that fired, as it was kept."""

    rule: str
    level: str
    evidence: str


@dataclass(frozen=True)
class CheckLine:
    """What was found of one person at one act; `reason` and `by` where it was set aside."""

    person: User
    when: datetime
    act: str
    rule_set: str
    findings: tuple[Finding, ...]
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class KeptChecks:
    """The overrides, the latest first, and the hard findings that stand against somebody."""

    overrides: list[CheckLine]
    standing: list[CheckLine]

    def __bool__(self) -> bool:
        return bool(self.overrides or self.standing)


def kept_checks(manuscript: Manuscript, unseen: Collection[int]) -> KeptChecks:
    """The overrides of a manuscript and what stands, by the last check of each person.

    Whoever has manuscripts that do not exist for them (`unseen`) reads nothing of F15 and F16,
    which tell of other manuscripts. Two queries.
    """
    rows = list(
        ConflictCheck.objects.filter(version__manuscript=manuscript).select_related("person")
    )
    names = names_of([row.actor for row in rows])
    overrides, standing, judged = [], [], set[int]()
    for row in rows:  # the latest first
        by = names.get(row.actor, "")
        passed = _line(row, unseen, by, is_set_aside=True)
        if passed.findings and row.reason:
            overrides.append(passed)
        if row.person_id not in judged:
            judged.add(row.person_id)
            open_ones = _line(row, unseen, "", is_set_aside=False)
            if open_ones.findings:
                standing.append(open_ones)
    return KeptChecks(overrides, standing)


def _line(row: ConflictCheck, unseen: Collection[int], by: str, *, is_set_aside: bool) -> CheckLine:
    hidden = _OF_OTHER_MANUSCRIPTS if unseen else frozenset()
    return CheckLine(
        person=row.person,
        when=row.checked_at,
        act=CHECK_LABELS[CheckAct(row.act)],
        rule_set=row.rule_set,
        findings=tuple(
            Finding(kept["rule"], kept["level"], kept["evidence"])
            for kept in row.findings
            if kept["is_set_aside"] is is_set_aside
            and (is_set_aside or kept["level"] == "hard")
            and kept["rule"] not in hidden
        ),
        reason=row.reason,
        by=by,
    )
