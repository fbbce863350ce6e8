#!/usr/bin/env bash
# Restarts every node of a cluster under full load, one after the other, and expects that no client with default retries
# sees an error: scripts/rolling-restart.sh [--minutes N] [--rate N]; the other options are those of chaos.sh.
set -euo pipefail
case ${1:-} in
  -h | --help) sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
esac
exec "$(dirname "${BASH_SOURCE[0]}")/chaos.sh" --rolling --minutes 1 --rate 3000 "$@"
