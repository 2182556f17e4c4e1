"""The deep walk: every dictionary of a PDF, direct or indirect, also inside object streams.

All objects are visited, not only those that the catalogue reaches: another reader may rebuild
the file in another way and reach the rest. Names are compared after the reader has undone
`#`-escapes; words in page text or comments are never names, so they raise nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pikepdf

from submissions.preflight.facts import EmbeddedFile, Trace
from submissions.preflight.kinds import kind_of

CONTAINER_CAP = 400_000
SHOWN_CHARACTERS = 200

ACTIVE_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
    "/Rendition",
    "/RichMediaExecute",
}
# Also names of structure elements, which always carry a parent; see `_is_structure`.
ACTIVE_IF_ACTION = {"/Movie", "/Sound"}
ACTIVE_ANNOTATIONS = {"/RichMedia", "/Movie", "/Sound", "/Screen"}
LEAVING_ACTIONS = {"/URI", "/GoToR"}
PASSIVE_ANNOTATIONS = {"/Link", "/Widget", "/Popup"}
PEOPLE_KEYS = {"/Author", "/Manager", "/Company", "/LastModifiedBy", "/LastSavedBy"}

_XMP_PEOPLE = re.compile(
    r"<(dc:creator|dc:contributor|xmpRights:Owner|photoshop:Credit|pdf:Author|pdfx:Company)\b[^>]*>"
    r"(.*?)</\1>",
    re.DOTALL,
)
_XMP_ATTRIBUTE = re.compile(r"\b(dc:creator|pdf:Author|pdfx:Company)\s*=\s*[\"']([^\"']+)[\"']")
_MARKUP = re.compile(r"<[^>]+>")


class TooComplex(Exception):
    """More containers than any paper has."""


@dataclass(slots=True)
class WalkResult:
    """What the walk has gathered; sorted and cut by the caller."""

    active: set[str] = field(default_factory=set)
    embedded: list[EmbeddedFile] = field(default_factory=list)
    remote: set[str] = field(default_factory=set)
    traces: list[Trace] = field(default_factory=list)
    annotation_authors: set[str] = field(default_factory=set)
    has_form: bool = False
    has_signature: bool = False


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every dictionary once, the dictionaries of streams included. Raises TooComplex."""
    seen = 0
    waiting: list[pikepdf.Object] = [pdf.trailer]
    for thing in pdf.objects:
        waiting.append(thing)
        while waiting:
            current = waiting.pop()
            seen += 1
            if seen > CONTAINER_CAP:
                raise TooComplex
            if isinstance(current, pikepdf.Stream):
                current = current.stream_dict
            children: Iterable[object] = ()
            if isinstance(current, pikepdf.Dictionary):
                yield current
                children = list(current.as_dict().values())
            elif isinstance(current, pikepdf.Array):
                children = current.as_list()
            waiting.extend(
                child
                for child in children
                if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect
            )


def walk(pdf: pikepdf.Pdf) -> WalkResult:
    """Visit everything and gather what a careful editor must know."""
    result = WalkResult()
    for dictionary in dictionaries(pdf):
        keys = set(dictionary.keys())
        if keys & {"/S", "/JS", "/JavaScript", "/XFA", "/OnInstantiate"}:
            _note_actions(dictionary, keys, result)
        if keys & {"/OpenAction", "/AA"}:
            _note_events(dictionary, result)
        if "/Subtype" in keys or "/FT" in keys:
            _note_annotation(dictionary, keys, result)
        if "/EF" in keys:
            _note_embedded(dictionary, result)
        if "/Metadata" in keys:
            _note_xmp(dictionary, result)
    _note_info(pdf, result)
    form = pdf.Root.get("/AcroForm")
    result.has_form = isinstance(form, pikepdf.Dictionary) and len(_items(form.get("/Fields"))) > 0
    return result


