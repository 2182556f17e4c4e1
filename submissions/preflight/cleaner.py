"""Make the copy that others are served: `python -m submissions.preflight.cleaner SOURCE TARGET`.

Same pages and words; no properties, no XMP, no private data of programs, no scripts, no
attachments, no notes. Form fields and drawn marks become plain content of the page; links to the
web and within the document stay. Equal input gives equal bytes, identifier included.
"""

import re
import sys
import zlib
from pathlib import Path

import pikepdf

from submissions.preflight import object_walk
from submissions.preflight.inflate import filter_names
from submissions.preflight.jpeg import without_jpeg_remarks
from submissions.preflight.sandbox import confine

# Keys that carry names, private data or something that acts, wherever they stand.
DROPPED_EVERYWHERE = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/AA",
    "/AF",
    "/EF",
    "/RF",
    "/JS",
    "/OnInstantiate",
    "/PresSteps",
    "/Measure",
    "/CreatorInfo",
    "/Thumb",
)
DROPPED_FROM_CATALOGUE = (
    "/OpenAction",
    "/AcroForm",
    "/Collection",
    "/Perms",
    "/DSS",
    "/Legal",
    "/Requirements",
    "/Threads",
    "/SpiderInfo",
    "/URI",
    "/Extensions",
)
KEPT_NAME_TREES = {"/Dests", "/IDS"}
KEPT_ACTIONS = {"/GoTo", "/Named", "/URI"}
# Annotations whose picture belongs to the paper; all others but links are notes about it.
DRAWN_ANNOTATIONS = {
    "/Widget",
    "/FreeText",
    "/Line",
    "/Square",
    "/Circle",
    "/Polygon",
    "/PolyLine",
    "/Highlight",
    "/Underline",
    "/Squiggly",
    "/StrikeOut",
    "/Stamp",
    "/Caret",
    "/Ink",
    "/Redact",
    "/Watermark",
    "/PrinterMark",
}
_WEB = re.compile(r"(?i)\s*(https?|mailto|ftp|doi):")


def clean(source: Path, target: Path) -> None:
    """Write the cleaned copy of `source` to `target`. Raises on a file that cannot be cleaned."""
    with pikepdf.open(source, suppress_warnings=True) as pdf:
        if pdf.is_encrypted:
            raise ValueError("the file is encrypted")
        _flatten(pdf)
        _drop_annotations(pdf)
        _drop_from_trailer_and_catalogue(pdf)
        for dictionary in list(object_walk.dictionaries(pdf)):
            _scrub(dictionary)
        for thing in list(pdf.objects):
            if isinstance(thing, pikepdf.Stream):
                _mend_stream(thing)
        _save(pdf, target)
    if _faults(target):
        _rewrite_contents(target)
        if faults := _faults(target):
            raise ValueError(f"the cleaned copy has faults: {faults[:3]}")


def _save(pdf: pikepdf.Pdf, target: Path) -> None:
    pdf.save(
        target,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        linearize=False,
    )


def _rewrite_contents(target: Path) -> None:
    """Write the drawing commands anew where a damaged file has commands that are none."""
    previous = pikepdf.settings.set_qpdf_limits(parser_max_errors=0)
    try:
        with pikepdf.open(target, allow_overwriting_input=True, suppress_warnings=True) as pdf:
            for thing in list(pdf.objects):
                if isinstance(thing, pikepdf.Stream):
                    _empty_if_unreadable(thing)
            for page in pdf.pages:
                page.obj.Contents = pdf.make_stream(page.get_filtered_contents(_WellFormed()))
            _save(pdf, target)
    finally:
        pikepdf.settings.set_qpdf_limits(parser_max_errors=int(previous["parser_max_errors"]))


