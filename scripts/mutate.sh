#!/usr/bin/env bash
# Plants faults one at a time and tells which property finds each: scripts/mutate.sh [--only NAME,...] [--section TEXT]
# [--list] [--report] [--seeds N]. The faults lie in tests/Property/Mutations: patches of the sources, and switches.
# --list names them, --report prints the table of the last results again. The last line is "N of M caught"; non-zero
# unless all are. Everything happens in a copy of the tree ($MUTATE_DIR, else a folder of its own under $TMPDIR).
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

only='' section='' seeds=60 mode=run limit_seconds=240
while [ $# -gt 0 ]; do
  case $1 in
    --only) only=${2:-}; [ -n "$only" ] || fail "--only needs names"; shift 2 ;;
    --section) section=${2:-}; [ -n "$section" ] || fail "--section needs a text"; shift 2 ;;
    --seeds) seeds=${2:-}; [[ $seeds =~ ^[0-9]+$ ]] || fail "--seeds needs a number"; shift 2 ;;
    --list) mode=list; shift ;;
    --report) mode=report; shift ;;
    -h | --help) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (known: --only --section --seeds --list --report)" ;;
  esac
done

faults=$root/tests/Property/Mutations
work=${MUTATE_DIR:-${TMPDIR:-/tmp}/kraftsharp-mutate-$(id -u)}
results=$work/results.tsv
build=(-c Release --no-restore -v q --nologo -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false)

# header FILE KEY: the values of a fault's header lines.
header() { sed -n "s/^$2: //p" "$1"; }

selected() {
  local file name
  for file in "$faults"/*.patch "$faults"/*.switch; do
    name=$(basename "${file%.*}")
    [ -z "$only" ] || [[ ",$only," == *",$name,"* ]] || continue
    [ -z "$section" ] || [[ $(header "$file" Section) == *"$section"* ]] || continue
    echo "$file"
  done
}

# The table of what is known of the selected faults, and the summary.
report() {
  local file name count=0 caught=0 line
  echo '| fault | section | what is wrong | caught by | in |'
  echo '|---|---|---|---|---|'
  while read -r file; do
    name=$(basename "${file%.*}")
    line=$(awk -F'\t' -v name="$name" '$1 == name { found = $0 } END { print found }' "$results" 2>/dev/null)
    count=$((count + 1))
    if [ -n "$line" ] && [ "$(cut -f2 <<<"$line")" = caught ]; then
      caught=$((caught + 1))
    fi
    echo "| $name | $(header "$file" Section) | $(header "$file" Fault) |" \
      "$(cut -f3 <<<"${line:-$name	-	not run}") | $(cut -f4 <<<"${line:-$name	-	-	-}") |"
  done < <(selected | while read -r file; do printf '%s\t%s\n' "$(header "$file" Section)" "$file"; done |
    LC_ALL=C sort | cut -f2)
  echo "$caught of $count caught"
  [ "$caught" -eq "$count" ]
}

case $mode in
  list)
    selected | while read -r file; do
      printf '%-34s %-30s %s\n' "$(basename "${file%.*}")" "$(header "$file" Section)" "$(header "$file" Invariant)"
    done
    exit 0 ;;
  report) report; exit ;;
esac
[ -n "$(selected)" ] || fail "no such fault (--list names them)"
require_sdk

# The copy: only what is newer is written, so that builds stay incremental.
mkdir -p "$work"
exec 9>"$work/lock"
flock -n 9 || fail "another run uses $work"
cd "$root"
git ls-files -co --exclude-standard -z | sort -z | while IFS= read -r -d '' file; do
  [ ! -f "$file" ] || printf '%s\0' "$file"
done >"$work/files"
xargs -0 cp -pu --parents -t "$work" <"$work/files"
(cd "$work" && find src tests -type f -not -path '*/bin/*' -not -path '*/obj/*' -print0 | sort -z |
  comm -z -23 - files | xargs -0 -r rm -f)
cd "$work"
echo "building" >&2
retrying "restore" dotnet restore tests/Property -v q || fail "the restore failed"
retrying "restore" dotnet restore tests/Unit -v q || fail "the restore failed"
for project in tests/Property tests/Unit; do
  dotnet build "$project" "${build[@]}" >"$work/build.log" 2>&1 || {
    tail -20 "$work/build.log" >&2
    fail "the build failed"
  }
done
bins=(tests/Property/bin/Release/net10.0 tests/Unit/bin/Release/net10.0)
rm -rf pristine
for bin in "${bins[@]}"; do
  mkdir -p "pristine/$bin"
  cp "$bin"/KRaftSharp.*.dll "pristine/$bin/"
done

# run_one KIND WHAT SWITCH: true when the fault is caught; sets by, within.
run_one() {
  local kind=$1 what=$2 switch=$3 log=$work/run.log code=0 project
  by='' within='-'
  case $kind in
    sim)
      timeout "$limit_seconds" dotnet "${bins[0]}/KRaftSharp.Tests.Property.dll" --only "$what" --seed 1 \
        --runs "$seeds" --first ${switch:+--planted "$switch"} >"$log" 2>&1 || code=$?
      [ "$code" -ne 124 ] || by="no end in $limit_seconds s"
      { [ "$code" -eq 1 ] && grep -q '^violated: ' "$log"; } || return 1
      by="simulation $what: $(sed -n 's/^violated: [^ ]* [0-9]* [0-9]*: \([^:]*\).*/\1/p' "$log" | head -1)"
      within="seed $(sed -n 's/^violated: [^ ]* \([0-9]*\) .*/\1/p' "$log" | head -1)" ;;
    property | unit | planted)
      project=tests/Property
      [ "$kind" != unit ] || project=tests/Unit
      timeout "$limit_seconds" dotnet test "$project" -c Release --no-build --nologo \
        --filter "FullyQualifiedName~$what&FullyQualifiedName!~Simulation" >"$log" 2>&1 || code=$?
      if [ "$kind" = planted ]; then # the test plants it itself, and passes when it is found
        by="test $what" within='its own seeds'
        [ "$code" -eq 0 ] && grep -q '^Passed!' "$log"
        return
      fi
      [ "$code" -ne 124 ] || by="no end in $limit_seconds s"
      [ "$code" -eq 1 ] && grep -qE '^ *Failed ' "$log" || return 1
      by="test $(sed -nE 's/^ *Failed ([A-Za-z0-9_.]+).*/\1/p' "$log" | head -1 | awk -F. '{ print $(NF-1) "." $NF }')"
      within=$(sed -nE 's/.*Falsifiable, after ([0-9]+) tests?.*/case \1/p' "$log" | head -1)
      within=${within:--} ;;
    *) fail "unknown run '$kind'" ;;
  esac
}

