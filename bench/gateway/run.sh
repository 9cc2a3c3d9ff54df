#!/usr/bin/env bash
# Measures what the gateway costs beside the agent itself, a bare YARP forwarder and nginx, in turns, with wrk.
#   bench/gateway/run.sh           about 10 minutes on two cores; replaces the part of bench/RESULTS.md between its two marks
#   bench/gateway/run.sh --quick   about 4 minutes; changes no file
# The tables go to standard output as well. Exit code 0 when all was measured, 1 when something could not be, 2 for a wrong argument, 130 when stopped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

options=()
for argument in "$@"; do
  case $argument in
    --quick) options=(--quick) ;;
    -h | --help) sed -n '2,5p' "$0" | sed 's/^# \?//'; exit 0 ;;
    *) echo "run.sh: '$argument' is not known; it is run.sh [--quick]" >&2; exit 2 ;;
  esac
done

missing=()
command -v wrk > /dev/null || missing+=(wrk)
command -v nginx > /dev/null || missing+=(nginx-light)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then echo "run.sh: needs ${missing[*]}. As root: apt-get install ${missing[*]}" >&2; exit 1; fi
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"; } >&2 || exit 1
fi

out=artifacts/gateway-bench
mkdir -p $out
dotnet publish src/AgentCanary.Cli/AgentCanary.Cli.csproj -c Release -v q -o $out/cli >&2 || exit 1
dotnet publish bench/gateway/AgentCanary.GatewayBench.csproj -c Release -v q -o $out/bench >&2 || exit 1
$out/bench/AgentCanary.GatewayBench measure $out/cli/AgentCanary.Cli.dll ${options[@]+"${options[@]}"} > $out/page.md
code=$?
cat $out/page.md
[ $code -eq 0 ] && [ ${#options[@]} -eq 0 ] && sed -i -e "/<!-- gateway: begin -->/,/<!-- gateway: end -->/{/<!-- gateway/!d}" -e "/<!-- gateway: begin -->/r $out/page.md" bench/RESULTS.md
exit $code
