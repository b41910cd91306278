# shellcheck shell=sh
# Sourced by ./run, ./test and requirements/compile.sh from the root of the clone.
# Finds Python 3.11 or newer and uv; uv is installed into .uv when the machine has none.
# Afterwards $UV_PYTHON and $UV are set, and sync_environment can be called.

fail() {
  echo "$*" >&2
  exit 1
}

find_python() {
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if UV_PYTHON=$("$name" -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print(sys.executable)' 2>/dev/null); then
      export UV_PYTHON UV_PYTHON_DOWNLOADS=never
      return
    fi
  done
  fail "Python 3.11 or newer is needed. On Debian and Ubuntu: apt install python3 python3-venv"
}

# A machine behind a proxy of its own trusts what the system trusts, and a mirror named for pip is meant for uv too.
follow_machine() {
  if [ -n "${SSL_CERT_FILE:-}" ] || [ -r /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS=1
  fi
  if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    mirror=${PIP_INDEX_URL:-$(
      sed -n 's/^ *index-url *= *//p' /etc/pip.conf "${HOME:-}/.pip/pip.conf" "${HOME:-}/.config/pip/pip.conf" 2>/dev/null |
        tail -n 1
    )}
    if [ -n "$mirror" ]; then
      export UV_DEFAULT_INDEX="$mirror"
    fi
  fi
}

# Runs a function while no other ./run or ./test of this clone does the same.
locked() {
  mkdir -p .stamps
  if command -v flock >/dev/null 2>&1; then
    (
      flock 9
      "$@"
    ) 9>.stamps/bootstrap.lock
  else
    "$@"
  fi
}

works() {
  "$1" --version >/dev/null 2>&1
}

install_uv() {
  if works .uv/bin/uv; then
    return
  fi
  echo "Installing uv (once) …" >&2
  rm -rf .uv
  if "$UV_PYTHON" -m venv .uv >/dev/null 2>&1 && [ -x .uv/bin/pip ]; then
    .uv/bin/pip install -q --disable-pip-version-check --require-hashes -r devstack/uv.txt
  elif rm -rf .uv && "$UV_PYTHON" -m pip --version >/dev/null 2>&1; then
    # Debian without python3-venv: pip may not touch the system, but a folder of ours is allowed.
    PIP_ROOT_USER_ACTION=ignore "$UV_PYTHON" -m pip install -q --disable-pip-version-check --require-hashes --target .uv -r devstack/uv.txt
  else
    fail "pip or venv is needed to install uv. On Debian and Ubuntu: apt install python3-venv"
  fi
}

find_uv() {
  if works uv; then
    UV=uv
  else
    UV=$PWD/.uv/bin/uv
    works "$UV" || locked install_uv
  fi
  export UV
}

satisfied() {
  [ -x .venv/bin/python ] && cmp -s "requirements/$1.txt" ".venv/.$1.txt"
}

install_environment() {
  if satisfied "$1"; then
    return
  fi
  # lint.txt holds all of dev.txt, so ./run never removes what ./test has installed.
  wanted=$1
  if [ -e .venv/.lint.txt ]; then
    wanted=lint
  fi
  echo "Installing Python packages …" >&2
  quiet=-q
  if [ -t 2 ]; then
    quiet=
  fi
  [ -x .venv/bin/python ] || "$UV" venv -q --clear --python "$UV_PYTHON" .venv
  rm -f .venv/.dev.txt .venv/.lint.txt
  # shellcheck disable=SC2086  # nothing at all when there is a terminal
  "$UV" pip sync $quiet --python .venv --require-hashes "requirements/$wanted.txt"
  cp "requirements/$wanted.txt" ".venv/.$wanted.txt"
  cp requirements/dev.txt .venv/.dev.txt
}

# Makes .venv hold exactly what requirements/$1.txt pins, by hash; nothing is done when it does already.
sync_environment() {
  satisfied "$1" || locked install_environment "$1"
}

# A machine that wants no bytecode beside the sources would have every process of the product compile them all anew
# (10 s each); it is kept in a folder of ours instead.
keep_bytecode() {
  if [ -n "${PYTHONDONTWRITEBYTECODE:-}" ] && [ -z "${PYTHONPYCACHEPREFIX:-}" ]; then
    unset PYTHONDONTWRITEBYTECODE
    export PYTHONPYCACHEPREFIX="$PWD/.stamps/bytecode"
  fi
}

keep_bytecode
find_python
follow_machine
find_uv
