"""What authors ask of the desk and nobody has answered yet."""

from django.db.models import Exists, OuterRef

from submissions.models import WithdrawalRequest


def is_asking() -> Exists:
    """Does an author of this manuscript wait for an answer of the desk?"""
    return Exists(WithdrawalRequest.objects.filter(manuscript=OuterRef("pk"), answer=""))
