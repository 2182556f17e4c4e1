"""Bytes to text, without guessing: a wrong guess would misspell thousands of names."""

import codecs


class UnreadableFile(ValueError):
    """Nothing of the file can be taken; the message is a sentence for whoever sent it."""


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark. Line ends become \\n.

    Raises:
        UnreadableFile: empty, another encoding (with the line), or no text at all.
    """
    if not content.strip(b" \t\r\n\x00"):
        raise UnreadableFile("The file is empty.")
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"Line {line} is not written in UTF-8. Save the file as “CSV UTF-8” or “UTF-8” and "
            "send it again; nothing was taken from it."
        ) from error
    if "\x00" in text:
        raise UnreadableFile("This is no text file. Send CSV, BibTeX or JSON.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
