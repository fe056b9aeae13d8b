#!/usr/bin/env bash
# Starts Maeum DJ, after setting it up where that is needed.
#     ./scripts/run.sh [console] [options]
set -euo pipefail

script="${BASH_SOURCE[0]}"
while [[ -L $script ]]; do # a link to this file; not every readlink knows -f
    target="$(readlink -- "$script")"
    [[ $target == /* ]] || target="$(dirname -- "$script")/$target"
    script="$target"
done

# shellcheck source=scripts/venv.sh
source "$(dirname -- "$script")/venv.sh"
prepare_venv requirements-run.txt
exec "$python" -m bot "$@"
