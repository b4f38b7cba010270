"""Jobs of the dashboard in a real browser."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from hooksui import catalogue
from hooksui.embedded.models import Hook
from hooksui.tenants.config import LOCAL
from tests import chromium
from tests.benchmarks import blank_page
from tests.benchmarks.dashboard import cookies, fill
from tests.benchmarks.measuring import Row, timed, times
from tests.serving import serve

_ROUNDS = 9
_SLOWER = 4  # times, so that it is like a phone
_KEY = "~"  # in no script
# Resolves `ready` when the code field is there and has the focus, `typed` with the time when the key is in it.
_WATCH = f"""
window.ready = new Promise((focused) => {{
  window.typed = new Promise((shown) => {{
    let code = null;
    new MutationObserver(() => {{
      if (!code && (code = document.querySelector(".cm-content"))) {{
        code.focus();
        focused();
      }}
      if (code?.textContent.includes("{_KEY}")) {{
        requestAnimationFrame(() => shown(performance.now()));
      }}
    }}).observe(document, {{ childList: true, subtree: true, characterData: true }});
  }});
}});
"""
# What the filter holds after each key: some rows, all but none, none, and all again.
_FILTERS = ["h", "", "7", "77", "777", "77", "7", "", "x", ""]
_FILTER = """(texts) => {
  const field = document.querySelector("#filter-text");
  return texts.map((text) => {
    const start = performance.now();
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    document.body.getBoundingClientRect();
    return performance.now() - start;
  });
}"""

# Resolves with the time from the click on Run until the page says how the run ended.
_RUN = """() => new Promise((ended) => {
  const summary = document.querySelector("[data-runner=summary]");
  const start = performance.now();
  new MutationObserver((changes, observer) => {
    if (summary.textContent.startsWith("Finished in")) {
      observer.disconnect();
      ended(performance.now() - start);
    }
  }).observe(summary, { childList: true, characterData: true, subtree: true });
  document.querySelector("#run").click();
})"""
# The same for Node: the hook called with the sample, its answer printed.
_NODE = """const { client, scope, audience } = JSON.parse(require('fs').readFileSync('sample.json', 'utf8'));
const hook = require('./starter.js');
hook(client, scope, audience, { webtask: { secrets: {} } }, (error, token) => console.log(JSON.stringify(token)));
"""


def editor_first() -> Row:
    """Scripts and styles of the editor on a first visit, without the language service."""
    with _site(1) as site:
        return _weight(_scripts_and_styles(site.visitor(), site.editor), 260)


def editor_next() -> Row:
    """Scripts and styles of the editor on a second visit."""
    with _site(1) as site:
        page = site.visitor()
        _scripts_and_styles(page, site.editor)
        return _weight(_scripts_and_styles(page, site.editor), 15)


def language() -> Row:
    """The language service, which the editor loads once typing works."""
    with _site(1) as site:
        page = site.visitor()
        with page.expect_worker() as found:
            _visit(page, site.editor)
        # Chromium does not say what a worker's script weighs, but what the same weighs as a page.
        alone = site.visitor()
        with _traffic(alone) as traffic:
            alone.goto(found.value.url, wait_until="networkidle")
        return _weight(traffic.bytes("Document"), 1300)


def typing() -> Row:
    """From the start to the first key in the editor's code, by the same in a page that has only CodeMirror."""
    with _site(1) as site:
        ours, reference = (partial(_typed, site, url) for url in (site.editor, f"{site.origin}/blank/"))
        return times(ours, reference, rounds=_ROUNDS, most=1.5)


def filter_rows() -> Row:
    """The key that takes longest in the filter of 1,000 rows, until they are laid out."""
    with _site(1000) as site:
        page = site.visitor()
        page.goto(site.origin + reverse("dashboard:list", args=[LOCAL]))
        assert page.locator(".row-name").count() == 1000
        rounds = [page.evaluate(_FILTER, _FILTERS) for _ in range(_ROUNDS + 1)][1:]
        return Row(max(median(key) for key in zip(*rounds, strict=True)), None, "ms", 16)


