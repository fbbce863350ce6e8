#!/usr/bin/env bash
# Runs all tests, or those whose full name contains TEXT: scripts/test.sh [--filter TEXT]
# The last line is "N passed, N failed, N skipped"; non-zero when any failed or none ran.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

filter=
while [ $# -gt 0 ]; do
  case $1 in
    --filter) filter=${2:-}; [ -n "$filter" ] || fail "--filter needs a text"; shift 2 ;;
    -h | --help) sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (known: --filter TEXT)" ;;
  esac
done
require_sdk
cd "$root"

step() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

step "restore"
retrying "restore" dotnet restore KRaftSharp.sln || fail "the restore failed"
if [ -z "$filter" ]; then
  step "format"
  # Style and analyzers are errors of the build; what is left of 'dotnet format' is whitespace.
  dotnet format whitespace KRaftSharp.sln --no-restore --verify-no-changes ||
    fail "the format check failed: run 'dotnet format'"
fi
step "build"
retrying "build" dotnet build KRaftSharp.sln -c Release --no-restore -v q || fail "the build failed"

passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# count WORD: the number behind WORD in the runner's summary lines of this project, summed.
count() { sed -nE "s/.*(Passed|Failed|Skipped)! .*[ ,-]$1: *([0-9]+).*/\2/p" "$log" | awk '{ n += $1 } END { print n + 0 }'; }
for project in tests/Unit tests/Property tests/Integration tests/Interop; do
  step "$project"
  selection=()
  [ -n "$filter" ] && selection=(--filter "FullyQualifiedName~$filter")
  code=0
  dotnet test "$project" -c Release --no-build --nologo "${selection[@]}" >"$log" 2>&1 || code=$?
  grep -vE '^(Test run for|VSTest version|Starting test execution|A total of|Additionally, path|No test )|^ *$' "$log" || true
  failures=$(count Failed)
  # A runner that died has no summary; that is a failure too.
  if [ "$code" -ne 0 ] && [ "$failures" -eq 0 ]; then
    echo "$project: the test run broke off (exit code $code)"
    failures=1
  fi
  passed=$((passed + $(count Passed))) failed=$((failed + failures)) skipped=$((skipped + $(count Skipped)))
done

[ "$((passed + failed))" -gt 0 ] || echo "no test ran${filter:+: no full name contains '$filter'}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
