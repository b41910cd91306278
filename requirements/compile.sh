#!/bin/sh
# Writes the lock files anew from pyproject.toml: names, versions and hashes, no addresses.
# A newer version is taken only with --upgrade (all) or --upgrade-package NAME.
set -eu
cd "$(dirname "$0")/.."
. ./bootstrap.sh
compile() { "$UV" pip compile -q pyproject.toml --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links "$@"; }
compile "$@" -o requirements/production.txt
compile "$@" --group embedded --group test -o requirements/dev.txt
compile "$@" --group embedded --group test --group lint -o requirements/lint.txt
