"""A served dashboard, a second one that has it as its remote tenant, and a page in a real browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from auth0.management.client import Auth0
from playwright.sync_api import Browser, BrowserContext, Cookie, Page, expect

from tests.serving import Served, network_token, serve

CLIENT_ID = "browser-tests"
CLIENT_SECRET = "a-secret-of-the-browser-tests"
PASSWORD = "a long password for tests"
_TRIES = 1000  # requests until a change of the connection is noticed
PATIENCE = 20_000  # ms for what a page does; a busy machine is no failure of the page
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def dashboard() -> Iterator[Served]:
    """A dashboard with the embedded tenant, open to the network."""
    api = {"LOCAL_API_CLIENT_ID": CLIENT_ID, "LOCAL_API_CLIENT_SECRET": CLIENT_SECRET}
    with serve(api | {"LOCAL_API_RATE_LIMIT": "100000+100000/s", "ADMIN_PASSWORD": PASSWORD}) as served:
        yield served


@pytest.fixture(scope="session")
def second_dashboard(dashboard: Served) -> Iterator[Served]:
    """A dashboard whose one tenant is the first one's embedded API, over the network."""
    tenant = {"AUTH0_DOMAIN": dashboard.url, "AUTH0_CLIENT_ID": CLIENT_ID, "AUTH0_CLIENT_SECRET": CLIENT_SECRET}
    with serve(tenant | {"ADMIN_PASSWORD": PASSWORD}) as served:
        yield served


@dataclass
class Visit:
    """A browser at a dashboard: its page, the admin's cookies once one has signed in, and what it complained of."""

    page: Page
    url: str
    session: list[Cookie]
    complaints: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """Open the dashboard and sign in as the first admin; ends on the list."""
        self.page.goto(self.url)
        self.page.get_by_label("Username").fill("admin")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Hooks", exact=True)).to_be_visible()

    def enter(self, path: str = "/") -> None:
        """Open a page as the first admin. Of all browsers at a dashboard only the first one has to sign in."""
        context = self.page.context
        if not self.session:
            self.sign_in()
            self.session.extend(context.cookies())
        context.add_cookies(self.session)  # type: ignore[arg-type]  # the same keys, but all of them optional
        self.page.goto(self.url + path)

    def create(self, name: str, title: str) -> str:
        """Create a hook through the pages, from the list on; ends in the editor. Returns the hook's id."""
        # By its key: as rows come into view and take their height, the link moves away from under a mouse.
        self.page.get_by_role("link", name=f"Create New Hook for {title}").press("Enter")
        self.page.get_by_role("textbox", name="Name").fill(name)
        self.page.get_by_role("button", name="Create").click()
        expect(self.page.get_by_role("heading", name="Edit Hook")).to_be_visible()
        return self.hook_id

    @property
    def hook_id(self) -> str:
        """The id of the hook whose editor is open."""
        return urlsplit(self.page.url).path.rstrip("/").rsplit("/", 1)[1]


Visits = Callable[..., Visit]


def set_offline(page: Page, offline: bool) -> None:
    """Take the browser's connection away, or give it back, and return once requests notice.

    The browser's network process is told of it by another way than the one that requests take.
    """
    page.context.set_offline(offline)
    for _ in range(_TRIES):
        if page.evaluate("fetch('/healthz', { cache: 'no-store' }).then(() => false, () => true)") == offline:
            return
    raise AssertionError(f"The browser takes no notice of offline={offline}.")


@pytest.fixture(scope="session")
def sessions() -> dict[Path, list[Cookie]]:
    """The cookies of admins who have signed in, by the dashboard's DATA_DIR."""
    return {}


@pytest.fixture
def visit(browser: Browser, sessions: dict[Path, list[Cookie]]) -> Iterator[Visits]:
    """Opens a browser of its own at a dashboard; fails the test on script errors and policy violations.

    Failed requests are no complaint: tests bring them about.
    """
    visits: list[tuple[BrowserContext, Visit]] = []

    def open_one(served: Served, **options: object) -> Visit:
        context = browser.new_context(**options)  # type: ignore[arg-type]  # Playwright's many options as they are
        context.set_default_timeout(PATIENCE)
        one = Visit(context.new_page(), served.url, sessions.setdefault(served.data_dir, []))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("console", lambda message: _complain(one, message.type, message.text))
        visits.append((context, one))
        return one

    yield open_one
    for context, one in visits:
        context.close()
        assert one.complaints == []


def _complain(one: Visit, kind: str, text: str) -> None:
    if kind in ("error", "warning") and "Failed to load resource" not in text:
        one.complaints.append(text)


@pytest.fixture
def sdk(dashboard: Served) -> Auth0:
    """auth0-python at the first dashboard's API."""
    token = network_token(dashboard.url, CLIENT_ID, CLIENT_SECRET)
    return Auth0(base_url=f"{dashboard.url}/api/v2", token=token)
