#!/usr/bin/env bash
# Write the two locks from pyproject.toml: everything, and what a production image needs.
# No header and no annotations: a lock must not name a host.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "This needs uv (https://docs.astral.sh/uv/)." >&2; exit 1; }
options=(--generate-hashes --no-header --no-annotate --python-version 3.11 -q)
uv pip compile pyproject.toml --extra dev "${options[@]}" -o requirements.lock
uv pip compile pyproject.toml -c requirements.lock "${options[@]}" -o requirements.production.lock
