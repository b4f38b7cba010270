"""Files for the page Import."""

import io
import json
import zipfile

from playwright.sync_api import FilePayload, expect

from hooksui.auth0.shapes import MASK
from tests.browser.conftest import Visit

SCRIPT = "module.exports = function (user, context, cb) {\n  cb(null, { user });\n};\n"


def folder(
    script: str = SCRIPT,
    name: str = "check-domain",
    trigger: str = "pre-user-registration",
    secret: str = MASK,
) -> bytes:
    """A zip of a Deploy CLI folder with an enabled hook that has the secret API_KEY."""
    buffer = io.BytesIO()
    about = {
        "name": name,
        "script": f"./{name}.js",
        "triggerId": trigger,
        "enabled": True,
        "secrets": {"API_KEY": secret},
    }
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"hooks/{name}.json", json.dumps(about))
        archive.writestr(f"hooks/{name}.js", script)
    return buffer.getvalue()


def bring(visitor: Visit, tenant: str, files: dict[str, bytes]) -> None:
    """Choose files on the page Import and go to their plan."""
    page = visitor.page
    page.goto(f"{visitor.url}/t/{tenant}/import/")
    choose(visitor, files)
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("heading", name=f"Import into {tenant}")).to_be_visible()


def choose(visitor: Visit, files: dict[str, bytes]) -> None:
    """Choose files on the page Import."""
    chosen = [FilePayload(name=name, mimeType="", buffer=content) for name, content in files.items()]
    visitor.page.get_by_label("Files", exact=True).set_input_files(chosen)
