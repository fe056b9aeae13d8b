#!/usr/bin/env bash
# Runs every check and stops at the first that fails. Arguments go to pytest and pick tests:
#     ./scripts/test.sh                     everything, and the coverage floor
#     ./scripts/test.sh tests/unit -k gauge
set -euo pipefail

# shellcheck source=scripts/venv.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/venv.sh"
prepare_venv requirements-run.txt requirements.txt requirements-audio.txt requirements-dev.txt

coverage_floor=85 # percent of core and bot; scripts are measured, not held to it

step() {
    printf '\n== %s\n' "$1"
    "${@:2}"
}

step "ruff format" "$python" -m ruff format --check .
step "ruff check" "$python" -m ruff check .
step "mypy" "$python" -m mypy
step "import-linter" "$python" "$venv/bin/lint-imports" --no-logo
# The whole suite on all cores, a file at a time; chosen tests as they come, to be debugged.
spread=()
[[ $# -eq 0 ]] && spread=(-n auto --dist loadfile)
step "pytest" "$python" -m pytest --cov --cov-report=term ${spread[@]+"${spread[@]}"} "$@"

# Silent when kept, so that pytest's closing line stays the last.
if [[ $# -eq 0 ]] && ! "$python" -m coverage report --include='core/*,bot/*' \
    --fail-under="$coverage_floor" >/dev/null; then
    echo "== coverage: core and bot are below $coverage_floor %" >&2
    exit 1
fi
