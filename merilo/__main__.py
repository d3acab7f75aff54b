"""The `merilo` command: Django's management commands under the product's own name."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command, for example `merilo demo` or `merilo audit verify`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["merilo", *sys.argv[1:]])


if __name__ == "__main__":
    main()
