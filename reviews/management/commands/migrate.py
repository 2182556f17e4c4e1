"""`manage.py migrate`, which puts the guards of the database up again at its end."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from reviews import guards


class Command(migrate.Command):
    """Django's own command between two lines of ours."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        guards.step_aside(connection)
        try:
            super().handle(*args, **options)
        finally:
            guards.stand(connection)
