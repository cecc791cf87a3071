# Shared by every script: places, words, installing. Source it from the root of the checkout.
# shellcheck shell=sh
set -eu

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/tobit
TOOLS=$CACHE/tools
CARGO_TARGET_DIR=$CACHE/target
PATH=$PWD/node_modules/.bin:$TOOLS/bin:$TOOLS/node/bin:$HOME/.cargo/bin:$PATH
# The fetched Node.js knows only its own certificates; those the machine trusts, a company's proxy among them, count too.
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || : "${NODE_EXTRA_CA_CERTS:=/etc/ssl/certs/ca-certificates.crt}"
export CARGO_TARGET_DIR PATH ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS}

# One selection of packages for every command of the server side: another one would unify other features and compile
# everything again.
SERVER="--workspace --exclude frontend"

# say KO EN: one line of progress.
say() { printf '\n\033[1m==>\033[0m %s\n    %s\n' "$1" "$2" >&2; }

# die KO EN: what is missing, and the one command that mends it.
die() {
    printf '\n\033[1;31m!!!\033[0m %s\n    %s\n' "$1" "$2" >&2
    exit 1
}

# A target directory outside the checkout makes new checkouts cheap, but cargo tells own crates apart by their place in
# the workspace and compares times of files: coming from another checkout, every own file counts as changed.
guard() {
    mkdir -p "$CARGO_TARGET_DIR"
    if [ "$(cat "$CARGO_TARGET_DIR/.checkout" 2>/dev/null)" != "$PWD" ]; then
        find app crates server frontend migrations -type f -exec touch {} +
        echo "$PWD" >"$CARGO_TARGET_DIR/.checkout"
    fi
}

# lints_on: every own crate compiled from here on is linted while it is compiled, and a warning is an error. Saves the
# second compilation a separate `cargo clippy` would be.
lints_on() {
    RUSTC_WORKSPACE_WRAPPER=$(rustup which clippy-driver 2>/dev/null || command -v clippy-driver)
    CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__
    export RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS
}

# newer STAMP PATH…: whether anything below the paths is newer than the stamp, or there is no stamp. What the build itself
# copies into public/vendor does not count.
newer() {
    stamp=$1
    shift
    [ -e "$stamp" ] || return 0
    for path in "$@"; do
        [ -e "$path" ] || continue
        [ -z "$(find "$path" -newer "$stamp" ! -path 'public' ! -path 'public/vendor*' -print -quit)" ] || return 0
    done
    return 1
}

# apt WHY_KO WHY_EN PACKAGE…: installs packages of the system where that is allowed, else names the command.
apt() {
    why_ko=$1 why_en=$2
    shift 2
    command -v apt-get >/dev/null ||
        die "$why_ko 시스템 패키지 관리자로 설치하세요: $*" "$why_en Install with the package manager of this system: $*"
    if [ "$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else
        die "$why_ko 다음 명령을 실행한 뒤 다시 시작하세요: sudo apt-get install -y $*" \
            "$why_en Run this command and start again: sudo apt-get install -y $*"
    fi
    say "설치: $* — $why_ko" "installing $* — $why_en"
    export DEBIAN_FRONTEND=noninteractive
    # Lists that are missing or old name packages that are gone.
    $sudo apt-get install -y -q --no-install-recommends "$@" >&2 ||
        { $sudo apt-get update -q >&2 && $sudo apt-get install -y -q --no-install-recommends "$@" >&2; } ||
        die "$* 을(를) 설치하지 못했습니다. 위의 메시지를 확인하세요." "could not install $*; see the messages above"
}

# profile_dir PROFILE: where cargo puts programs of a profile.
profile_dir() { if [ "$1" = dev ]; then echo "$CARGO_TARGET_DIR/debug"; else echo "$CARGO_TARGET_DIR/$1"; fi; }

# beside CMD…: runs CMD at the lowest priority while the script goes on, so that it takes only what the rest leaves idle:
# the ends of compilations use one processor. `joined` waits for it; a script that ends before takes it with it.
beside() {
    own=$(command -v setsid || true)
    CARGO_TERM_PROGRESS_WHEN=never ${own:+"$own"} nice -n 19 "$@" &
    beside=$!
    trap 'unjoined' EXIT
    trap 'exit 130' INT TERM
}
unjoined() {
    [ -n "$beside" ] || return 0
    kill -TERM -- "-$beside" 2>/dev/null || kill -TERM "$beside" 2>/dev/null || true
}
joined() {
    status=0
    wait "$beside" || status=$?
    beside=
    trap - EXIT INT TERM
    return $status
}
