"""Row locks: whoever changes a manuscript holds its row first, so that acts come one by one."""

from submissions.models import Manuscript, Version


def lock_manuscript(manuscript: Manuscript) -> Manuscript:
    """The manuscript as it is now, locked until the end of the transaction."""
    return (
        Manuscript.objects.select_for_update(of=("self",))
        .select_related("issue", "submitter")
        .get(pk=manuscript.pk)
    )


def lock_version(version: Version) -> Version:
    """The version as it is now, with its manuscript; both locked, the manuscript first."""
    manuscript = lock_manuscript(version.manuscript)
    locked = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    locked.manuscript = manuscript
    return locked
