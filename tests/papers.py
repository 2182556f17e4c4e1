"""Invented papers for tests: `paper(pages=10)` passes every check; faults are asked for by name.

A paper is made once per run and set of arguments, so tests may ask for it freely.
"""

import io
import zipfile
from functools import lru_cache

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from editors.rehearsal.papers import paper_pdf

TRUNCATED_SHARE = 0.6


@lru_cache(maxsize=64)
def paper(
    pages: int = 10,
    title: str = "",
    *,
    seed: int = 1,
    authors: tuple[str, ...] = (),
    abstract: str = "",
    author_property: str = "",
    encrypted: str = "",
    javascript: str = "",
    attachment: str = "",
    attachment_content: bytes = b"x,y\n1,2\n",
    hidden_text: str = "",
    note_author: str = "",
    unembedded_fonts: bool = False,
    truncated: bool = False,
    prefix: bytes = b"",
) -> bytes:
    """The bytes of a paper, with faults when asked for.

    `encrypted` is `owner` (opens without a password) or `user`; `javascript` is where it stands:
    `open`, `page` or `names`; `attachment` is a file name; `hidden_text` is printed white on
    white; `note_author` signs a sticky note; `prefix` goes before the header.
    """
    content = paper_pdf(
        seed,
        pages=pages,
        title=title,
        authors=authors,
        abstract=abstract,
        author_property=author_property,
    )
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if javascript:
            _add_javascript(pdf, javascript)
        if attachment:
            pdf.attachments[attachment] = pikepdf.AttachedFileSpec(pdf, attachment_content)
        if hidden_text:
            _print(pdf, f"1 1 1 rg 1 0 0 1 60 30 Tm ({hidden_text}) Tj")
        if unembedded_fonts:
            _print(pdf, "0 g 1 0 0 1 60 20 Tm (A line in a font that is not here.) Tj")
        if note_author:
            _add_note(pdf, note_author)
        content = _saved(pdf, encrypted)
    if truncated:
        content = content[: int(len(content) * TRUNCATED_SHARE)]
    return prefix + content


def _saved(pdf: pikepdf.Pdf, encrypted: str) -> bytes:
    out = io.BytesIO()
    if encrypted:
        user = "open sesame" if encrypted == "user" else ""
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    else:
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _add_javascript(pdf: pikepdf.Pdf, place: str) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    if place == "open":
        pdf.Root.OpenAction = action
    elif place == "page":
        pdf.pages[0].obj.AA = Dictionary(O=action)
    else:
        names = Dictionary(Names=Array([String("run"), pdf.make_indirect(action)]))
        pdf.Root.Names = Dictionary(JavaScript=names)


def _print(pdf: pikepdf.Pdf, commands: str) -> None:
    page = pdf.pages[0]
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    page.obj.Resources = pdf.make_indirect(
        Dictionary(Font=Dictionary({**dict(page.Resources.Font.items()), "/H": font}))
    )
    page.contents_add(f"q BT /H 9 Tf {commands} ET Q".encode())


def _add_note(pdf: pikepdf.Pdf, author: str) -> None:
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=Array([40, 700, 60, 720]),
        Contents=String("please check"),
        T=String(author),
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def packed(
    members: dict[str, bytes], *, mode: int = 0, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A ZIP archive of these members; `mode` are their permissions and type as Unix has them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()
