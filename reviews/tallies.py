"""The present round of each manuscript, counted by the database itself.

A list of ten thousand manuscripts cannot count the assignments of each whenever it is filtered or
sorted. So one row a manuscript holds the counts of its newest version, and triggers keep it: it
cannot drift, whatever writes an assignment. `domain.md` B.2 (k and r), decision 0023.

The row is locked after the manuscript and its assignments (`actions.moves`), and counted only when
the lock is held: two reviews that come in together are both counted.
"""

from reviews.states import COUNTED, HOLDING, WORKING, AssignmentState

TABLE = "reviews_presentround"


def _listed(states: frozenset[AssignmentState]) -> str:
    return "(" + ", ".join(f"'{state.value}'" for state in sorted(states)) + ")"


_COUNT = f"""
    INSERT INTO {TABLE}
        (manuscript_id, version_id, holding, agreed, returned, answer_by, due_at, touched_at)
    SELECT v.manuscript_id, v.id,
        COUNT(CASE WHEN a.state IN {_listed(HOLDING)} THEN 1 END),
        COUNT(CASE WHEN a.state IN {_listed(COUNTED)} THEN 1 END),
        COUNT(CASE WHEN a.state = '{AssignmentState.RETURNED}' THEN 1 END),
        MIN(CASE WHEN a.state = '{AssignmentState.INVITED}' THEN a.answer_by END),
        MIN(CASE WHEN a.state IN {_listed(WORKING)} THEN a.due_at END),
        MAX(COALESCE(a.returned_at, a.answered_at, a.invited_at))
    FROM submissions_version v
    LEFT JOIN reviews_assignment a ON a.version_id = v.id
    WHERE v.id IN ({{newest}})
    GROUP BY v.manuscript_id, v.id
    ON CONFLICT (manuscript_id) DO UPDATE SET
        version_id = excluded.version_id, holding = excluded.holding,
        agreed = excluded.agreed, returned = excluded.returned, answer_by = excluded.answer_by,
        due_at = excluded.due_at, touched_at = excluded.touched_at
"""  # nosec B608: constants of this file, and nothing that anybody typed
_HANDED_IN = "(n.submitted_at IS NOT NULL OR n.first_submitted_at IS NOT NULL)"
_NEWEST = f"""SELECT n.id FROM submissions_version n
    WHERE n.manuscript_id = {{manuscript}} AND {_HANDED_IN}
    ORDER BY n.revision_number DESC LIMIT 1"""  # nosec B608: as above
_OF_VERSION = "(SELECT w.manuscript_id FROM submissions_version w WHERE w.id = {version})"
_COUNT_ALL = _COUNT.format(
    newest=f"""SELECT n.id FROM submissions_version n WHERE {_HANDED_IN} AND NOT EXISTS (
        SELECT 1 FROM submissions_version m WHERE m.manuscript_id = n.manuscript_id
        AND m.revision_number > n.revision_number
        AND (m.submitted_at IS NOT NULL OR m.first_submitted_at IS NOT NULL))"""  # nosec B608
)

# What moves a count. A review that is begun moves none, so that writing never waits.
_COLUMNS = ("version_id", "answer_by", "due_at", "invited_at", "answered_at", "returned_at")
_GROUP = (
    f"CASE {{row}}.state WHEN '{AssignmentState.IN_PROGRESS}' "
    f"THEN '{AssignmentState.AGREED}' ELSE {{row}}.state END"
)


def _moved(differs: str) -> str:
    groups = f"{_GROUP.format(row='OLD')} {differs} {_GROUP.format(row='NEW')}"
    return " OR ".join([groups, *(f"OLD.{name} {differs} NEW.{name}" for name in _COLUMNS)])


_ON_ASSIGNMENT = (
    ("insert", "INSERT", "NEW"),
    ("update", "UPDATE", "NEW"),
    ("delete", "DELETE", "OLD"),
)
_ON_VERSION = (
    ("insert", "INSERT"),
    ("update", "UPDATE OF submitted_at, first_submitted_at, manuscript_id, revision_number"),
)


def _postgresql() -> list[str]:
    statements = [
        f"""CREATE OR REPLACE FUNCTION reviews_count_round(manuscript bigint) RETURNS void AS $$
        BEGIN
            PERFORM 1 FROM {TABLE} WHERE manuscript_id = manuscript FOR UPDATE;
            {_COUNT.format(newest=_NEWEST.format(manuscript="manuscript"))};
        END $$ LANGUAGE plpgsql""",  # nosec B608: as above
        """CREATE OR REPLACE FUNCTION reviews_count_assigned() RETURNS trigger AS $$
        BEGIN
            PERFORM reviews_count_round(w.manuscript_id) FROM submissions_version w
            WHERE w.id = CASE TG_OP WHEN 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
            RETURN NULL;
        END $$ LANGUAGE plpgsql""",
        """CREATE OR REPLACE FUNCTION reviews_count_handed_in() RETURNS trigger AS $$
        BEGIN
            PERFORM reviews_count_round(NEW.manuscript_id);
            RETURN NULL;
        END $$ LANGUAGE plpgsql""",
    ]
    for name, event, _ in _ON_ASSIGNMENT:
        when = f"WHEN ({_moved('IS DISTINCT FROM')})" if event == "UPDATE" else ""
        statements.append(
            f"""CREATE OR REPLACE TRIGGER count_round_{name} AFTER {event} ON reviews_assignment
            FOR EACH ROW {when} EXECUTE FUNCTION reviews_count_assigned()"""
        )
    for name, event in _ON_VERSION:
        statements.append(
            f"""CREATE OR REPLACE TRIGGER count_version_{name} AFTER {event} ON submissions_version
            FOR EACH ROW EXECUTE FUNCTION reviews_count_handed_in()"""
        )
    return statements


def _sqlite() -> list[str]:
    statements = []
    for name, event, row in _ON_ASSIGNMENT:
        when = f"WHEN {_moved('IS NOT')}" if event == "UPDATE" else ""
        of_version = _OF_VERSION.format(version=f"{row}.version_id")
        count = _COUNT.format(newest=_NEWEST.format(manuscript=of_version))
        statements.append(
            f"CREATE TRIGGER count_round_{name} AFTER {event} ON reviews_assignment {when}"
            f" BEGIN {count}; END"
        )
    for name, event in _ON_VERSION:
        count = _COUNT.format(newest=_NEWEST.format(manuscript="NEW.manuscript_id"))
        statements.append(
            f"CREATE TRIGGER count_version_{name} AFTER {event} ON submissions_version"
            f" BEGIN {count}; END"
        )
    return statements


POSTGRESQL = (*_postgresql(), _COUNT_ALL)
SQLITE = (*_sqlite(), _COUNT_ALL)
SQLITE_NAMES = (
    *(f"count_round_{name}" for name, _, _ in _ON_ASSIGNMENT),
    *(f"count_version_{name}" for name, _ in _ON_VERSION),
)
