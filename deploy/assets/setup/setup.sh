#!/bin/bash
# Brings a fresh Debian 12 to where one target can run, and nothing further.
# usage: setup.sh PROFILE [the target's own arguments]
#   demo      servers of the chosen engine + run-time Python packages
#   test      every server + every Python package
#   bench     what `test` takes, and programs to compare with
#   tools     every Python package, no server (lint, types)
#   python    run-time Python packages, no server (rehearse)
# Needs bash and Python >= 3.11; runs before there is a virtual environment.
# Idempotent: a second run checks and returns within a fraction of a second.
# Environment: PYTHON (interpreter), SITEDR_CACHE (downloads; default .cache).
# Exit: 0 ready, 1 cannot; the last line says what is missing and what to do.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
cd "$root"
profile=${1:?usage: setup.sh demo|test|bench|tools|python [ARGS]}
shift
began=$SECONDS
did_something=
venv=.venv
cache=${SITEDR_CACHE:-$root/.cache}
log=build/setup.log
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" # where Debian keeps servers

die() {
  echo "set-up: $*" >&2
  exit 1
}

# Runs a command into the log; says what runs, keeps saying so while it does.
step() { # text, command...
  local text=$1 start=$SECONDS pid status=0 said=0
  shift
  did_something=yes
  echo "set-up: $text"
  echo "== $text" >>"$log"
  "$@" </dev/null >>"$log" 2>&1 9>&- &
  pid=$!
  # A package installation under sudo cannot be ended from here: it is awaited.
  trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; exit 130' INT TERM HUP
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS - start >= said + 5)); then
      said=$((SECONDS - start))
      echo "set-up:   … ${said} s: $(tail -n 1 "$log" | cut -c 1-100)"
    fi
  done
  wait "$pid" || status=$?
  trap - INT TERM HUP
  if ((status != 0)); then
    tail -n 15 "$log" >&2
    die "failed: $text (everything in $log)"
  fi
}

# --- may we write here? -----------------------------------------------------

[ -w . ] || die "$root is not writable by $(id -un): clone a copy of your own"
for made in build "$cache" "$venv" "$venv/bin"; do
  [ ! -e "$made" ] || [ -w "$made" ] ||
    die "$made belongs to $(stat -c %U "$made"): \`make clean\` as that user first"
done
mkdir -p build
mkdir -p "$cache" || die "cannot create the cache directory $cache"
# `make clean` removes only a directory that says it is ours.
if [ -z "$(ls -A "$cache")" ]; then
  echo "downloads of sitedr; \`make clean\` removes this directory" >"$cache/.sitedr-cache"
fi
exec 9>build/.setup.lock
flock -n 9 || { echo "set-up: another set-up runs here, waiting for it"; flock 9; }
: >"$log"

# --- which Python -----------------------------------------------------------

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
if [ -n "${PYTHON:-}" ]; then
  python=$PYTHON
  recent "$python" || die "PYTHON=$python is not a Python 3.11 or later"
else
  python=/usr/bin/python3
  recent "$python" || python=$(command -v python3 || true)
  { [ -n "$python" ] && recent "$python"; } || die "needs Python 3.11 or later (python3)"
fi

# --- system packages --------------------------------------------------------

missing=()
need() { # command, package that brings it
  command -v "$1" >/dev/null || missing+=("$2")
}

engine=mariadb fault=kill net=loopback
parse() { # the few demo options that decide what will be started
  while (($#)); do
    case $1 in
    --engine=* | --fault=* | --net=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" && continue ;;
    --engine) engine=${2:-} ;;
    --fault) fault=${2:-} ;;
    --net) net=${2:-} ;;
    esac
    shift
  done
}
mariadb() {
  # The core package is the server without the service: nothing to start, no
  # system-wide data directory.
  need mariadbd mariadb-server-core
  need mariadb-backup mariadb-backup
}
services() {
  need redis-server redis-server
  need haproxy haproxy
}
namespaces() {
  need ip iproute2
  need nft nftables
}
case $profile in
demo)
  parse "$@"
  [ "$engine" = mysql ] || mariadb
  services
  if [ "$fault" = cut ] || [ "$net" = netns ]; then namespaces; fi
  ;;
