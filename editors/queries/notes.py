"""Which notes somebody may read on a manuscript that exists for them."""

from django.db.models import Q, QuerySet

from accounts.models import User
from editors.models import Note
from submissions.models import Manuscript


def readable_notes(user: User, manuscript: Manuscript) -> QuerySet[Note]:
    """The notes for all on the desk and the person's own, the oldest first.

    That the manuscript is visible to the person at all has been looked at before.
    """
    return Note.objects.filter(
        Q(is_private=False) | Q(author=user), manuscript=manuscript
    ).select_related("author")
