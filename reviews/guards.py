"""No author reviews the own manuscript: held by the database itself (`domain.md` F1).

The rules refuse it first; this stands behind them for whatever goes round them. An assignment that
would be live for somebody named on a handed-in version is refused. An author who is named later
puts a live assignment on hold, and is not refused: a refusal would tell who reviews
(`security.md` T1). A person is known by the account, its address and its confirmed addresses.

The triggers, those that count a round (`tallies`) with them, are made by `manage.py migrate` at
its end and not by a migration: SQLite alters a table by making it anew, loses its triggers, and
stops at any trigger that names the table.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from reviews import tallies

# Written by the trigger, told to the editor by the next tick.
AUTHOR_FOUND = "The records name this person as an author of the manuscript."
REFUSED = "an author cannot review the own manuscript"

_TABLES = frozenset(
    {
        "reviews_assignment",
        tallies.TABLE,
        "submissions_author",
        "submissions_version",
        "accounts_user",
        "account_emailaddress",
    }
)
_LIVE = "('invited', 'agreed', 'in_progress', 'returned')"

# Whether a person is an author of the manuscript of a version, for the names put in.
_IS_AUTHOR = """EXISTS (
    SELECT 1 FROM submissions_author a
    JOIN submissions_version v ON v.id = a.version_id AND v.first_submitted_at IS NOT NULL
    JOIN submissions_version w ON w.manuscript_id = v.manuscript_id
    WHERE w.id = {version} AND (
        a.user_id = {person}
        OR lower(a.email) IN (
            SELECT lower(u.email) FROM accounts_user u WHERE u.id = {person}
            UNION
            SELECT lower(e.email) FROM account_emailaddress e
            WHERE e.user_id = {person} AND e.verified
        )
    )
)"""
_NEW_IS_AUTHOR = _IS_AUTHOR.format(version="NEW.version_id", person="NEW.reviewer_id")

# Only assignments of the new author's manuscript are looked at.
_HOLD = f"""UPDATE reviews_assignment SET state = 'coi_hold', coi_statement = '{AUTHOR_FOUND}'
    WHERE state IN {_LIVE}
    AND version_id IN (
        SELECT w.id FROM submissions_version w
        JOIN submissions_version v ON v.manuscript_id = w.manuscript_id
        WHERE v.id = NEW.version_id
    )
    AND {
    _IS_AUTHOR.format(
        version="reviews_assignment.version_id", person="reviews_assignment.reviewer_id"
    )
}"""  # nosec B608: constants of this file, and nothing that anybody typed

_POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION reviews_refuse_author() RETURNS trigger AS $$
    BEGIN
        IF NEW.state IN {_LIVE} AND {_NEW_IS_AUTHOR} THEN
            RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE OR REPLACE TRIGGER refuse_author
    BEFORE INSERT OR UPDATE OF state, reviewer_id, version_id ON reviews_assignment
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_author()""",
    f"""CREATE OR REPLACE FUNCTION reviews_hold_author() RETURNS trigger AS $$
    BEGIN
        {_HOLD};
        RETURN NULL;
    END $$ LANGUAGE plpgsql""",
    """CREATE OR REPLACE TRIGGER hold_author
    AFTER INSERT OR UPDATE OF user_id, email, version_id ON submissions_author
    FOR EACH ROW EXECUTE FUNCTION reviews_hold_author()""",
)
_SQLITE = (
    *(
        f"""CREATE TRIGGER refuse_author_{name} BEFORE {event} ON reviews_assignment
        WHEN NEW.state IN {_LIVE} AND {_NEW_IS_AUTHOR}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"""
        for name, event in (
            ("insert", "INSERT"),
            ("update", "UPDATE OF state, reviewer_id, version_id"),
        )
    ),
    *(
        f"""CREATE TRIGGER hold_author_{name} AFTER {event} ON submissions_author
        BEGIN {_HOLD}; END"""
        for name, event in (
            ("insert", "INSERT"),
            ("update", "UPDATE OF user_id, email, version_id"),
        )
    ),
)
_SQLITE_NAMES = (
    "refuse_author_insert",
    "refuse_author_update",
    "hold_author_insert",
    "hold_author_update",
    *tallies.SQLITE_NAMES,
)


def step_aside(connection: BaseDatabaseWrapper) -> None:
    """Before migrations: let SQLite make tables anew. PostgreSQL keeps its guards all the time."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in _SQLITE_NAMES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def stand(connection: BaseDatabaseWrapper) -> None:
    """After migrations: put the guards up, on whatever tables there are by now."""
    if not set(connection.introspection.table_names()) >= _TABLES:
        return
    step_aside(connection)
    with connection.cursor() as cursor:
        is_postgresql = connection.vendor == "postgresql"
        for statement in _POSTGRESQL if is_postgresql else _SQLITE:
            cursor.execute(statement)
        for statement in tallies.POSTGRESQL if is_postgresql else tallies.SQLITE:
            cursor.execute(statement)
