"""Keep how well the pool fits a version, so that no page has to wait for it."""

from collections.abc import Mapping

from django.db import transaction

from reviews.affinity import Affinity
from reviews.models import VersionFit
from reviews.queries.fits import fit_rows
from submissions.models import Version
from tmi_special_issue import clock


@transaction.atomic
def keep_fits(
    *, actor: str, version: Version, library: str, fits: Mapping[int, Affinity]
) -> VersionFit:
    """Keep the people who fit a version best, by user key, as this state of the library says."""
    kept, _ = VersionFit.objects.update_or_create(
        version=version,
        defaults={
            "edit_count": version.edit_count,
            "library": library,
            "people": fit_rows(fits),
            "fitted_at": clock.now(),
        },
    )
    return kept
