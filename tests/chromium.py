"""Debian's Chromium as tests, pictures and benchmarks start it.

It is the one that has no windows: in the other one each page brings a window whose own pages take most of the time.
"""

import shutil

from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def executable() -> str:
    """The path of the program. Raises AssertionError where it is not installed."""
    found = shutil.which("chromium-headless-shell")
    assert found, "This needs Chromium. On Debian, as root: apt-get install chromium-headless-shell"
    return found


def launch(playwright: Playwright) -> Browser:
    """A new browser without a window."""
    return playwright.chromium.launch(executable_path=executable(), args=[*FLAGS])
