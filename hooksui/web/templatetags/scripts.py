"""Scripts of pages, loaded together with all that they import."""

import posixpath
import re
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# What a script imports before it runs; `import("…")`, which waits until it is needed, is something else.
_IMPORT = re.compile(r'\bfrom\s*"(\.[^"]+)"|\bimport\s*"(\.[^"]+)"')


@register.simple_tag
def page_script(name: str) -> SafeString:
    """A script element for the bundle `name` of `static/dist`, and a preload for each file that it imports.

    A browser that finds imports only in what it has loaded asks for them one after another. Styles go first: without
    them nothing is shown.
    """
    script, *imported = _graph(staticfiles_storage.url(f"dist/{name}.js"))
    preloads = format_html_join(
        "\n", '<link rel="modulepreload" href="{}" fetchpriority="low">', ((url,) for url in imported)
    )
    return format_html('{}\n<script type="module" src="{}"></script>', preloads, script)


@cache
def _graph(url: str) -> list[str]:
    """The script at `url`, and the addresses of what it imports, at whatever depth. They carry the files' hashes."""
    found = [url]
    for each in found:
        file = staticfiles_storage.path(each.removeprefix(settings.STATIC_URL))
        text = Path(file).read_text(encoding="utf-8")
        for names in _IMPORT.findall(text):
            address = posixpath.normpath(posixpath.join(posixpath.dirname(each), "".join(names)))
            if address not in found:
                found.append(address)
    return found
