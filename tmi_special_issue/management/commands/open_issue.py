"""manage.py open_issue FILE: load a call and its dates from a TOML file."""

import json
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tmi_special_issue.actions import open_issue
from tmi_special_issue.refusal import Refusal


class Command(BaseCommand):
    """Loads a call. Run again after a change, it brings the rows up to date."""

    help = "Load a special issue (call, topics, guest editors, four dates) from a TOML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="for example calls/foundation-models-2024.toml")
        parser.add_argument("--dry-run", action="store_true", help="check the file, write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = tomllib.loads(options["file"].read_text("utf-8"))
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {options['file']}.") from error
        except tomllib.TOMLDecodeError as error:
            raise CommandError(f"{options['file']} is not valid TOML: {error}.") from error
        try:
            issue = open_issue(
                actor="system:open_issue", content=content, dry_run=options["dry_run"]
            )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        result = {"issue": issue.key, "title": issue.title, "written": not options["dry_run"]}
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            done = "Checked" if options["dry_run"] else "Opened"
            self.stdout.write(f"{done}: {issue.title}")
