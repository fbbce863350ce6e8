#!/usr/bin/env bash
# Breaks a three-node cluster of processes while clients work on it: scripts/chaos.sh --minutes N [--seed S]
#   --rate N        records a second of each of the three producers (300)
#   --rolling       nothing but what an operator does: every node in turn is stopped and started again; then an error
#                   that a client sees is a violation, too (scripts/rolling-restart.sh)
#   --loopback      no network namespaces; --port-base P: where the nodes listen then (43000: 43010, 43020, 43030)
#   --data DIR      where the nodes keep their data (a folder of its own, removed at the end)
#   --report DIR    summary.txt, timeline.svg and the nodes' logs (artifacts/chaos)
# Network namespaces, small file systems and time namespaces need root; what cannot be done is named and not run.
# Ends with 1 when the history checker finds anything: see docs/testing.md.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,10s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
esac
report=$artifacts/chaos data=''
rest=()
while [ $# -gt 0 ]; do
  case $1 in
    --report) report=${2:-}; [ -n "$report" ] || fail "--report needs a folder"; shift 2 ;;
    --data) data=${2:-}; [ -n "$data" ] || fail "--data needs a folder"; shift 2 ;;
    *) rest+=("$1"); shift ;;
  esac
done
[ "$(uname)" = Linux ] || fail "needs Linux"
require_sdk
build_tool
cd "$root"
retrying "build" dotnet build tests/Chaos -c Release -v q || fail "the build failed"
mkdir -p "$report"
rm -f "$report"/*.log "$report"/*.txt "$report"/*.svg "$report"/*.json
[ -n "$data" ] || data=$(mktemp -d -u "${TMPDIR:-/tmp}/kraftsharp-chaos.XXXXXX")
code=0
dotnet tests/Chaos/bin/Release/net10.0/KRaftSharp.Chaos.dll --tool "${tool_command[*]}" --report "$report" \
  --data "$data" "${rest[@]}" || code=$?
[ "$code" -eq 2 ] || echo "report: $report"
exit "$code"
