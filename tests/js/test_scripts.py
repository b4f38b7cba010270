"""Units of the scripts that need no page, in Node: the files `*.test.js` of this folder."""

import subprocess
from pathlib import Path

import pytest

from tests.node_tools import install, node

FOLDER = Path(__file__).parent
SOURCES = FOLDER.parents[1] / "static" / "editor"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.test.js")), ids=lambda file: str(file.name))
def test_units(file: Path) -> None:
    install(SOURCES)
    ended = subprocess.run([*node(), "--test", str(file)], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
