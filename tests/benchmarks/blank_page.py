"""A page that has nothing but CodeMirror, at /blank/ of a server that has the dashboard too.

Its script is compressed and cached as the dashboard's are. `application` is the server's; it needs the folder that
`build` has filled in the variable BLANK_PAGE.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from tests import node_tools
from tests.serving import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_SOURCES = Path(__file__).parent / "blank"
_EDITOR = ROOT / "static" / "editor"


def build(folder: Path) -> None:
    """Fill `folder` with the page, its script bundled from the packages that the code editor is made of."""
    node_tools.install(_EDITOR)
    packages = _EDITOR / "node_modules"
    script = folder / "blank.js"
    options = {
        "entryPoints": [str(_SOURCES / "blank.js")],
        "bundle": True,
        "format": "esm",
        "minify": True,
        "target": "es2022",
        "nodePaths": [str(packages)],
        "outfile": str(script),
    }
    # By its interface for scripts: what its program is depends on how it was installed.
    program = f"require('esbuild').buildSync({json.dumps(options)})"
    subprocess.run([*node_tools.node(), "-e", program], cwd=_EDITOR, check=True)
    for _ in Compressor(quiet=True).compress(str(script)):
        pass
    shutil.copy(_SOURCES / "index.html", folder)


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """The blank page, else the dashboard."""
    answer: Iterable[bytes] = _application()(environ, start_response)
    return answer


@cache
def _application() -> WhiteNoise:
    # Imported where it is served, not where it is built.
    from hooksui.wsgi import application as dashboard

    return WhiteNoise(
        dashboard, os.environ["BLANK_PAGE"], prefix="blank", index_file=True, immutable_file_test=r"\.js$"
    )