def _note_actions(d: pikepdf.Dictionary, keys: set[str], result: WalkResult) -> None:
    kind = _name(d.get("/S"))
    if kind in ACTIVE_ACTIONS or (kind in ACTIVE_IF_ACTION and not _is_structure(d, keys)):
        result.active.add(kind[1:])
    if "/JS" in keys or "/OnInstantiate" in keys:
        result.active.add("JavaScript")
    if isinstance(d.get("/JavaScript"), pikepdf.Dictionary):
        result.active.add("JavaScript")
    if "/XFA" in keys:
        result.active.add("XFA")
    if kind == "/URI":
        address = _text(d.get("/URI")).strip()
        if re.match(r"(?i)\s*(javascript|data|vbscript):", address):
            result.active.add("JavaScript")
        elif not re.match(r"(?i)(https?|mailto|ftp|doi):|#|[\w.-]+/|www\.", address):
            result.remote.add(address[:SHOWN_CHARACTERS])
    if kind == "/GoToR":
        result.remote.add(_file_name(d.get("/F"))[:SHOWN_CHARACTERS])


def _note_events(d: pikepdf.Dictionary, result: WalkResult) -> None:
    """What fires without a click: the document's opening, and the `/AA` of any object."""
    roots: list[object] = [d.get("/OpenAction")]
    events = d.get("/AA")
    if isinstance(events, pikepdf.Dictionary):
        roots.extend(events.as_dict().values())
    for root in roots:
        for kind in _chain(root):
            if kind in LEAVING_ACTIONS:
                result.active.add(f"{kind[1:]} that fires by itself")


def _chain(action: object) -> Iterator[str]:
    """The kinds of an action and of those that follow it."""
    waiting, steps = [action], 0
    while waiting and steps < 100:
        current = waiting.pop()
        steps += 1
        if isinstance(current, pikepdf.Dictionary):
            yield _name(current.get("/S"))
            waiting.append(current.get("/Next"))
        elif isinstance(current, pikepdf.Array) and steps > 1:
            waiting.extend(current.as_list())


def _note_annotation(d: pikepdf.Dictionary, keys: set[str], result: WalkResult) -> None:
    kind = _name(d.get("/Subtype"))
    if "/Rect" in keys:
        if kind in ACTIVE_ANNOTATIONS:
            result.active.add(kind[1:])
        author = _text(d.get("/T")).strip()
        if author and kind and kind not in PASSIVE_ANNOTATIONS:
            result.annotation_authors.add(author[:SHOWN_CHARACTERS])
    if _name(d.get("/FT")) == "/Sig" or ("/ByteRange" in keys and "/Contents" in keys):
        result.has_signature = True


def _note_embedded(d: pikepdf.Dictionary, result: WalkResult) -> None:
    streams = d.get("/EF")
    if not isinstance(streams, pikepdf.Dictionary):
        return
    name = _file_name(d)
    looks_like = "unknown"
    for stream in streams.as_dict().values():
        if isinstance(stream, pikepdf.Stream):
            try:
                looks_like = kind_of(bytes(stream.read_bytes())[:65_536])
            except (pikepdf.PdfError, RuntimeError):
                looks_like = "unknown"
            break
    result.embedded.append(EmbeddedFile(name[:SHOWN_CHARACTERS], looks_like))


def _note_xmp(d: pikepdf.Dictionary, result: WalkResult) -> None:
    packet = d.get("/Metadata")
    if not isinstance(packet, pikepdf.Stream):
        return
    try:
        text = bytes(packet.read_bytes())[:262_144].decode("utf-8", "replace")
    except (pikepdf.PdfError, RuntimeError):
        return
    for place, value in _XMP_PEOPLE.findall(text) + _XMP_ATTRIBUTE.findall(text):
        shown = " ".join(_MARKUP.sub(" ", value).split())
        if shown:
            result.traces.append(Trace(f"XMP {place}", shown[:SHOWN_CHARACTERS]))