def run() -> Row:
    """From the click on Run to the result of a starter script on the page, by what `node` takes for the script."""
    point = Path(catalogue.__file__).parent / "points" / "credentials-exchange"
    with _site(1) as site, tempfile.TemporaryDirectory(prefix="hooksui-node-") as folder:
        for name in ("starter.js", "sample.json"):
            shutil.copy(point / name, folder)
        (Path(folder) / "run.js").write_text(_NODE, encoding="utf-8")
        page = site.visitor()
        page.goto(site.editor)
        page.get_by_role("button", name="Tools").wait_for()
        page.get_by_role("textbox", name="Script").fill((point / "starter.js").read_text(encoding="utf-8"))
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Finished in").first.wait_for(state="attached")
        node = timed(partial(subprocess.run, ["node", "run.js"], cwd=folder, check=True, capture_output=True))
        return times(lambda: float(page.evaluate(_RUN)) / 1000, node, rounds=_ROUNDS, most=2)


@dataclass(frozen=True)
class _Site:
    """A browser, and a server at `origin` that has the dashboard, one hook's page `editor`, and the blank page."""

    browser: Browser
    origin: str
    editor: str

    def visitor(self) -> Page:
        """A page of somebody who is signed in and was never here."""
        context = self.browser.new_context()
        pairs = (cookie.split("=", 1) for cookie in cookies().split("; "))
        context.add_cookies([{"name": name, "value": value, "url": self.origin} for name, value in pairs])
        return context.new_page()


@contextmanager
def _site(hooks: int) -> Iterator[_Site]:
    # Django leaves the database alone while Playwright runs in this thread.
    fill(hooks)
    cookies()
    editor = reverse("dashboard:editor", args=[LOCAL, Hook.objects.earliest("pk").pk])
    with tempfile.TemporaryDirectory(prefix="hooksui-blank-") as folder:
        blank_page.build(Path(folder))
        server = serve({"BLANK_PAGE": folder}, data_dir=settings.DATA_DIR, application=blank_page.__name__)
        with server as served, sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            yield _Site(browser, served.url, served.url + editor)
            browser.close()


class _Traffic:
    """What a page gets over the wire, by kinds of resources."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._sizes: dict[str, float] = {}

    def received(self, event: dict[str, Any]) -> None:
        """The head of an answer is there."""
        self._kinds[event["requestId"]] = event["type"]

    def finished(self, event: dict[str, Any]) -> None:
        """The rest of it too."""
        self._sizes[event["requestId"]] = event["encodedDataLength"]

    def bytes(self, *kinds: str) -> float:
        """What all of these kinds took. Raises AssertionError where there was none."""
        sizes = [size for request, size in self._sizes.items() if self._kinds[request] in kinds]
        assert sizes, f"No {kinds}."
        return sum(sizes)


@contextmanager
def _traffic(page: Page) -> Iterator[_Traffic]:
    protocol = page.context.new_cdp_session(page)
    traffic = _Traffic()
    protocol.on("Network.responseReceived", traffic.received)
    protocol.on("Network.loadingFinished", traffic.finished)
    protocol.send("Network.enable")
    yield traffic
    protocol.detach()


def _scripts_and_styles(page: Page, url: str) -> float:
    """Bytes of those of the editor at `url`."""
    with _traffic(page) as traffic:
        # The language service is the last that the editor loads, in a worker whose traffic is not the page's.
        with page.expect_worker():
            _visit(page, url)
        page.wait_for_load_state("networkidle")
    return traffic.bytes("Script", "Stylesheet")


def _visit(page: Page, url: str) -> None:
    """Open the editor at `url` and move the mouse over it, as the sign that somebody is there."""
    page.goto(url)
    page.mouse.move(200, 200)
    page.mouse.move(210, 210)


def _weight(size: float, most: float) -> Row:
    return Row(size / 1000, None, "kB", most)


def _typed(site: _Site, url: str) -> float:
    """Seconds from the start of a first visit on a slow processor until a key that was pressed is in the code."""
    page = site.visitor()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.add_init_script(_WATCH)
    page.goto(url, wait_until="commit")
    page.evaluate("ready")
    page.keyboard.press(_KEY)
    seconds = float(page.evaluate("typed")) / 1000
    page.context.close()
    return seconds
