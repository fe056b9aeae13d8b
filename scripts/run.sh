#!/usr/bin/env bash
# Starts Maeum DJ, after setting it up where that is needed.
#     ./scripts/run.sh [console|telegram|discord|all] [options]
set -euo pipefail

# shellcheck source=scripts/venv.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/venv.sh"
prepare_venv requirements-run.txt
exec "$python" -m bot "$@"
