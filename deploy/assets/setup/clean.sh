#!/bin/bash
# Removes everything the targets made or downloaded; the checkout stays.
# A running lab is taken down first. Installed Debian packages stay installed.
# Environment: SITEDR_CACHE as for setup.sh; FORCE=1 cleans although `lab down` failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
cache=${SITEDR_CACHE:-$PWD/.cache}

if [ -d .lab ] && [ -x .venv/bin/sitedr ]; then
  echo "clean: taking the lab down"
  if ! .venv/bin/sitedr lab down && [ "${FORCE:-}" != 1 ]; then
    echo "clean: the lab is not down, so nothing was removed; FORCE=1 cleans anyway" >&2
    exit 1
  fi
fi
if [ "$cache" = "$PWD/.cache" ] || [ -e "$cache/.sitedr-cache" ]; then
  rm -rf "$cache"
elif [ -d "$cache" ]; then
  echo "clean: $cache stays, it was not made by sitedr"
fi
rm -rf .venv build .lab ./*.egg-info .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
