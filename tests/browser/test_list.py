"""What the list does in a browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Visits
from tests.serving import Served, serve


@pytest.fixture(scope="module")
def filled() -> Iterator[Served]:
    """A dashboard of its own, so that counts are known."""
    with serve({"ADMIN_PASSWORD": PASSWORD}) as served:
        yield served


@pytest.fixture
def page(visit: Visits, filled: Served) -> Page:
    """The list with three hooks at two points."""
    visitor = visit(filled)
    visitor.enter()
    if visitor.page.get_by_text("has no hooks yet").is_visible():
        for name, title in (
            ("alpha one", "Send Phone Message"),
            ("alpha two", "Send Phone Message"),
            ("beta", "Post Change Password"),
        ):
            visitor.create(name, title)
            visitor.page.get_by_role("link", name="Back to Hooks").click()
    return visitor.page


def test_the_filter_hides_rows_and_empty_points_and_says_how_many_are_left(page: Page) -> None:
    field = page.get_by_role("searchbox", name="Filter hooks")
    field.fill("ALPHA")
    expect(page.get_by_role("listitem").filter(has_text="alpha")).to_have_count(2)
    expect(page.get_by_role("link", name="beta", exact=True)).to_be_hidden()
    expect(page.get_by_role("region", name="Post Change Password")).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("2 of 3 hooks")
    field.fill("gamma")
    expect(page.get_by_role("status")).to_have_text("No hook has “gamma” in its name.")
    page.get_by_role("button", name="Clear filter").click()
    expect(page.get_by_role("region", name="Client Credentials Exchange")).to_be_visible()
    expect(page.get_by_role("link", name="beta", exact=True)).to_be_visible()
    expect(field).to_be_focused()
    field.fill("beta")
    field.press("Escape")
    expect(field).to_have_value("")
    expect(page.get_by_role("link", name="alpha-one", exact=True)).to_be_visible()


def test_the_end_of_life_notice_can_be_put_away_for_thirty_days(page: Page) -> None:
    notice = page.get_by_role("region", name="End of life")
    expect(notice).to_contain_text("Hooks reached end of life on November 18, 2026.")
    expect(notice.get_by_role("link", name="Move to Actions")).to_have_attribute("href", re.compile("^https://auth0"))
    notice.get_by_role("button", name="Hide for 30 days").click()
    expect(notice).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()
    expect(notice).to_have_count(0)


def test_one_of_many_tenants_is_found_and_each_has_its_colour(visit: Visits) -> None:
    others = [f"acme-{number}" for number in range(8)]
    tenants = {"TENANTS": ",".join(["local", *others]), "LOCAL_COLOR": "#a3300d", "ADMIN_PASSWORD": PASSWORD}
    for slug in others:
        prefix = slug.upper().replace("-", "_")
        tenants |= {f"{prefix}_AUTH0_DOMAIN": f"{slug}.example", f"{prefix}_AUTH0_TOKEN": "a-token"}
    with serve(tenants) as served:
        visitor = visit(served)
        visitor.sign_in()
        page = visitor.page
        expect(page.get_by_role("banner")).to_have_css("border-top-color", "rgb(163, 48, 13)")
        switch = page.get_by_role("button", name="Switch tenant, now local")
        expect(switch).to_have_css("background-color", "rgb(163, 48, 13)")
        switch.click()
        expect(switch).to_have_attribute("aria-expanded", "true")
        field = page.get_by_role("searchbox", name="Find a tenant")
        expect(field).to_be_focused()
        items = page.locator("#tenants").get_by_role("listitem")
        expect(items).to_have_count(9)
        field.fill("E-5")
        expect(items).to_have_count(1)
        expect(page.get_by_role("link", name="acme-5")).to_be_visible()
        page.keyboard.press("Escape")
        expect(field).to_be_hidden()
        expect(switch).to_be_focused()
