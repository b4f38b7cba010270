#!/usr/bin/env python3
"""Command line of Hooks UI: `python manage.py help` lists what there is."""

import gc
import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    # What is loaded stays: looking for garbage among it, a hundred times, takes a tenth of a command's start.
    gc.set_threshold(200_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hooksui.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python. Run `make install`, then use .venv/bin/python.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
