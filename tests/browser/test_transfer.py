"""Import, export, copies and comparison in a real browser, on a phone."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from auth0.management.client import Auth0
from auth0.management.hooks.client import HooksClient
from playwright.sync_api import Page, expect

from tests.browser import cut_short
from tests.browser.conftest import CLIENT_ID, CLIENT_SECRET, PASSWORD, Visit, Visits
from tests.browser.files import SCRIPT, bring, choose, folder
from tests.serving import Served, network_token, serve

API = {"LOCAL_API_CLIENT_ID": CLIENT_ID, "LOCAL_API_CLIENT_SECRET": CLIENT_SECRET}


@pytest.fixture(scope="module")
def pair(dashboard: Served) -> Iterator[Served]:
    """A dashboard with an embedded tenant of its own, and `acme`, which is that of the first dashboard."""
    acme = {
        "ACME_AUTH0_DOMAIN": dashboard.url,
        "ACME_AUTH0_CLIENT_ID": CLIENT_ID,
        "ACME_AUTH0_CLIENT_SECRET": CLIENT_SECRET,
    }
    with serve({"TENANTS": "local,acme", "ADMIN_PASSWORD": PASSWORD, **API, **acme}) as served:
        yield served


@pytest.fixture
def hooks(pair: Served) -> HooksClient:
    """The hooks of that embedded tenant: none but `keep`."""
    token = network_token(pair.url, CLIENT_ID, CLIENT_SECRET)
    hooks: HooksClient = Auth0(base_url=f"{pair.url}/api/v2", token=token).hooks
    clear(hooks)
    hooks.create(name="keep", script=SCRIPT, trigger_id="send-phone-message")
    return hooks


@pytest.fixture
def visitor(visit: Visits, pair: Served, hooks: HooksClient) -> Visit:
    """A signed-in browser at that dashboard, as wide as a phone."""
    one = visit(pair, viewport={"width": 360, "height": 800})
    one.enter()
    return one


def clear(hooks: HooksClient) -> None:
    """Remove all hooks of a tenant."""
    for hook in hooks.list():
        hooks.delete(str(hook.id))


def drop(page: Page, path: Path) -> None:
    """Drag a file or a folder from the desktop onto the page Import."""
    box = page.locator("#drop").bounding_box()
    assert box
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    devtools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": box["x"] + 20, "y": box["y"] + 10}
        devtools.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})


def fits(page: Page) -> bool:
    """Whether the page, once all of it is there, needs no scrolling from side to side."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_from_a_zip_by_way_of_the_plan_to_hooks_and_back_to_a_zip(visitor: Visit, tmp_path: Path) -> None:
    page = visitor.page
    bring(visitor, "local", {"hooks.zip": folder("module.exports = '##HOST##';\n")})
    expect(page.get_by_role("heading", name="Will be created 1")).to_be_visible()
    page.get_by_label("HOST").fill("acme.example")
    page.get_by_label("API_KEY of check-domain").fill("sk-123")
    page.get_by_role("button", name="Apply to 1 hook").click()
    expect(page.get_by_role("status")).to_contain_text("Your input changes the plan.")
    expect(page.get_by_label("HOST")).to_have_attribute("placeholder", "Entered. Type to replace it")
    expect(page.get_by_text("secrets added: API_KEY")).to_be_visible()
    page.get_by_role("button", name="Apply to 1 hook").click()
    expect(page.get_by_role("heading", name="Everything was done")).to_be_visible()
    expect(page.get_by_label("What was done")).to_contain_text("created, added API_KEY, enabled")
    assert fits(page)

    page.get_by_role("link", name="Back to the hooks").click()
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "hooks-of-local-directory.zip"
    download.value.save_as(tmp_path / "hooks.zip")
    with zipfile.ZipFile(tmp_path / "hooks.zip") as archive:
        assert archive.read("hooks/check-domain.js") == b"module.exports = 'acme.example';\n"
        assert json.loads(archive.read("hooks/check-domain.json"))["secrets"] == {"API_KEY": "_VALUE_NOT_SHOWN_"}


