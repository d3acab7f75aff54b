#!/bin/sh
# Finds a Python that is new enough and hands over to scripts/setup.py; says in words what is missing.
set -eu
cd "$(dirname "$0")/.."

new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -n "${PYTHON:-}" ] && ! new_enough "$PYTHON"; then
    echo "PYTHON=$PYTHON is not a Python 3.11 or newer that runs; looking for another." >&2
fi
for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14 python; do
    if [ -n "$candidate" ] && new_enough "$candidate"; then
        exec "$candidate" scripts/setup.py "$@"
    fi
done

found=$(python3 --version 2>/dev/null || echo "no Python at all")
cat >&2 <<WORDS
Merilo needs Python 3.11 or newer; this machine has $found.
  Debian, Ubuntu:  sudo apt-get install python3 python3-venv
  Fedora:          sudo dnf install python3
  macOS:           brew install python
If a newer Python stands elsewhere, name it:  make setup PYTHON=/path/to/python3
WORDS
exit 1
