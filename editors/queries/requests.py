"""What authors ask of the desk and nobody has answered yet."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from submissions.models import AuthorChange, ExtensionRequest, WithdrawalRequest
from submissions.states import AuthorChangeState


def is_asking() -> Q:
    """Does an author of this manuscript wait for an answer of the desk?"""
    waiting = {"manuscript": OuterRef("pk")}
    return (
        Q(Exists(WithdrawalRequest.objects.filter(answer="", **waiting)))
        | Q(Exists(AuthorChange.objects.filter(state=AuthorChangeState.CONSENTED, **waiting)))
        | Q(Exists(ExtensionRequest.objects.filter(outcome="", **waiting)))
    )


def consented_changes() -> QuerySet[AuthorChange]:
    """Changed lists of authors to which everybody has agreed: the editor-in-chief is next."""
    return AuthorChange.objects.filter(state=AuthorChangeState.CONSENTED).select_related(
        "manuscript__issue", "asked_by"
    )