def test_a_dropped_folder_is_read_whole_and_its_changes_are_shown(visitor: Visit, tmp_path: Path) -> None:
    page = visitor.page
    bring(visitor, "local", {"hooks.zip": folder()})
    page.get_by_role("button", name="Apply to 1 hook").click()
    expect(page.get_by_role("heading", name="Done, except for what was left out")).to_be_visible()
    with zipfile.ZipFile(io.BytesIO(folder("module.exports = 2;\n"))) as archive:
        archive.extractall(tmp_path / "acme")
    page.goto(f"{visitor.url}/t/local/import/")
    drop(page, tmp_path / "acme")
    expect(page.get_by_label("Chosen files")).to_contain_text("acme/hooks/check-domain.js")
    page.get_by_role("button", name="Review changes").click()
    changes = page.get_by_role("region", name="Changes of the script of check-domain")
    expect(changes).to_contain_text("module.exports = 2;")
    expect(page.get_by_text("secrets without a value, not added: API_KEY")).to_be_visible()
    assert fits(page)


def test_a_connection_that_breaks_after_the_last_line_breaks_nothing(visit: Visits, tmp_path: Path) -> None:
    cut = tmp_path / "cut"
    os.mkfifo(cut)
    with serve({"ADMIN_PASSWORD": PASSWORD, "CUT": str(cut)}, application=cut_short.__name__) as served:
        visitor = visit(served)
        visitor.enter()
        visitor.create("keep", "Send Phone Message")
        page = visitor.page
        page.goto(f"{visitor.url}/t/local/export/")
        button = page.get_by_role("button", name="Download")
        with page.expect_download(), page.expect_event("requestfailed"):
            button.click()
            expect(page.get_by_role("status")).to_have_text("Downloaded hooks-of-local-directory.zip")
            cut.write_text("now")
        expect(button).not_to_have_attribute("aria-disabled", "true")
        # An alert is filled by a timer of 50 ms, which ends before one that begins now.
        page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))")
        expect(page.get_by_role("alert")).to_be_empty()


def test_a_form_is_busy_until_its_page_is_left_and_free_where_one_comes_back(visitor: Visit) -> None:
    page = visitor.page
    page.goto(f"{visitor.url}/t/local/import/")
    choose(visitor, {"hooks.zip": folder()})
    # An answer that leaves the page where it is, as Escape does.
    page.route("**/t/local/import/*/", lambda route: route.fulfill(status=204))
    button = page.get_by_role("button", name="Review changes")
    with page.expect_response("**/t/local/import/*/"):
        button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    page.unroute("**/t/local/import/*/")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    expect(page.get_by_role("heading", name="Import into local")).to_be_visible()


def test_a_file_that_cannot_be_used_is_said_where_it_was_chosen(visitor: Visit) -> None:
    page = visitor.page
    page.goto(f"{visitor.url}/t/local/import/")
    choose(visitor, {"broken.zip": b"PK\x03\x04"})
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("alert")).to_contain_text("broken.zip: This is not a zip that can be read.")
    expect(page.get_by_label("Chosen files")).to_contain_text("broken.zip")


def test_a_hook_is_copied_to_another_tenant_and_the_tenants_are_compared(visitor: Visit, sdk: Auth0) -> None:
    clear(sdk.hooks)
    page = visitor.page
    bring(visitor, "local", {"hooks.zip": folder()})
    page.get_by_role("button", name="Apply to 1 hook").click()
    expect(page.get_by_role("heading", name="Done, except for what was left out")).to_be_visible()
    page.get_by_role("link", name="Back to the hooks").click()
    page.get_by_role("button", name="More actions for check-domain").click()
    page.get_by_role("menuitem", name="Copy to a tenant").click()
    expect(page.get_by_role("checkbox", name="check-domain")).to_be_checked()
    expect(page.get_by_role("checkbox", name="keep")).not_to_be_checked()
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("heading", name="Import into acme")).to_be_visible()
    page.get_by_role("button", name="Apply to 1 hook").click()
    expect(page.get_by_role("heading", name="Everything was done")).to_be_visible()

    page.goto(f"{visitor.url}/t/local/compare/")
    page.get_by_role("checkbox", name="Also compare secret names").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Values of secrets cannot be read")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Also compare secret names")).to_be_checked()
    expect(page.get_by_role("list", name="Hooks that differ")).to_contain_text("keep")
    expect(page.get_by_role("list", name="Hooks that differ")).not_to_contain_text("check-domain")
    assert fits(page)


def test_all_of_it_works_without_a_script(visit: Visits, pair: Served, hooks: HooksClient) -> None:
    visitor = visit(pair, java_script_enabled=False)
    visitor.enter()
    page = visitor.page
    bring(visitor, "local", {"hooks.zip": folder("module.exports = 'without a script';\n")})
    page.get_by_role("button", name="Apply to 1 hook").click()
    expect(page.get_by_role("heading", name="Done, except for what was left out")).to_be_visible()
    page.goto(f"{visitor.url}/t/local/export/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "hooks-of-local-directory.zip"
