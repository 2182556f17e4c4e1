"""The editor arranges the points of a decision before it goes out."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from editors.actions.decisions import lock_decision, refuse_unless_draft
from editors.locks import lock, require
from editors.models import Decision
from editors.permissions import may_decide, may_recommend
from editors.points import changed, fingerprint, marked
from editors.queries.reviews import arranged_points
from tmi_special_issue import audit
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def arrange_points(
    *, actor: User, decision: Decision, must_answer: Collection[int], act: str = "", seen: str
) -> Decision:
    """Say which points must be answered, and join or cut one (`points.changed`).

    `must_answer` are places in the list that the page showed, `seen` is its fingerprint. The
    letter stays as it is: it carries the reviews as they were written.

    Raises:
        Refusal: `stale_edit`, `no_such_point`, `held`, `already_released`, `not_allowed`.
    """
    locked = lock(actor, decision.version.manuscript)
    row = lock_decision(decision)
    require(
        may_decide(actor, locked) or may_recommend(actor, locked),
        "The points are arranged by whoever decides or recommends.",
    )
    refuse_unless_draft(row)
    points = arranged_points(row)
    if fingerprint(points) != seen:
        raise Refusal(
            "stale_edit",
            "The points were changed after you opened this page, by somebody else or by a new "
            "review. Nothing was saved; this is how they are now.",
        )
    wanted = [point.as_json() for point in changed(marked(points, must_answer), act)]
    if wanted == row.points:
        return row
    row.points = wanted
    row.save(update_fields=["points"])
    audit.record(
        actor,
        "points.arranged",
        row,
        points=len(wanted),
        must_answer=sum(bool(point["must_answer"]) for point in wanted),
    )
    return row
