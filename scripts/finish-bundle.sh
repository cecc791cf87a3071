#!/bin/sh
# The steps after the bundler, in order (it would run several hooks at the same time).
set -e
here=$(dirname "$0")
node "$here/external-boot.mjs"
sh "$here/precompress.sh"