# plant FILE: the patch goes into the copy, and what it touches is built.
plant() {
  local project dll
  touched=$(sed -n 's,^+++ b/,,p' "$1")
  grep -vE '^(Section|Invariant|Fault|Run): ' "$1" | git apply --unidiff-zero --whitespace=nowarn -
  touch $touched
  project=$(cut -d/ -f1,2 <<<"${touched%%$'\n'*}")
  dotnet build "$project" "${build[@]}" --no-dependencies >"$work/build.log" 2>&1 || return 1
  dll=KRaftSharp.$(basename "$project").dll
  local bin
  for bin in "${bins[@]}"; do
    [ ! -f "$bin/$dll" ] || cp "$project/bin/Release/net10.0/$dll" "$bin/"
  done
}

uproot() {
  local file bin
  for file in ${touched:-}; do
    cp "$root/$file" "$file"
  done
  for bin in "${bins[@]}"; do
    cp "pristine/$bin"/*.dll "$bin/"
  done
}

trap uproot EXIT
# A fault that takes memory as it is told to must fail by it, not take the machine with it.
export DOTNET_GCHeapHardLimit=0x80000000
export GIT_CEILING_DIRECTORIES=$work # the copy is no repository, nor part of one
while read -r file; do
  name=$(basename "${file%.*}")
  switch=$(header "$file" Switch)
  started=$SECONDS touched='' verdict=missed by='nothing' within='-'
  if [[ $file == *.patch ]] && ! plant "$file"; then
    verdict=broken by="it does not build: $(grep -m1 -oE 'error [A-Z0-9]+: [^[]*' "$work/build.log" || true)"
  else
    while read -r kind what; do
      if run_one "$kind" "$what" "$switch"; then
        verdict=caught
        break
      fi
      by=${by:-nothing}
    done < <(header "$file" Run)
  fi
  uproot
  printf '%s\t%s\t%s\t%s\n' "$name" "$verdict" "$by" "$within" >>"$results"
  printf '%-34s %-7s %s, %s  (%s s)\n' "$name" "$verdict" "$by" "$within" $((SECONDS - started)) >&2
done < <(selected)
report
