#!/usr/bin/env bash
# Makes the native binary artifacts/native/kraftsharp for this machine (or: scripts/publish.sh --rid linux-arm64).
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

rid=
while [ $# -gt 0 ]; do
  case $1 in
    --rid) rid=${2:-}; [ -n "$rid" ] || fail "--rid needs a value"; shift 2 ;;
    *) fail "unknown option $1 (known: --rid RID)" ;;
  esac
done
require_sdk
command -v clang >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 ||
  fail "a C linker is missing: install clang or gcc, and zlib's headers"

linker=()
command -v clang >/dev/null 2>&1 || linker=(-p:CppCompilerAndLinker=gcc)
rid_option=(--use-current-runtime)
[ -n "$rid" ] && rid_option=(-r "$rid")

# Its own intermediate files and lock files: the native build's packages are no part of the ordinary ones.
rm -rf "$artifacts/native.new"
mkdir -p "$artifacts/native.new"
source_list >"$artifacts/native.new/.sources"
cd "$root"
retrying "publish" dotnet publish src/Cli/KRaftSharp.Cli.csproj -c Release "${rid_option[@]}" \
  --artifacts-path "$artifacts/aot" -p:NuGetLockFilePath=obj/native.lock.json \
  -p:Native=true -p:StripSymbols=true "${linker[@]}" -o "$artifacts/native.new" || fail "the native build failed"
[ -x "$artifacts/native.new/kraftsharp" ] || fail "the native build made no binary"
rm -f "$artifacts/native.new"/*.dbg "$artifacts/native.new"/*.pdb "$artifacts/native.new"/*.xml
replace_directory "$artifacts/native.new" "$artifacts/native"
echo "$artifacts/native/kraftsharp $(($(wc -c <"$artifacts/native/kraftsharp") / 1024)) KiB"
