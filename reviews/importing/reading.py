"""A file by its name and content: which kind it is, and what it says."""

from reviews.importing.bibtex import read_bibtex
from reviews.importing.decoding import UnreadableFile, decode
from reviews.importing.gathering import gather
from reviews.importing.json_files import read_json
from reviews.importing.rows import Reading
from reviews.importing.spreadsheet import read_rows

KINDS: dict[str, str] = {
    "csv": "CSV",
    "bibtex": "BibTeX",
    "json": "JSON of OpenAlex, Crossref or ORCID",
}
__all__ = ["KINDS", "UnreadableFile", "kind_of", "read_file"]


def kind_of(text: str) -> str:
    """The kind of a file, told from how its text begins, since endings of names are often wrong."""
    start = text.lstrip()[:1]
    if start in ("{", "["):
        return "json"
    return "bibtex" if start in ("@", "%") else "csv"


def read_file(content: bytes, *, owner: str = "") -> tuple[str, Reading]:
    """The kind of a file, and its people, one row each, with the faults.

    `owner` is the address or ORCID iD of the person whose publications a BibTeX file lists.

    Raises:
        UnreadableFile: nothing can be taken; the message says why.
    """
    text = decode(content)
    if text.lstrip()[:5].lower() in ("<html", "<!doc", "<?xml"):
        raise UnreadableFile("This is a web page or XML. Send CSV, BibTeX or JSON.")
    kind = kind_of(text)
    if kind == "bibtex":
        reading = read_bibtex(text, owner=owner)
    else:
        reading = read_json(text) if kind == "json" else read_rows(text)
    return kind, gather(reading)
