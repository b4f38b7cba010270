"""Promises that no single room keeps alone: documents that match the code, arrows that point one way, whole folders."""

import ast
import json
import re
from pathlib import Path

from hooksui import catalogue

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "hooksui"
READERS = {"text", "integer", "choice", "names", "hosts", "origin", "color", "mapping"}


def variables_read() -> set[str]:
    """The environment variables that the settings and the tenants' configuration read."""
    found = set()
    for file in (PRODUCT / "settings.py", PRODUCT / "tenants" / "config.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
                found |= {inner.value for inner in ast.walk(node.args[0]) if isinstance(inner, ast.Constant)}
    return {str(name) for name in found} | {"AUTH0_TOKEN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"}


def test_the_example_file_has_every_setting() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^# (?:ACME_PROD_)?([A-Z0-9_]+)=", example, re.M)) >= variables_read()


def test_http_is_spoken_in_one_room_and_answered_at_one_door() -> None:
    speakers = {
        file.relative_to(PRODUCT).as_posix()
        for file in PRODUCT.rglob("*.py")
        if re.search(r"^(import|from) (requests|urllib3|http\.client|httpx)\b", file.read_text(encoding="utf-8"), re.M)
    }
    assert {name for name in speakers if not name.startswith("auth0/")} == {"embedded/adapter.py"}


def test_each_folder_of_the_catalogue_is_whole() -> None:
    points = PRODUCT / "catalogue" / "points"
    assert sorted(folder.name for folder in points.iterdir()) == sorted(catalogue.points())
    for folder in points.iterdir():
        files = ["contract.json", "point.json", "sample.json", "starter.js", "types.d.ts"]
        assert sorted(file.name for file in folder.iterdir()) == files, folder
        assert set(json.loads((folder / "point.json").read_text(encoding="utf-8"))) == {"title", "description"}


def test_points_are_ordered_by_title() -> None:
    titles = [point.title for point in catalogue.points().values()]
    assert titles == sorted(titles)
    assert len(titles) == 5


def test_icons_that_templates_and_styles_name_exist() -> None:
    drawn = set(re.findall(r'<symbol id="icon-([\w-]+)"', (ROOT / "templates/includes/icons.svg").read_text("utf-8")))
    named = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        named |= set(re.findall(r'icon="([\w-]+)"', text))
    for script in (ROOT / "static" / "js").rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:\bicon: |spriteIcon\()"([\w-]+)"', text))
    named |= set(
        re.findall(r'_ICON.format\("([\w-]+)"\)', (PRODUCT / "dashboard/templatetags/rows.py").read_text("utf-8"))
    )
    assert named == drawn


def test_colours_stand_in_the_token_files_alone() -> None:
    tokens = {"tokens.css", "code.css", "editor.css"}
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        if sheet.name not in tokens:
            assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(", sheet.read_text(encoding="utf-8")), sheet.name
