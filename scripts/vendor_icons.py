"""Gathers the icons that our pages use into one sprite.

Usage: vendor_icons.py ICONS_FOLDER TARGET

The left name is ours (what it means here), the right one is the drawing's name in the package.
"""

import re
import sys
from pathlib import Path

ICONS = {
    "alert": "triangle-alert",
    "arrow-right": "arrow-right",
    "calendar": "calendar-days",
    "check": "check",
    "chevron-down": "chevron-down",
    "chevron-right": "chevron-right",
    "circle": "circle",
    "circle-check": "circle-check",
    "clock": "clock",
    "contrast": "contrast",
    "diamond": "diamond",
    "download": "download",
    "edit": "pencil",
    "external": "external-link",
    "eye": "eye",
    "eye-off": "eye-off",
    "file": "file",
    "file-archive": "file-archive",
    "file-image": "file-image",
    "file-pdf": "file-text",
    "file-video": "file-video",
    "history": "history",
    "inbox": "inbox",
    "info": "info",
    "key": "key-round",
    "list": "list",
    "lock": "lock",
    "mail": "mail",
    "menu": "menu",
    "minus": "minus",
    "moon": "moon",
    "paperclip": "paperclip",
    "plus": "plus",
    "print": "printer",
    "rotate": "rotate-ccw",
    "scale": "scale",
    "search": "search",
    "send": "send",
    "shield": "shield-check",
    "sign-out": "log-out",
    "sparkle": "sparkles",
    "stop": "octagon-x",
    "sun": "sun",
    "trash": "trash-2",
    "upload": "upload",
    "user": "user",
    "users": "users",
    "x": "x",
}


def symbol(name: str, drawing: str) -> str:
    """One `<symbol>`: the drawing's shapes without the package's own wrapper and attributes."""
    body = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL)
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", body, re.DOTALL)
    if shapes is None:
        raise SystemExit(f"The drawing of {name} is not an SVG file.")
    inner = re.sub(r"\s+", " ", shapes.group(1)).replace(" />", "/>").replace("> <", "><").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def main(folder: Path, target: Path) -> None:
    """Writes the sprite."""
    symbols = [symbol(name, (folder / f"{file}.svg").read_text()) for name, file in ICONS.items()]
    target.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
