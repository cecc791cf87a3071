#!/bin/sh
# Measures speed and size of the release build: topology, metrics, answers, memory, start, bundle. With sample data beside
# the checkout (BENCH_DATA, default ../shared/data) also the accuracy of answers on it. With names, those parts of `bench`
# alone (graph, metrics, import, estate, flow, rca, detector): nothing else is built or started.
cd "$(dirname "$0")/.."
. scripts/lib.sh
sh scripts/bootstrap.sh
if [ $# -gt 0 ]; then
    guard
    # The selection of every other build, so that nothing is compiled twice.
    cargo build --release --quiet $SERVER --bins
    exec "$(profile_dir release)/bench" "$@"
fi
sh scripts/build.sh --profile release
cargo build --release --quiet $SERVER --bins
bin=$(profile_dir release)
data=${BENCH_DATA:-../shared/data}

work=$(mktemp -d)
chmod 755 "$work"
server=
cleanup() {
    [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && wait "$server" || true; }
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
export TOBIT_DATA_DIR="$work/data" TOBIT_ADDR=127.0.0.1:0 LANG=en_US.UTF-8

# now: milliseconds since 1970. took LABEL SINCE: how long something took.
now() { node -e 'console.log(Date.now())'; }
took() { echo "$1: $(($(now) - $2)) ms"; }
memory() { awk -v label="$1" '/^VmRSS/ { printf "%s: %.0f MB\n", label, $2 / 1024 }' "/proc/$server/status"; }
start() {
    begun=$(now)
    "$bin/tobit" serve >"$work/out" 2>"$work/err" &
    server=$!
    until grep -q '^http://' "$work/out"; do
        kill -0 "$server" 2>/dev/null || { cat "$work/err" >&2; exit 1; }
        sleep 0.02
    done
    took "$1" "$begun"
}
stop() { kill -TERM "$server" && wait "$server"; server=; }

say "서버" "server"
start "first start (unpack, initdb, migrate)"
stop
start "warm start"
memory "memory of the server, idle"
printf 'correct-horse-battery-9\n' | "$bin/tobit" admin create bench@example.com --organisation bench

if [ -d "$data/estate" ]; then
    say "표본 자료" "sample data"
    for name in estate online-boutique; do
        begun=$(now)
        "$bin/tobit" import "$data/$name" --mapping "examples/mappings/$name.yaml"
        took "import of $name" "$begun"
    done
    "$bin/tobit" eval "$data/questions/dev.json" | tail -n 18
else
    say "데모 자료 ($data 가 없음)" "demo data (there is no $data)"
    begun=$(now)
    "$bin/tobit" demo load --cis 300
    took "load of the demo" "$begun"
fi
stop
start "warm start with data"
"$bin/tobit" ask "서버가 총 몇 대야?"
memory "memory of the server, with data"

say "화면의 크기와 첫 화면" "size of the user interface, first page"
if [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
    node bench/page.mjs "$(sed -n 's/^\(http:[^ ]*[^/ ]\).*/\1/p' "$work/out" | head -n 1)" "${TOBIT_DIST:-dist}" bench@example.com correct-horse-battery-9
else
    echo "skipped: there is no Chromium (set CHROMIUM)"
fi

say "3만 단계 실행의 화면" "page of a run with thirty thousand steps"
if [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
    node bench/trace.mjs "$(sed -n 's/^\(http:[^ ]*[^/ ]\).*/\1/p' "$work/out" | head -n 1)" bench@example.com correct-horse-battery-9
else
    echo "skipped: there is no Chromium (set CHROMIUM)"
fi
stop

say "지도, 측정값, 항목" "topology, metrics, items"
"$bin/bench"
