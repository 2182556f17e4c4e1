"""People for the pool out of files: CSV, BibTeX, and JSON of OpenAlex, Crossref and ORCID.

Pure: bytes in, typed rows and faults by line out; no Django, no network, no database. The action
`reviews.actions.imports` keeps the rows.
"""

from reviews.importing.identity import (
    Index,
    Known,
    Outcome,
    Verdict,
    identify,
    name_key,
    place_keys,
)
from reviews.importing.reading import KINDS, UnreadableFile, read_file
from reviews.importing.rows import Coauthor, Fault, Newcomer, Paper, Place, Reading

__all__ = [
    "KINDS",
    "Coauthor",
    "Fault",
    "Index",
    "Known",
    "Newcomer",
    "Outcome",
    "Paper",
    "Place",
    "Reading",
    "UnreadableFile",
    "Verdict",
    "identify",
    "name_key",
    "place_keys",
    "read_file",
]
