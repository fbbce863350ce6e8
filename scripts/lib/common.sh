# shellcheck shell=bash
# What the scripts share; sourced, never run. Callers have set -euo pipefail.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
artifacts=${KRAFTSHARP_ARTIFACTS:-$root/artifacts}

# One clear line, and out.
fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

require_sdk() {
  command -v dotnet >/dev/null 2>&1 ||
    fail "the .NET SDK is missing: install .NET 10 (https://dotnet.microsoft.com/download) so that 'dotnet' is on PATH"
  # In the root, so that global.json speaks.
  (cd "$root" && dotnet --version) >/dev/null 2>&1 ||
    fail "no .NET SDK fits global.json ($(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json") or later needed)"
}

# retrying WHAT COMMAND...: a package registry may lack at first what it has a little later.
retrying() {
  local what=$1 attempt log
  shift
  log=$(mktemp)
  for attempt in 1 2 3 4 5 6; do
    if "$@" >"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
    # Only a restore is worth asking again: NU.... are NuGet's errors.
    grep -qE 'error (NU[0-9]+|MSB4236)|Unable to load the service index|HttpRequestException' "$log" || break
    echo "$what: attempt $attempt failed, trying again" >&2
    sleep $((attempt * 5))
  done
  grep -E 'error|warn' "$log" | sort -u | head -20 >&2 || tail -20 "$log" >&2
  rm -f "$log"
  return 1
}

# Everything that the tool is built from, one line a file, so that a removed file counts as a change too.
source_list() {
  (cd "$root" && find src Directory.Build.props Directory.Packages.props global.json .editorconfig BannedSymbols.txt \
    \( -name bin -o -name obj \) -prune -o -type f -print | LC_ALL=C sort)
}

# is_current STAMP: true when nothing was changed, added or removed since STAMP was written.
is_current() {
  local stamp=$1
  [ -f "$stamp" ] || return 1
  [ "$(source_list)" = "$(cat "$stamp")" ] || return 1
  [ -z "$(cd "$root" && find src Directory.Build.props Directory.Packages.props global.json .editorconfig \
    BannedSymbols.txt \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit)" ]
}

# replace_directory NEW CURRENT: running processes keep the files they have open.
replace_directory() {
  rm -rf "$2.old"
  if [ -d "$2" ]; then mv "$2" "$2.old"; fi
  mv "$1" "$2"
  rm -rf "$2.old"
}

# Builds the tool into artifacts/tool unless it is current. Sets tool_command.
build_tool() {
  local stamp=$artifacts/tool/.sources
  require_sdk
  tool_command=(dotnet "$artifacts/tool/kraftsharp.dll")
  is_current "$stamp" && return 0
  mkdir -p "$artifacts"
  (
    if command -v flock >/dev/null 2>&1; then flock 9; fi
    is_current "$stamp" && exit 0
    echo "building kraftsharp" >&2
    rm -rf "$artifacts/tool.new"
    mkdir -p "$artifacts/tool.new"
    source_list >"$artifacts/tool.new/.sources"
    cd "$root"
    retrying "restore" dotnet restore src/Cli || fail "the restore failed"
    retrying "build" dotnet publish src/Cli -c Release --no-restore -o "$artifacts/tool.new" || fail "the build failed"
    replace_directory "$artifacts/tool.new" "$artifacts/tool"
  ) 9>"$artifacts/.lock" || exit 1
}

# Builds the native binary into artifacts/native unless it is current. Sets tool_command.
build_native() {
  tool_command=("$artifacts/native/kraftsharp")
  is_current "$artifacts/native/.sources" || "$root/scripts/publish.sh" >&2 || exit 1
}