def _empty_if_unreadable(stream: pikepdf.Stream) -> None:
    filters = set(filter_names(stream))
    if filters and not filters & {"/DCTDecode", "/JPXDecode"}:
        try:
            stream.read_bytes()
        except pikepdf.PdfError:
            stream.write(b"")


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Turn form fields and drawn marks into page content, where they have a drawing."""
    for page in pdf.pages:
        for annotation in _annotations(page):
            if _kind(annotation) not in DRAWN_ANNOTATIONS:
                # Flattening would print their pictures into the page.
                for key in ("/AP", "/AS"):
                    if key in annotation:
                        del annotation[key]
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        if bool(form.get("/NeedAppearances")) or any(
            _kind(annotation) == "/Widget" and "/AP" not in annotation
            for page in pdf.pages
            for annotation in _annotations(page)
        ):
            pdf.generate_appearance_streams()
        # With this mark the flattening would leave the drawings out.
        if "/NeedAppearances" in form:
            del form["/NeedAppearances"]
    pdf.flatten_annotations("screen")


def _drop_annotations(pdf: pikepdf.Pdf) -> None:
    """Keep links alone; empty what is dropped, since a structure tree may still point at it."""
    for page in pdf.pages:
        kept = pikepdf.Array()
        for annotation in _annotations(page):
            if _kind(annotation) == "/Link":
                for key in ("/Contents", "/T", "/NM", "/M", "/RC", "/Popup"):
                    if key in annotation:
                        del annotation[key]
                kept.append(annotation)
            else:
                for key in list(annotation.keys()):
                    del annotation[key]
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
        if len(kept):
            page.obj["/Annots"] = kept
        for key in ("/B", "/Thumb"):
            if key in page.obj:
                del page.obj[key]


def _drop_from_trailer_and_catalogue(pdf: pikepdf.Pdf) -> None:
    for key in list(pdf.trailer.keys()):
        if key not in ("/Root", "/Size", "/ID", "/Prev", "/XRefStm"):
            del pdf.trailer[key]
    for key in DROPPED_FROM_CATALOGUE:
        if key in pdf.Root:
            del pdf.Root[key]
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key in list(names.keys()):
            if key not in KEPT_NAME_TREES:
                del names[key]


def _scrub(dictionary: pikepdf.Dictionary) -> None:
    for key in DROPPED_EVERYWHERE:
        if key in dictionary:
            del dictionary[key]
    # Bookmarks have a /Next as well, and keep it.
    if "/Next" in dictionary and isinstance(dictionary.get("/S"), pikepdf.Name):
        del dictionary["/Next"]
    action = dictionary.get("/A")
    if isinstance(action, pikepdf.Dictionary) and "/S" in action and not _is_kept_action(action):
        del dictionary["/A"]


def _is_kept_action(action: pikepdf.Dictionary) -> bool:
    kind = action.get("/S")
    if not isinstance(kind, pikepdf.Name):
        return False
    if str(kind) == "/URI":
        address = action.get("/URI")
        return isinstance(address, pikepdf.String) and bool(_WEB.match(str(address)))
    # Structure elements use /A for attributes, which have /O and no such /S.
    return str(kind) in KEPT_ACTIONS or "/O" in action


def _mend_stream(stream: pikepdf.Stream) -> None:
    """Take remarks out of JPEGs, and write anew what is packed in a damaged way."""
    filters = filter_names(stream)
    if filters and filters[-1] in ("/DCTDecode", "/DCT"):
        if len(filters) == 1:
            raw = bytes(stream.read_raw_bytes())
            bare = without_jpeg_remarks(raw)
            if bare != raw:
                stream.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=_parameters(stream))
        return
    if filters and filters[0] in ("/FlateDecode", "/Fl"):
        raw = bytes(stream.read_raw_bytes())
        if _is_sound_flate(raw):
            return
        salvaged = _salvaged(raw)
        repacked = zlib.compress(salvaged, 6)
        kept = [pikepdf.Name(name) for name in filters]
        stream.write(repacked, filter=kept, decode_parms=_parameters(stream))


class _WellFormed(pikepdf.TokenFilter):
    """Leaves out what is no token, and closes or drops brackets that have no partner."""

    _PARTNERS = {
        pikepdf.TokenType.array_close: (pikepdf.TokenType.array_open, b"]"),
        pikepdf.TokenType.dict_close: (pikepdf.TokenType.dict_open, b">>"),
    }

    def __init__(self) -> None:
        super().__init__()
        self._open: list[pikepdf.Token] = []

    def handle_token(self, token: pikepdf.Token) -> pikepdf.Token | list[pikepdf.Token] | None:
        kind = token.type_
        if kind in (pikepdf.TokenType.bad, pikepdf.TokenType.brace_open):
            return None
        if kind == pikepdf.TokenType.brace_close or (
            kind == pikepdf.TokenType.name_ and b"\0" in bytes(token.raw_value)
        ):
            return None
        if kind in (pikepdf.TokenType.array_open, pikepdf.TokenType.dict_open):
            self._open.append(token)
        elif kind in self._PARTNERS:
            if not self._open or self._open[-1].type_ != self._PARTNERS[kind][0]:
                return None
            self._open.pop()
        elif kind == pikepdf.TokenType.word and self._open:
            closing = [self._partner_of(opened) for opened in reversed(self._open)]
            self._open.clear()
            return [*closing, token]
        return token

    def _partner_of(self, opened: pikepdf.Token) -> pikepdf.Token:
        for kind, (partner, text) in self._PARTNERS.items():
            if partner == opened.type_:
                return pikepdf.Token(kind, text)
        raise ValueError(opened)


def _parameters(stream: pikepdf.Stream) -> pikepdf.Dictionary | pikepdf.Array | None:
    parameters = stream.stream_dict.get("/DecodeParms")
    return parameters if isinstance(parameters, (pikepdf.Dictionary, pikepdf.Array)) else None


def _is_sound_flate(raw: bytes) -> bool:
    unpacker = zlib.decompressobj()
    waiting = raw
    try:
        while waiting and not unpacker.eof:
            unpacker.decompress(waiting, 1024 * 1024)
            waiting = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return unpacker.eof


def _salvaged(raw: bytes) -> bytes:
    """As much as can be unpacked, to the byte; nothing when nothing can."""
    unpacker = zlib.decompressobj()
    out = bytearray()
    step, position = 4096, 0
    while position < len(raw) and not unpacker.eof:
        before = unpacker.copy()
        try:
            out += unpacker.decompress(raw[position : position + step])
        except zlib.error:
            if step == 1:
                break
            unpacker, step = before, 1
        else:
            position += step
    return bytes(out)


def _annotations(page: pikepdf.Page) -> list[pikepdf.Dictionary]:
    found = page.obj.get("/Annots")
    if not isinstance(found, pikepdf.Array):
        return []
    return [item for item in found.as_list() if isinstance(item, pikepdf.Dictionary)]


def _kind(annotation: pikepdf.Dictionary) -> str:
    kind = annotation.get("/Subtype")
    return str(kind) if isinstance(kind, pikepdf.Name) else ""


def _faults(target: Path) -> list[str]:
    with pikepdf.open(target, suppress_warnings=True) as pdf:
        return [*pdf.check_pdf_syntax(), *(str(warning) for warning in pdf.get_warnings())]


def main(arguments: list[str]) -> int:
    """Clean one file; the exit status is 0 only when a sound copy was written."""
    confine()
    clean(Path(arguments[0]), Path(arguments[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
