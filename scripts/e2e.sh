#!/bin/sh
# Playwright against a real server on a temporary data directory and a free port. Arguments go to Playwright.
cd "$(dirname "$0")/.."
. scripts/lib.sh

work=$(mktemp -d)
chmod 755 "$work"
server=
cleanup() {
    status=$?
    trap - EXIT INT TERM
    [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && wait "$server" || true; }
    [ "$status" = 0 ] || { echo "--- server"; tail -n 40 "$work/server.log"; } >&2
    rm -rf "$work"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "브라우저 테스트를 시작합니다" "starting the tests in the browser"
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
BASE_URL=http://127.0.0.1:$port
# Small password hashing costs: what is tested is the way, not the strength.
TOBIT_DATA_DIR=$work/data TOBIT_ADDR=127.0.0.1:$port TOBIT_LOG_FILE=$work/server.json \
    "$(profile_dir dev)/tobit" serve >"$work/server.log" 2>&1 &
server=$!
tries=0
until node -e "fetch('$BASE_URL/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"; do
    kill -0 "$server" 2>/dev/null || die "서버가 시작하지 못했습니다." "the server did not start"
    tries=$((tries + 1))
    [ "$tries" -lt 240 ] || die "서버가 제시간에 시작하지 못했습니다." "the server did not start in time"
    sleep 0.25
done
SETUP_TOKEN=$(sed -n 's/.*setup token: *\([^ ]*\).*/\1/p' "$work/server.log" | head -n 1)
TOBIT_BIN=$(profile_dir dev)/tobit TOBIT_DATA_DIR=$work/data
TOBIT_UI=release
[ ! -e "${TOBIT_DIST:-dist}/.dev" ] || TOBIT_UI=dev
export TOBIT_UI BASE_URL SETUP_TOKEN TOBIT_BIN TOBIT_DATA_DIR
npx --no-install playwright test "$@"