test | bench)
  mariadb
  services
  need mosquitto mosquitto
  [ "$profile" = test ] || need prometheus-blackbox-exporter prometheus-blackbox-exporter
  # Only root can make network namespaces; those tests skip for anyone else.
  if [ "$(id -u)" = 0 ]; then namespaces; fi
  ;;
tools | python) ;;
*) die "unknown profile $profile" ;;
esac
# A venv knows its own path and interpreter: another of either means a new one.
base="$root $("$python" -c 'import sys; print(sys.executable, *sys.version_info[:3])')"
venv_fits() { [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.base" 2>/dev/null)" = "$base" ]; }
if ! venv_fits && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  [ "$python" = /usr/bin/python3 ] || die "$python has no venv/ensurepip module"
  missing+=(python3-venv)
fi

if ((${#missing[@]})); then
  as_root=()
  by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    die "missing: ${missing[*]}; this is no Debian, install what corresponds to them"
  fi
  if [ "$(id -u)" != 0 ]; then
    by_hand="sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
    cannot="missing: ${missing[*]}; as root run: ${by_hand//sudo /}"
    command -v sudo >/dev/null || die "$cannot"
    # Ask for the password here and now, where a person can see why.
    if ! sudo -n true 2>/dev/null; then
      { [ -t 0 ] && echo "set-up: sudo, to install ${missing[*]}" && sudo -v; } || die "$cannot"
    fi
    as_root=(sudo -n)
  fi
  step "installing Debian packages: ${missing[*]}" \
    "${as_root[@]}" sh "$here/apt-install.sh" "${missing[@]}"
fi

# --- virtual environment ----------------------------------------------------

sections=(run build)
case $profile in test | bench | tools) sections+=(dev) ;; esac

if ! venv_fits; then
  [ ! -e "$venv" ] || step "removing .venv (unfinished, or for another path or Python)" rm -rf "$venv"
  step "creating .venv with $python" "$python" -m venv "$venv"
  echo "$base" >"$venv/.base"
fi

wanted=$(cat constraints.txt pyproject.toml "$here/setup.sh" | sha256sum | cut -d ' ' -f 1)
ready() { # section: is it installed at exactly these pins?
  [ "$(cat "$venv/.ready-$1" 2>/dev/null)" = "$wanted" ]
}
pins() { # section...: their part of constraints.txt
  awk -v wanted=" $* " '/^# section: / { on = index(wanted, " " $3 " ") } on' constraints.txt
}
# The user's pip settings that would put packages somewhere else are not for us.
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIREMENT PIP_CONSTRAINT PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CACHE_DIR="${PIP_CACHE_DIR:-$cache/pip}"
pip=("$venv/bin/python" -m pip)

lacking=()
for section in "${sections[@]}"; do ready "$section" || lacking+=("$section"); done
if ((${#lacking[@]})); then
  pins "${lacking[@]}" >build/requirements.txt
  step "installing $(grep -c '==' build/requirements.txt) pinned Python packages (${lacking[*]})" \
    "${pip[@]}" install --progress-bar off --require-hashes --no-deps -r build/requirements.txt
  for section in "${lacking[@]}"; do echo "$wanted" >"$venv/.ready-$section"; done
fi
if ! ready sitedr || [ ! -x "$venv/bin/sitedr" ]; then
  step "installing sitedr itself (editable)" \
    "${pip[@]}" install --progress-bar off --no-deps --no-build-isolation --no-index -e .
  echo "$wanted" >"$venv/.ready-sitedr"
fi

if [ -n "$did_something" ]; then
  echo "set-up: done in $((SECONDS - began)) s (not part of what follows)"
fi
