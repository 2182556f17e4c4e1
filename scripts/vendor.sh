#!/usr/bin/env bash
# Makes static/vendor/ and static/icons.svg anew from the packages pinned in package.json.
# Node and npm are needed here and nowhere else; the results are part of the repository.
#   scripts/vendor.sh          rebuild
#   scripts/vendor.sh --check  only compare static/vendor with its CHECKSUMS
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
python=${PYTHON:-$root/.venv/bin/python}

if [ "${1:-}" = "--check" ]; then
  cd static/vendor && sha256sum --check --quiet CHECKSUMS && echo "static/vendor is as recorded."
  exit 0
fi

command -v npm >/dev/null || { echo "npm is missing. Install it with: apt-get install npm" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp package.json "$work/"
(cd "$work" && npm install --no-audit --no-fund --ignore-scripts --no-package-lock --loglevel=error)
modules=$work/node_modules

rm -rf static/vendor
mkdir -p static/vendor/fonts static/vendor/licences

"$modules/.bin/sass" --style=compressed --no-source-map --no-charset --quiet \
  --load-path="$modules" scripts/bootstrap.scss static/vendor/bootstrap.css
cp "$modules/htmx.org/dist/htmx.min.js" static/vendor/htmx.min.js

# pdf.js as its authors build it for browsers of the last years, with what it fetches when a PDF
# asks for it: character maps, the standard fonts, decoders of pictures.
pdf=$modules/pdfjs-dist
mkdir -p static/vendor/pdf
cp "$pdf/legacy/build/pdf.min.mjs" "$pdf/legacy/build/pdf.worker.min.mjs" static/vendor/pdf/
cp -r "$pdf/cmaps" "$pdf/standard_fonts" "$pdf/wasm" "$pdf/iccs" static/vendor/pdf/

"$python" scripts/vendor_fonts.py "$modules" static/vendor
"$python" scripts/vendor_icons.py "$modules/lucide-static/icons" static/icons.svg

cp "$modules/bootstrap/LICENSE" static/vendor/licences/bootstrap.txt
cp "$modules/htmx.org/LICENSE" static/vendor/licences/htmx.txt
cp "$modules/lucide-static/LICENSE" static/vendor/licences/lucide.txt
cp "$pdf/LICENSE" static/vendor/licences/pdf.txt
cp "$modules/@fontsource-variable/inter/LICENSE" static/vendor/licences/inter.txt
cp "$modules/@fontsource-variable/source-serif-4/LICENSE" static/vendor/licences/source-serif-4.txt

(cd static/vendor && find . -type f ! -name CHECKSUMS -printf '%P\n' | LC_ALL=C sort \
  | xargs sha256sum > CHECKSUMS)
echo "static/vendor holds $(wc -l < static/vendor/CHECKSUMS) files; their checksums are in static/vendor/CHECKSUMS."
