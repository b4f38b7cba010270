"""What tests of imports and exports send, and how they read the pages that answer."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client

from hooksui.transfer.models import Import
from tests.fakes import FakeApi
from tests.pages import Page

SCRIPT = "module.exports = function (user, context, cb) {\n  cb(null, { user });\n};\n"


def archive(*hooks: dict[str, Any], **others: str) -> SimpleUploadedFile:
    """A zip of a Deploy CLI folder with `hooks`, and with other texts by path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for hook in hooks:
            name = hook["name"]
            script = hook.pop("script", SCRIPT)
            about = {"triggerId": "pre-user-registration", "script": f"./{name}.js", **hook}
            file.writestr(f"hooks/{name}.json", json.dumps(about))
            file.writestr(f"hooks/{name}.js", script)
        for path, text in others.items():
            file.writestr(path, text)
    return SimpleUploadedFile("hooks.zip", buffer.getvalue())


def upload(admin: Client, tenant: str, *files: SimpleUploadedFile, **fields: str) -> Page:
    """Send `files`; the page that comes of it."""
    return Page(admin.post(f"/t/{tenant}/import/", {"files": list(files), **fields}, follow=True))


def send(admin: Client, action: str, **fields: str) -> Page:
    """Press a button of the newest plan; the page that comes of it. Dots in names of fields are underscores here."""
    imported = Import.objects.latest("id")
    address = f"/t/{imported.tenant}/import/{imported.id}/"
    page = admin.get(address).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    data = {"action": action, "seen": seen[1] if seen else "", **fields}
    return Page(admin.post(address, data, follow=True))


def mark_of(admin: Client, address: str) -> str:
    """What stands for the plan in its page."""
    found = re.search(r'name="seen" value="([^"]+)"', admin.get(address).content.decode())
    assert found
    return found[1]


def begin(admin: Client, action: str, *, until: str, **fields: str) -> Iterator[dict[str, Any]]:
    """Press a button of the newest plan as a script does, and wait until `until` is reached; the lines that follow."""
    imported = Import.objects.latest("id")
    address = f"/t/{imported.tenant}/import/{imported.id}/"
    data = {"action": action, "seen": mark_of(admin, address), **fields}
    answer = admin.post(address, data, headers={"Accept": "application/json"})
    assert isinstance(answer, StreamingHttpResponse)
    lines = (json.loads(line) for line in answer.streaming_content)
    next(line for line in lines if line.get("what") == until)
    return lines


def last(lines: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """The line with which the work ended."""
    return list(lines)[-1]


def names(fake_api: FakeApi) -> dict[str, bool]:
    """The hooks of the stand-in, and whether each is enabled."""
    return {hook["name"]: hook["enabled"] for hook in fake_api.hooks.values()}
