"""Copies the web fonts, narrowed to the weights we use, and writes their style sheet.

Usage: vendor_fonts.py NODE_MODULES TARGET

The packages ship every weight from 100 to 900. Pages use 400 to 700, and of the features kerning,
marks, ligatures and tabular figures; leaving the rest out makes the first visit a third lighter.
"""

import io
import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILIES = {"inter": "Inter", "source-serif-4": "Source Serif 4"}
SCRIPTS = ("cyrillic-ext", "cyrillic", "greek-ext", "greek", "vietnamese", "latin-ext", "latin")
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga", "tnum"]
WEIGHTS = (400.0, 700.0)

FACE = """@font-face {{
  font-family: "{family}"; font-style: normal; font-display: swap;
  font-weight: {low:.0f} {high:.0f};
  src: url("fonts/{name}") format("woff2");
  unicode-range: {characters};
}}
"""


def narrow(source: Path, target: Path) -> None:
    """Writes the font of `source` with our features and weights only, the same bytes each time."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, hinting=False, recalc_timestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    # The narrowing of weights wants a font read afresh, not one whose glyphs were just dropped.
    font.flavor = None
    plain = io.BytesIO()
    font.save(plain)
    plain.seek(0)
    font = instancer.instantiateVariableFont(
        TTFont(plain, recalcTimestamp=False), {"wght": WEIGHTS}
    )
    font.flavor = "woff2"
    font.save(target)


def ranges(sheet: str, package: str) -> dict[str, str]:
    """The unicode-range of each subset, as the package's own style sheet gives it."""
    pattern = rf"{package}-([a-z-]+)-wght-normal\.woff2.*?unicode-range:\s*([^;]+);"
    return dict(re.findall(pattern, sheet, re.DOTALL))


def main(modules: Path, target: Path) -> None:
    """Fills `target`/fonts and writes `target`/fonts.css."""
    faces = []
    for package, family in FAMILIES.items():
        home = modules / "@fontsource-variable" / package
        by_script = ranges((home / "index.css").read_text(), package)
        for script in SCRIPTS:
            if script not in by_script:
                continue
            name = f"{package}-{script}.woff2"
            narrow(
                home / "files" / f"{package}-{script}-wght-normal.woff2", target / "fonts" / name
            )
            faces.append(
                FACE.format(
                    family=family,
                    name=name,
                    characters=by_script[script],
                    low=WEIGHTS[0],
                    high=WEIGHTS[1],
                )
            )
    (target / "fonts.css").write_text("".join(faces))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
