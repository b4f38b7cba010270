"""Debian's Chromium as tests, pictures and benchmarks start it."""

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
    found = shutil.which("chromium")
    assert found, "This needs Chromium. On Debian, as root: apt-get install chromium"
    return found


def launch(playwright: Playwright) -> Browser:
    """A new browser without a window."""
    return playwright.chromium.launch(executable_path=executable(), args=[*FLAGS])
