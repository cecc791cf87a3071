#!/bin/sh
# Everything that must hold: format, lints, tests of every crate on real PostgreSQL, the built user interface in a real
# browser against the real program. Nothing is skipped and nothing is retried.
cd "$(dirname "$0")/.."
. scripts/lib.sh
sh scripts/bootstrap.sh --test
guard

say "형식을 검사합니다" "checking the format"
cargo fmt --all --check

say "검사(clippy)하며 빌드하고 테스트합니다" "building with lints, testing"
lints_on
log=$(mktemp)
beside sh scripts/build.sh --only ui --ui "${TOBIT_E2E_UI:-release}" >"$log" 2>&1
begun=$(mktemp)
# shellcheck disable=SC2086 # the selection is several words
cargo test $SERVER --no-run
# The integration tests of the server run the program itself, so it is built now: the browser tests take the same one.
mv "$begun" "$(profile_dir dev)/tobit.linted.built"
# shellcheck disable=SC2086
cargo test $SERVER

# The user interface has been built meanwhile, or nearly so.
built=0
joined || built=$?
cat "$log"
rm "$log"
[ "$built" = 0 ] || exit "$built"
sh scripts/e2e.sh "$@"
say "모두 통과했습니다" "all of it passed"
