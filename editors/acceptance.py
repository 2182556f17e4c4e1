"""The row of the acceptance list and its canonical form (`domain.md` H.1). Pure.

Facts that the product does not keep yet are empty strings and are never invented.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

# Printed pages beyond these cost (`domain.md` H.1): 9 and 10, then 11 and up.
FREE_PAGES = 8
CHEAPER_PAGES = 10
CHEAPER_USD = 250
DEARER_USD = 350


@dataclass(frozen=True)
class AcceptanceRow:
    """One accepted manuscript. Every value is text, so that each format shows the same."""

    position: str
    manuscript_id: str
    final_revision: str
    manuscript_type: str
    title: str
    authors: str
    corresponding_author: str
    corresponding_email: str
    corresponding_orcid: str
    affiliations: str
    rors: str
    countries: str
    index_terms: str
    topics: str
    abstract: str
    received_date: str
    revised_date: str
    accepted_date: str
    rounds: str
    handling_editor: str
    decision_authority: str
    pages: str
    overlength_pages: str
    overlength_charge_usd: str
    graphical_abstract: str
    multimedia: str
    conference_version_doi: str
    preprint_url: str
    funding: str
    ai_disclosure: str
    ethics_statement: str
    data_availability: str
    orcid_missing_for: str
    similarity_percent: str
    final_files_complete: str
    copyright_form: str
    licence_choice: str
    doi: str
    list_version: str = ""
    sha256: str = ""


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(AcceptanceRow))


def overlength_pages(pages: int) -> int:
    """Printed pages beyond the free ones."""
    return max(0, pages - FREE_PAGES)


def overlength_usd(pages: int) -> int:
    """The over-length charge in US dollars: 12 pages cost 1,200, 10 cost 500, 8 nothing."""
    cheaper = max(0, min(pages, CHEAPER_PAGES) - FREE_PAGES)
    dearer = max(0, pages - CHEAPER_PAGES)
    return cheaper * CHEAPER_USD + dearer * DEARER_USD


def sealed(rows: Sequence[AcceptanceRow], list_version: int) -> tuple[list[AcceptanceRow], str]:
    """The rows with the list's number and checksum, and the checksum.

    The checksum is the SHA-256 of the canonical JSON of all rows with their number and an empty
    `sha256`; each row then carries it, so that a row taken out of the list can be traced back.
    """
    numbered = [replace(row, list_version=str(list_version), sha256="") for row in rows]
    digest = hashlib.sha256(canonical_json(numbered).encode()).hexdigest()
    return [replace(row, sha256=digest) for row in numbered], digest


def canonical_json(rows: Sequence[AcceptanceRow]) -> str:
    """The rows as JSON with the columns in order and no spare space."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Change:
    """A difference between two lists: `what` is added, removed or changed."""

    manuscript_id: str
    what: str
    columns: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The difference as a short line."""
        if self.what == "changed":
            return f"{self.manuscript_id}: {', '.join(self.columns)} changed"
        return f"{self.manuscript_id} {self.what}"


# These differ between any two lists and tell nothing.
_UNTELLING = frozenset({"position", "list_version", "sha256"})


def differences(before: Sequence[AcceptanceRow], after: Sequence[AcceptanceRow]) -> list[Change]:
    """What changed from one list to the next, by manuscript."""
    old = {row.manuscript_id: row for row in before}
    new = {row.manuscript_id: row for row in after}
    changes = [Change(key, "added") for key in new if key not in old]
    changes += [Change(key, "removed") for key in old if key not in new]
    for key in new:
        if key in old:
            differing = tuple(
                name
                for name in COLUMNS
                if name not in _UNTELLING and getattr(old[key], name) != getattr(new[key], name)
            )
            if differing:
                changes.append(Change(key, "changed", differing))
    return sorted(changes, key=lambda change: change.manuscript_id)
