#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test. The last line is `N passed, N failed, N skipped`.
#   ./test.sh          what every change must pass, in at most 20 minutes on two cores
#   ./test.sh --long   the long forms as well: more seeds, more cycles, more requests
# Exit code 0 when every test passed or was skipped by name, 1 when a test or the build failed or no test ran, 2 for a wrong argument.
set -uo pipefail

for argument in "$@"; do
  case $argument in
    --long) export AGENTCANARY_LONG=1 ;;
    -h | --help) sed -n '2,5p' "$0" | sed 's/^# \?//'; exit 0 ;;
    *) echo "test.sh: '$argument' is not known; it is ./test.sh [--long]" >&2; exit 2 ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Where there is no home directory, the SDK is given one.
[ -d "${HOME:-}" ] || { export HOME="$PWD/artifacts/home"; mkdir -p "$HOME"; }
export DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
readonly configuration=Release per_project=15m
readonly results="$PWD/artifacts/test-results"

# What tests use beside the SDK, as `command package`. A test whose command is missing is skipped by its name.
readonly tools="curl curl
git git
ps procps"

say() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*"; }

install_tools() {
  local missing=() command package
  while read -r command package; do
    command -v "$command" > /dev/null || missing+=("$package")
  done <<< "$tools"
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    say "installing ${missing[*]}"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"; } > "$results/apt.log" 2>&1 \
      || { tail -n 20 "$results/apt.log"; say "could not install ${missing[*]}; the tests that use them are skipped"; }
  else
    say "not installed: ${missing[*]}. As root: apt-get install ${missing[*]}. The tests that use them are skipped"
  fi
}

# Clients of others, for test/clients. Tests that need them are skipped by their name where Node or its registry is missing.
install_clients() {
  local clients=test/clients
  { command -v node && command -v npm; } > /dev/null || { say "no node and npm: the tests of test/clients are skipped"; return; }
  npm ls --prefix "$clients" > /dev/null 2>&1 && return # all there, in the versions of package.json
  say "installing the packages of $clients"
  timeout -k 10 5m npm ci --prefix "$clients" > "$results/npm.log" 2>&1 \
    || { tail -n 5 "$results/npm.log"; say "could not install the packages of $clients; the tests that use them are skipped"; }
}

need_sdk() {
  local version
  command -v dotnet > /dev/null || PATH="${DOTNET_ROOT:-$HOME/.dotnet}:$PATH"
  version=$(dotnet --version 2> /dev/null) && [ "${version%%.*}" -ge 10 ] && return
  echo "test.sh: the .NET SDK 10 is needed, found '${version:-none}'. See https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  exit 1
}

# A project that the solution does not know would be built by nobody.
every_project_is_in_the_solution() {
  local project unknown=0
  for project in src/*/*.csproj test/*/*.csproj samples/*/*.csproj bench/*/*.csproj; do
    [ -e "$project" ] || continue
    grep -qF "\"$project\"" AgentCanary.slnx || { echo "test.sh: $project is not in AgentCanary.slnx" >&2; unknown=1; }
  done
  return $unknown
}

build() {
  say "restoring"
  dotnet restore AgentCanary.slnx -v q || return
  say "building, warnings are errors"
  dotnet build AgentCanary.slnx -c $configuration --no-restore -v q
}

# The counts of one result file: `total executed passed failed`.
counters() {
  sed -n 's/.*<Counters total="\([0-9]*\)" executed="\([0-9]*\)" passed="\([0-9]*\)" failed="\([0-9]*\)".*/\1 \2 \3 \4/p' "$1" 2> /dev/null | head -n 1
}

skipped_names() {
  grep -o '<UnitTestResult [^>]*outcome="NotExecuted"[^>]*>' "$1" 2> /dev/null | sed 's/.*testName="\([^"]*\)".*/    skipped: \1/;s/&quot;/"/g;s/&lt;/</g;s/&gt;/>/g;s/&amp;/\&/g'
}

passed=0 failed=0 skipped=0
run_project() {
  local project=$1 name code=0 total=0 executed=0 good=0 bad=0 started=$SECONDS
  name=$(basename "$project" .csproj)
  say "$name …"
  timeout -k 30 $per_project dotnet test "$project" -c $configuration --no-build \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" > "$results/$name.log" 2>&1 || code=$?
  read -r total executed good bad <<< "$(counters "$results/$name.trx")"
  total=${total:-0} executed=${executed:-0} good=${good:-0} bad=${bad:-0}
  if [ $code -ne 0 ]; then
    cat "$results/$name.log"
    [ $code -eq 124 ] && echo "    $name took longer than $per_project and was stopped"
    # A test host that crashed or hung has no failed test to show, and is a failure all the same.
    [ "$bad" -eq 0 ] && bad=1
  fi
  skipped_names "$results/$name.trx"
  [ "$total" -eq 0 ] && echo "    $name has no test that ran"
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
  say "$name: $good passed, $bad failed, $((total - executed)) skipped in $((SECONDS - started)) s"
}

finish() { echo "$passed passed, $failed failed, $skipped skipped"; exit "$1"; }

rm -rf "$results"
mkdir -p "$results"
need_sdk
install_tools
every_project_is_in_the_solution || finish 1
install_clients &
build || { wait; say "the build failed"; finish 1; }
wait
for project in test/*/*.csproj; do run_project "$project"; done
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && finish 0
[ "$passed" -gt 0 ] || say "no test passed"
finish 1
