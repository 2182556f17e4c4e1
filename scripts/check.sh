#!/usr/bin/env bash
# All static checks. Runs every one even after a failure, then names those that failed.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
packages=${PACKAGES:?the packages to check, from the Makefile}
failed=()
state=$(mktemp -d) # the checks must not touch the site's own var/
log=$state/log
trap 'rm -rf "$state"' EXIT

# What production looks like; no value here is a secret of any site.
production() {
  env -u DEBUG -u REHEARSAL \
    SECRET_KEY="$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    SITE_URL=https://issue.example ALLOWED_HOSTS=issue.example \
    DATABASE_URL= REDIS_URL= VAR_DIR="$state" \
    "$@"
}

check() { # check NAME COMMAND...
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '  ok      %-22s %3d s\n' "$name" $((SECONDS - started))
  else
    printf '  FAILED  %-22s %3d s\n' "$name" $((SECONDS - started))
    sed 's/^/          /' "$log"
    failed+=("$name")
  fi
}

check "ruff check" "$bin/ruff" check .
check "ruff format" "$bin/ruff" format --check .
check "import layers" "$bin/lint-imports" --no-cache
check "djlint" "$bin/djlint" --lint --quiet templates
check "bandit" "$bin/bandit" -q -c pyproject.toml -r $packages
check "migrations" env DEBUG=1 DATABASE_URL= VAR_DIR="$state" "$bin/python" manage.py makemigrations --check --dry-run
check "deployment settings" production "$bin/python" manage.py check --deploy --fail-level WARNING
check "mypy" "$bin/mypy" $packages scripts tests/services

if [ ${#failed[@]} -gt 0 ]; then
  echo "Failed: ${failed[*]}"
  exit 1
fi
echo "All checks passed."
