"""Which pre-submission enquiries belong to a manuscript: its author says so."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from submissions.locks import lock_manuscript
from submissions.models import Enquiry, Version
from submissions.permissions import may_work_on
from tmi_special_issue import audit
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def link_enquiries(*, actor: User, version: Version, enquiries: Iterable[Enquiry]) -> None:
    """Let exactly these enquiries of the actor belong to the draft's manuscript.

    The record names them under the enquiry and not under the manuscript, whose history more
    people read.
    """
    manuscript = lock_manuscript(version.manuscript)
    if not may_work_on(actor, version):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    chosen = {enquiry.pk for enquiry in enquiries}
    mine = Enquiry.objects.select_for_update(of=("self",)).filter(
        author=actor, issue=manuscript.issue_id
    )
    for enquiry in mine:
        is_wanted, is_linked = enquiry.pk in chosen, enquiry.manuscript_id == manuscript.pk
        if is_wanted == is_linked:
            continue
        if is_wanted and enquiry.manuscript_id is not None:
            raise Refusal(
                "enquiry_taken",
                f"The enquiry “{enquiry.title}” belongs to another manuscript of yours. Untick it "
                "there first.",
                field="enquiry",
            )
        enquiry.manuscript = manuscript if is_wanted else None
        enquiry.save(update_fields=["manuscript"])
        verb = "enquiry.linked" if is_wanted else "enquiry.unlinked"
        audit.record(actor, verb, enquiry, manuscript=manuscript.audit_key)