def _note_info(pdf: pikepdf.Pdf, result: WalkResult) -> None:
    info = pdf.trailer.get("/Info")
    if not isinstance(info, pikepdf.Dictionary):
        return
    for key in sorted(PEOPLE_KEYS):
        value = _text(info.get(key)).strip()
        if value:
            result.traces.append(Trace(f"Info {key[1:]}", value[:SHOWN_CHARACTERS]))


def fonts_not_embedded(pdf: pikepdf.Pdf) -> list[str]:
    """Names of fonts that the pages use and the file does not carry."""
    missing: set[str] = set()
    seen: set[tuple[int, int]] = set()
    waiting: list[object] = []
    for page in pdf.pages:
        waiting.append(page.obj.get("/Resources") or _inherited(page.obj, "/Resources"))
    while waiting and len(seen) < CONTAINER_CAP:
        resources = waiting.pop()
        if not isinstance(resources, pikepdf.Dictionary):
            continue
        for font in _values(resources.get("/Font")):
            if isinstance(font, pikepdf.Dictionary) and not _is_embedded(font):
                missing.add(
                    _name(font.get("/BaseFont"))[1:].partition("+")[2]
                    or _name(font.get("/BaseFont"))[1:]
                    or "without a name"
                )
        for place in ("/XObject", "/Pattern"):
            for thing in _values(resources.get(place)):
                if isinstance(thing, pikepdf.Stream) and thing.objgen not in seen:
                    seen.add(thing.objgen)
                    waiting.append(thing.stream_dict.get("/Resources"))
    return sorted(missing)


def _is_embedded(font: pikepdf.Dictionary) -> bool:
    kind = _name(font.get("/Subtype"))
    if kind == "/Type3":
        return True
    if kind == "/Type0":
        descendants = _items(font.get("/DescendantFonts"))
        return all(_is_embedded(d) for d in descendants if isinstance(d, pikepdf.Dictionary))
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, pikepdf.Dictionary) and any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def paper_sizes(pdf: pikepdf.Pdf) -> list[str]:
    """The sizes of the pages in words, most frequent first."""
    counts: dict[str, int] = {}
    for page in pdf.pages:
        try:
            left, bottom, right, top = (float(v) for v in page.cropbox.as_list())
            width, height = abs(right - left), abs(top - bottom)
        except (TypeError, ValueError, AttributeError, pikepdf.PdfError):
            name = "unknown"
        else:
            name = _paper_name(width, height)
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))


def _paper_name(width: float, height: float) -> str:
    short, long = sorted((width, height))
    for name, expected in (("US Letter", (612, 792)), ("A4", (595.28, 841.89))):
        if abs(short - expected[0]) < 4 and abs(long - expected[1]) < 4:
            return name
    return f"{width:.0f} × {height:.0f} pt"


def _inherited(node: pikepdf.Object, key: str) -> object:
    for _ in range(50):
        parent = node.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return None
        node = parent
        if key in node:
            return node.get(key)
    return None


def _is_structure(d: pikepdf.Dictionary, keys: set[str]) -> bool:
    return _name(d.get("/Type")) == "/StructElem" or ("/P" in keys and "/K" in keys)


def _file_name(spec: object) -> str:
    if isinstance(spec, pikepdf.Dictionary):
        for key in ("/UF", "/F", "/Unix", "/DOS", "/Mac"):
            if name := _text(spec.get(key)):
                return name
        return "without a name"
    return _text(spec) or "without a name"


def _name(value: object) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _text(value: object) -> str:
    if not isinstance(value, pikepdf.String):
        return ""
    try:
        return str(value).replace("\0", "")
    except (UnicodeError, ValueError):
        return bytes(value).decode("latin-1")


def _items(value: object) -> list[object]:
    return list(value.as_list()) if isinstance(value, pikepdf.Array) else []


def _values(value: object) -> list[object]:
    return list(value.as_dict().values()) if isinstance(value, pikepdf.Dictionary) else []
