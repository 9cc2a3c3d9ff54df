#!/usr/bin/env bash
# Measures how well verdicts are reached, with the product's own code, and holds every figure against its goal.
#   bench/decisions/run.sh           about 7 minutes on two cores; writes docs/statistics-figures.md
#   bench/decisions/run.sh --quick   about 1 minute with a tenth of the runs; writes artifacts/statistics-figures.md
#   … --only WORDS                   those sections alone whose title has the words; writes artifacts/statistics-figures.md
# The page goes to standard output as well. Exit code 0 when no goal is missed, 1 when one is or the build fails, 2 for a wrong argument.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

page=docs/statistics-figures.md arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) page=artifacts/statistics-figures.md arguments+=(--quick) ;;
    --only)
      [ $# -ge 2 ] || { echo "run.sh: --only needs words of a section's title, such as --only latency" >&2; exit 2; }
      page=artifacts/statistics-figures.md arguments+=(--only "$2")
      shift ;;
    -h | --help) sed -n '2,6p' "$0" | sed 's/^# \?//'; exit 0 ;;
    *) echo "run.sh: '$1' is not known; it is run.sh [--quick] [--only WORDS]" >&2; exit 2 ;;
  esac
  shift
done

dotnet build -c Release -v q bench/decisions/AgentCanary.Decisions.csproj >&2 || exit 1
mkdir -p artifacts
dotnet bench/decisions/bin/Release/net10.0/AgentCanary.Decisions.dll ${arguments[@]+"${arguments[@]}"} > artifacts/statistics-figures.new
code=$?
# A page that a crash cut short replaces none.
[ $code -le 1 ] && mv artifacts/statistics-figures.new "$page" && cat "$page"
exit $code
