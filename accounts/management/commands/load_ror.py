"""Load from the ROR registry which institution belongs to which."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.ror import all_parents


class Command(BaseCommand):
    """manage.py load_ror FILE"""

    help = (
        "Read the JSON file of the ROR registry, so that conflicts see a department and its "
        "university as one institution. Twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            records = json.loads(options["file"].read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be read as JSON: {error}") from error
        if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
            raise CommandError("The file must be a list of institutions, as ROR publishes it.")
        pairs = all_parents(records)
        if not options["dry_run"]:
            actions.load_ror_parents(actor=actions.COMMAND, pairs=pairs)
        would = "would be" if options["dry_run"] else "are"
        self.stdout.write(f"{len(pairs)} relations of {len(records)} institutions {would} known.")
