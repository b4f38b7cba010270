"""`make lighthouse`: print the scores that Lighthouse gives to the pages of a dashboard that is served for it.

The status is 0 whether or not bounds are kept; it is that of the exception where Lighthouse breaks.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import expect, sync_playwright

from hooksui import catalogue
from tests import chromium, node_tools
from tests.serving import Served, network_token, serve

_NODE = Path(__file__).parents[1] / "node"
_PROGRAM = _NODE / "node_modules" / "lighthouse" / "cli" / "index.js"
_BOUNDS = {"performance": 95, "accessibility": 100, "best-practices": 100}
_LAYOUT = "{:<12}{:>14}{:>16}{:>17}  {}"
_HOOKS = 3  # of each extensibility point
_CLIENT_ID = "lighthouse"
_CLIENT_SECRET = "a-secret-for-lighthouse"
_TIMEOUT = 180  # seconds for one page
_TRIES = 4


def main() -> None:
    """Serve a dashboard with hooks, and judge its pages as they are on a first visit with a phone."""
    node_tools.install(_NODE)
    api = {"LOCAL_API_CLIENT_ID": _CLIENT_ID, "LOCAL_API_CLIENT_SECRET": _CLIENT_SECRET}
    with serve(api) as served, tempfile.TemporaryDirectory(prefix="hooksui-lighthouse-") as profile:
        hook = _make_hooks(served)
        hooks = f"{served.url}/t/local/hooks/"
        print(_LAYOUT.format("page", *_BOUNDS, ""))
        print(_line("sign-in", f"{served.url}/accounts/login/", profile))
        _sign_in(served, profile)
        print(_line("list", hooks, profile))
        print(_line("create", f"{hooks}create/", profile))
        print(_line("editor", f"{hooks}{hook}/", profile))


def _make_hooks(served: Served) -> str:
    """Make hooks through the Management API. Returns the id of one."""
    token = network_token(served.url, _CLIENT_ID, _CLIENT_SECRET)
    hook = ""
    for point in catalogue.points().values():
        for number in range(_HOOKS):
            body = {"name": f"{point.trigger}-{number}", "script": point.starter, "triggerId": point.trigger}
            headers = {"Authorization": f"Bearer {token}"}
            answer = requests.post(f"{served.url}/api/v2/hooks", json=body, headers=headers, timeout=_TIMEOUT)
            assert answer.status_code == 201, answer.text
            hook = answer.json()["id"]
    return hook


def _sign_in(served: Served, profile: str) -> None:
    """Leave a browser's profile in the folder `profile` in which the first admin is signed in.

    A Cookie header given to Lighthouse would be replaced by what pages set themselves.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium.executable(), args=[*chromium.FLAGS]
        )
        page = browser.new_page()
        page.goto(served.url)
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill(served.env["ADMIN_PASSWORD"])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()
        browser.close()


def _line(page: str, url: str, profile: str) -> str:
    categories = _report(url, profile)["categories"]
    scores = {name: round(100 * (categories[name]["score"] or 0)) for name in _BOUNDS}
    kept = all(scores[name] >= least for name, least in _BOUNDS.items())
    found = (f"{scores[name]} ≥ {least}" for name, least in _BOUNDS.items())
    return _LAYOUT.format(page, *found, "ok" if kept else "missed")


def _report(url: str, profile: str) -> dict[str, Any]:
    """What Lighthouse says about the page at `url`. Raises AssertionError where it cannot judge it."""
    flags = ["--headless", f"--user-data-dir={profile}", *chromium.FLAGS]
    command = [*node_tools.node(), str(_PROGRAM), url, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(_BOUNDS)}", f"--chrome-flags={' '.join(flags)}"]
    environment = {**os.environ, "CHROME_PATH": chromium.executable()}
    for _ in range(_TRIES):
        ended = subprocess.run(command, cwd=_NODE, env=environment, capture_output=True, text=True, timeout=_TIMEOUT)
        # It missed the start of the page in its own trace, and says to run it again.
        if "NO_NAVSTART" not in ended.stderr:
            break
    assert ended.returncode == 0, ended.stderr
    report: dict[str, Any] = json.loads(ended.stdout)
    assert report["finalDisplayedUrl"] == url, report["finalDisplayedUrl"]
    return report


if __name__ == "__main__":
    main()
