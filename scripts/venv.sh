# shellcheck shell=bash
# Sourced by run.sh and test.sh: goes to the project's folder and gives it a .venv that holds
# exactly the pinned requirements. All that is said here, in Korean and then in English, goes to
# standard error: standard output belongs to the bot.

CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit
venv="$PWD/.venv"
python="$venv/bin/python"
stamp="$venv/.installed"       # what is installed: a line for Python, one for each requirement file
unfinished="$venv/.unfinished" # exists while .venv changes; left behind when that was interrupted

# The Pythons for which the pins of requirements-run.txt have wheels.
supported='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'

say() { printf '%s\n' "$@" >&2; }
die() {
    say "$@"
    exit 1
}

# Prints the stamp that would be right now. Fails where .venv has no working Python.
fingerprint() {
    "$python" -ISc 'import sys; print("python", *sys.version_info[:3])' 2>/dev/null </dev/null &&
        cksum -- "$@"
}

# Whether the stamp holds every line of the fingerprint of the given files (it may hold more).
is_ready() {
    local have wanted line
    [[ -f $stamp && ! -e $unfinished ]] || return 1
    have="$(<"$stamp")"
    wanted="$(fingerprint "$@")" || return 1
    while IFS= read -r line; do
        [[ $'\n'$have$'\n' == *$'\n'$line$'\n'* ]] || return 1
    done <<<"$wanted"
}

find_python() {
    local name lacks_venv=""
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        "$name" -ISc "$supported" </dev/null &>/dev/null || continue
        if "$name" -ISc 'import ensurepip, venv' </dev/null &>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
        lacks_venv="${lacks_venv:-$name}"
    done
    if [[ -n $lacks_venv ]]; then
        die "마음DJ: $lacks_venv 에 venv 모듈이 없어요. 설치한 뒤 다시 실행해 주세요." \
            "Maeum DJ: $lacks_venv lacks its venv module. Please install it and run this again." \
            "    Debian, Ubuntu:  sudo apt install $lacks_venv-venv"
    fi
    die "마음DJ: Python 3.11~3.14가 필요한데 찾지 못했어요. 설치한 뒤 다시 실행해 주세요." \
        "Maeum DJ: no Python from 3.11 to 3.14 was found. Please install one and run this again." \
        "    Debian, Ubuntu:  sudo apt install python3 python3-venv" \
        "    macOS:           brew install python@3.13"
}

make_venv() {
    local base
    base="$(find_python)"
    say "마음DJ: .venv를 만들어요 ($("$base" --version))." \
        "Maeum DJ: making .venv ($("$base" --version))."
    rm -rf -- "$venv"
    mkdir -- "$venv"
    : >"$unfinished"
    "$base" -m venv "$venv" </dev/null >&2 ||
        die "마음DJ: .venv를 만들지 못했어요. 위의 오류를 봐 주세요." \
            "Maeum DJ: .venv could not be made; see the error above."
}

pip_install() {
    "$python" -Im pip install --no-input --disable-pip-version-check "$@" </dev/null >&2 && return
    rm -f -- "$unfinished" # pip gave up by itself: it was not cut off
    die "마음DJ: 설치하지 못했어요. 위의 오류와 네트워크를 확인하고 다시 실행해 주세요." \
        "    계속 안 되면 이렇게 지우고 다시 해 주세요:  rm -rf \"$venv\"" \
        "Maeum DJ: installing failed. Check the error above and the network, then run this again." \
        "    If it goes on failing, remove this first:  rm -rf \"$venv\""
}

# prepare_venv FILE...: after it, "$python" has all that these requirement files pin.
prepare_venv() {
    is_ready "$@" && return
    trap 'exit 130' INT TERM HUP # so that Ctrl-C leaves the mark of the unfinished work

    if command -v flock >/dev/null; then # two terminals at once: the second waits
        exec 9<scripts/venv.sh
        flock -n 9 || say "마음DJ: 다른 설치가 끝나기를 기다려요." \
            "Maeum DJ: waiting for another set-up to end."
        flock 9
    fi
    if ! is_ready "$@"; then
        install_requirements "$@"
    fi
    exec 9<&-
    trap - INT TERM HUP
}

install_requirements() {
    local torch file files=()
    if [[ -e $unfinished ]] || ! "$python" -ISc "$supported" </dev/null &>/dev/null ||
        ! "$python" -Im pip --version </dev/null &>/dev/null; then
        make_venv
    fi
    say "마음DJ: 필요한 패키지를 설치해요: $*" "Maeum DJ: installing: $*"
    : >"$unfinished"
    rm -f -- "$stamp"
    # Torch goes first and alone: another package's open range would pull in gigabytes for GPUs.
    torch="$(sed -n 's/^\(torch==[^[:space:]#;]*\).*/\1/p' "$@")"
    [[ -z $torch ]] || pip_install "$torch"
    for file in "$@"; do files+=(-r "$file"); done
    pip_install "${files[@]}"
    fingerprint "$@" >"$stamp"
    rm -f -- "$unfinished"
    say "마음DJ: 준비됐어요." "Maeum DJ: ready."
}
