#!/bin/bash
# Regenerates constraints.txt: every Python package with the hashes of all its
# files, in three sections, so that a set-up installs only what it starts.
# The input is pyproject.toml; the answer is the public index's, whatever this
# machine's pip is configured to prefer. Started by `make lock`.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A machine-local wheel directory or extra index must not decide what others get.
export PIP_CONFIG_FILE=/dev/null
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL PIP_INDEX_URL PIP_NO_INDEX

echo "lock: preparing pip-tools"
"${PYTHON:-/usr/bin/python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pip-tools==7.6.2'

# Each section's own requirements, read from the one place they are written.
"$work/venv/bin/python" - "$work" <<'PY'
import pathlib
import sys
import tomllib

work = pathlib.Path(sys.argv[1])
project = tomllib.loads(pathlib.Path("pyproject.toml").read_text())
sections = {
    "run": project["project"]["dependencies"],
    "build": [*project["build-system"]["requires"], "wheel"],
    "dev": project["dependency-groups"]["dev"],
}
for name, wanted in sections.items():
    (work / f"{name}.in").write_text("".join(f"{w}\n" for w in wanted))
PY

# All three are resolved together (one consistent set), then run and build alone
# within it (to learn which packages belong to them); the rest is dev.
compile() { # output, more arguments...
  local out=$1
  shift
  (cd "$work" && venv/bin/pip-compile --quiet --no-header --no-annotate \
    --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
    --no-emit-trusted-host --no-emit-find-links --output-file "$out" "$@")
}
upgrade=()
if [ "${UPGRADE:-}" = 1 ] || [ ! -e constraints.txt ]; then
  upgrade=(--upgrade)
else
  cp constraints.txt "$work/all.txt" # pip-compile keeps pins that still fit
fi
echo "lock: resolving everything (set UPGRADE=1 to take newer versions)"
compile all.txt "${upgrade[@]}" run.in build.in dev.in
echo "lock: sorting into sections"
# (a copy of the answer saves asking for the hashes again)
cp "$work/all.txt" "$work/run.txt"
cp "$work/all.txt" "$work/build.txt"
compile run.txt --constraint all.txt run.in
compile build.txt --constraint all.txt build.in

"$work/venv/bin/python" - "$work" <<'PY'
import pathlib
import re
import sys

work = pathlib.Path(sys.argv[1])


def pins(name: str) -> dict[str, str]:
    """Return each package's block: the pin line and its hash lines."""
    text = (work / f"{name}.txt").read_text()
    lines = [line for line in text.splitlines() if line and line.lstrip()[0] != "#"]
    blocks = re.split(r"\n(?=\S)", "\n".join(lines))
    return {re.split(r"[=\s;]", block)[0]: block for block in blocks if block}


every, run, build = pins("all"), pins("run"), pins("build")
sections = {
    "run": [name for name in every if name in run],
    "build": [name for name in every if name in build and name not in run],
    "dev": [name for name in every if name not in run and name not in build],
}
out = ["# Made by `make lock` from pyproject.toml; do not edit."]
for section, names in sections.items():
    out += ["", f"# section: {section}", *(every[name] for name in sorted(names))]
pathlib.Path("constraints.txt").write_text("\n".join(out) + "\n")
for section, names in sections.items():
    print(f"lock: {section}: {len(names)} packages")
PY
