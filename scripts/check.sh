#!/bin/sh
# The quick look while working: format and lints of both sides, no tests.
cd "$(dirname "$0")/.."
. scripts/lib.sh
guard
cargo fmt --all --check
# shellcheck disable=SC2086 # the selection is several words
cargo clippy $SERVER --all-targets -- -D warnings
cargo clippy --target wasm32-unknown-unknown -p frontend -- -D warnings
