"""What the inspector found in one file: plain values that travel as JSON."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


def storable(value: Any) -> Any:
    """JSON values without what no database keeps in a text: NUL, and halves of characters."""
    if isinstance(value, str):
        return "".join(c for c in value if c != "\0" and not "\ud800" <= c <= "\udfff")
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {name: storable(item) for name, item in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file carried inside the PDF. `looks_like` is judged by its first bytes, not its name."""

    name: str
    looks_like: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in the file that names a person or an institution, and what it says."""

    place: str
    value: str


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text on a page that a reader of the printed page cannot see.

    `places` are boxes in page points (left, bottom, right, top), one for each line.
    """

    page: int
    reason: str
    words: int
    text: str
    places: tuple[tuple[float, float, float, float], ...] = ()

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The finding that `Facts.as_json` gave, whole again."""
        return cls(**{**values, "places": tuple(tuple(box) for box in values["places"])})


@dataclass(frozen=True, slots=True)
class DirectedPhrase:
    """Words that speak to a machine that reads the paper rather than to a person."""

    page: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file beside the manuscript is not taken, and the value that was found."""

    code: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """What was found in one file beside the manuscript: an archive, a document, a picture.

    `family` is what it is in truth: the first bytes of a large document look like any archive.
    `has_copy` says that others are served a copy without the names that `traces` and `writers`
    (of notes and changes) tell; `has_thumbnail` that there is a small picture of it.
    """

    fault: Fault | None = None
    family: str = ""
    traces: tuple[Trace, ...] = ()
    writers: tuple[str, ...] = ()
    has_copy: bool = False
    has_thumbnail: bool = False

    def as_json(self) -> dict[str, Any]:
        """These findings as values that `json.dumps` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The findings that `as_json` gave, whole again."""
        fault = values["fault"]
        return cls(
            fault=Fault(**fault) if fault else None,
            family=str(values["family"]),
            traces=tuple(Trace(**trace) for trace in values["traces"]),
            writers=tuple(str(writer) for writer in values["writers"]),
            has_copy=bool(values["has_copy"]),
            has_thumbnail=bool(values["has_thumbnail"]),
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one uploaded file.

    `trouble` is empty when the inspection came to its end; otherwise `too_slow`, `too_heavy`
    (memory), `too_complex` or `crashed`, and the other values say only what was known by then.
    Counts of pages are None when that reader could not open the file.
    """

    sha256: str = ""
    byte_count: int = 0
    kind: str = "unknown"
    header_offset: int | None = None
    has_pdf_parts: bool = False
    trouble: str = ""
    opens: bool = False
    encrypted: bool = False
    needs_password: bool = False
    repaired: bool = False
    archive_appended: bool = False
    pages: int | None = None
    pages_by_poppler: int | None = None
    inflated_bytes: int = 0
    inflates_too_far: bool = False
    active_content: tuple[str, ...] = ()
    embedded_files: tuple[EmbeddedFile, ...] = ()
    remote_links: tuple[str, ...] = ()
    has_form: bool = False
    has_signature: bool = False
    fonts_not_embedded: tuple[str, ...] = ()
    paper_sizes: tuple[str, ...] = ()
    author_traces: tuple[Trace, ...] = ()
    annotation_authors: tuple[str, ...] = ()
    text_characters: int = 0
    word_count: int = 0
    first_page_text: str = ""
    title_guess: str = ""
    authors_guess: tuple[str, ...] = ()
    abstract_guess: str = ""
    columns: int | None = None
    has_line_numbers: bool = False
    hidden_text: tuple[HiddenText, ...] = ()
    looked_for_hidden_text: bool = False
    directed_phrases: tuple[DirectedPhrase, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """These facts as values that `json.dumps` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The facts that `as_json` gave, whole again; unknown keys are left out."""
        parts: dict[str, type] = {
            "embedded_files": EmbeddedFile,
            "author_traces": Trace,
            "directed_phrases": DirectedPhrase,
        }
        known = {f.name for f in fields(cls)}
        whole: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                continue
            if name == "hidden_text":
                value = tuple(HiddenText.from_json(item) for item in value)
            elif name in parts:
                value = tuple(parts[name](**item) for item in value)
            elif isinstance(value, list):
                value = tuple(value)
            whole[name] = value
        return cls(**whole)
