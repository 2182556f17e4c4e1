#!/usr/bin/env bash
# Prepare this checkout: virtual environment, locked packages, system packages.
#
#   scripts/set_up.sh run     what a running site needs
#   scripts/set_up.sh test    that, and what the tests need
#
# Says nothing when there is nothing to do. A second run works without a network. All talk
# goes to standard error, so that a command's own output stays clean. Exit status 1 means
# that a sentence on standard error says what is missing and what to type.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-run}
case "$purpose" in run | test) ;; *) echo "usage: $0 run|test" >&2; exit 2 ;; esac

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# ---------------------------------------------------------------- system packages
has_library() { # by the name of its file, as WeasyPrint asks for it
  { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -F "$1" >/dev/null
}
has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || { has initdb && has postgres; }; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
has_dejavu() { has fc-list && fc-list 2>/dev/null | grep -i 'DejaVu Sans' >/dev/null; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

missing=()
need() { # need PACKAGE CHECK [ARGUMENT]
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

find_python() {
  local name
  for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$name" ] || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s' "$name"
      return 0
    fi
  done
  return 1
}

python=$(find_python) || stop \
  "This needs Python 3.11 or newer, and none was found." \
  "Install it (on Debian 12 or later: apt-get install python3 python3-venv) or name one: make ${purpose} PYTHON=/path/to/python3.12"

uv_works() { has uv && uv --version >/dev/null 2>&1; }
if [ ! -x .venv/bin/python ] && ! uv_works; then need python3-venv has_venv "$python"; fi
need poppler-utils has pdftotext
need libpango-1.0-0 has_library libpango-1.0.so.0
need libpangoft2-1.0-0 has_library libpangoft2-1.0.so.0
need libharfbuzz-subset0 has_library libharfbuzz-subset.so.0
need fontconfig has fc-list
need fonts-dejavu-core has_dejavu
if [ "$purpose" = test ]; then
  need postgresql has_postgresql
  need redis-server has redis-server
  need chromium has_chromium
  need qpdf has qpdf
fi

install_system_packages() {
  local as_root=()
  local line="apt-get install -y --no-install-recommends ${missing[*]}"
  if ! has apt-get; then
    stop "Missing on this machine: ${missing[*]} (Debian's names). Install them, then run make ${purpose} again."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if has sudo && sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      stop "Some system packages are missing. Type this one line, then make ${purpose} again:" \
        "" "  sudo $line" ""
    fi
  fi
  say "Installing system packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $line
  } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    stop "" "The packages could not be installed. With a network and the right to install, type:" "" "  $line" ""
  fi
  rm -f "$log"
}
[ ${#missing[@]} -eq 0 ] || install_system_packages

# ---------------------------------------------------------------- Python packages
# The stamp holds the hash of the lock and the Python that built the environment.
stamp=.venv/locked
want="$(sha256sum requirements.lock | cut -d' ' -f1)"
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then exit 0; fi

# Two commands started at once must not build the same environment.
mkdir -p var
exec 9>var/set_up.lock
if has flock; then
  flock -n 9 || { say "Another set-up of this checkout is at work; waiting for it."; flock 9; }
fi
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then exit 0; fi

say "Installing the locked Python packages into .venv (once; up to a few minutes)"
if [ -e .venv ] && ! .venv/bin/python -c '' 2>/dev/null; then rm -rf .venv; fi
log=$(mktemp)
build() {
  if uv_works; then
    [ -x .venv/bin/python ] || uv venv -q --python "$python" .venv || return 1
    uv pip sync -q --python .venv/bin/python --require-hashes requirements.lock
  else
    [ -x .venv/bin/python ] || "$python" -m venv .venv || return 1
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip -q || return 1
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
  fi
}
if ! build >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  rm -f "$log"
  stop "" "The Python packages could not be installed; the lines above say why. A first set-up needs a network." \
    "Nothing is half done: run make ${purpose} again."
fi
rm -f "$log"
printf '%s' "$want" >"$stamp"
