#!/bin/sh
# The steps after the bundler, in order (it would run several hooks at the same time).
set -e
here=$(dirname "$0")
[ "$TRUNK_PROFILE" != release ] || node "$here/split.mjs"
node "$here/external-boot.mjs"
sh "$here/precompress.sh"
