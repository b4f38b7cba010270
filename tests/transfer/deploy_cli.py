"""The embedded tenant of a server, as callers of its API, the Deploy CLI and our commands get at it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from hooksui.auth0.shapes import MASK
from tests import node_tools
from tests.serving import ROOT, Certificate, Served

NODE = ROOT / "tests" / "node"
CLIENT_ID, CLIENT_SECRET = "test-client_id", "test-client_secret"
SETTINGS = {
    "LOCAL_API_CLIENT_ID": CLIENT_ID,
    "LOCAL_API_CLIENT_SECRET": CLIENT_SECRET,
    "LOCAL_API_RATE_LIMIT": "1000+1000/s",
}
_PROGRAM = NODE / "node_modules" / "auth0-deploy-cli" / "lib" / "index.js"
_BEFORE_IMPORT = Path(__file__).with_name("only_hooks.cjs")
_NOTHING: Mapping[str, str] = {}
_PATIENCE = 240  # seconds; a busy machine is no failure
# Run inside the server's data folder: no answer of the API has values.
_VALUES = """
import json
from hooksui.embedded.models import Hook
from hooksui.embedded.secrets import stored_values
print(json.dumps({hook.name: stored_values(hook.id) for hook in Hook.objects.all()}))
"""

# What the API takes for a new hook, and `secrets`.
NewHook = dict[str, Any]
SecretValues = dict[str, dict[str, str]]


@dataclass(frozen=True)
class LocalTenant:
    """The tenant `local` of `server`, whose `certificate` nobody else trusts."""

    server: Served
    certificate: Certificate

    def fill(self, hooks: list[NewHook]) -> None:
        """Have these hooks and no others."""
        for hook in self._call("GET"):
            self._call("DELETE", f"/{hook['id']}")
        for hook in hooks:
            made = self._call("POST", body={key: hook[key] for key in hook if key != "secrets"})
            if hook.get("secrets"):
                self._call("POST", f"/{made['id']}/secrets", hook["secrets"])

    def hooks(self) -> list[dict[str, Any]]:
        """The hooks as the API lists them, by name and without their ids."""
        hooks = [{key: hook[key] for key in hook if key != "id"} for hook in self._call("GET")]
        return sorted(hooks, key=lambda hook: str(hook["name"]))

    def secrets(self) -> SecretValues:
        """The stored values of secrets by the hook's name and the secret's."""
        values: SecretValues = json.loads(self.manage("shell", "--no-imports", "-c", _VALUES))
        return values

    def manage(self, *command: str, env: Mapping[str, str] = _NOTHING, status: int = 0) -> str:
        """Run a management command; what it printed. Raises AssertionError with that where it ends otherwise."""
        environment = {**self.server.env, "TENANTS": "local", **env}
        return _run([sys.executable, str(ROOT / "manage.py"), *command], environment, status)

    def deploy_cli(self, *command: str, env: Mapping[str, str] = _NOTHING, untouched: bool = False) -> str:
        """Run the Deploy CLI for hooks; what it said. Raises AssertionError with that where it fails.

        Its imports check hooks alone unless it is to be `untouched`, which costs seconds.
        """
        environment = {
            "PATH": os.environ["PATH"],
            "NODE_EXTRA_CA_CERTS": str(self.certificate.authority),
            "AUTH0_DOMAIN": self.server.url.removeprefix("https://"),
            "AUTH0_CLIENT_ID": CLIENT_ID,
            "AUTH0_CLIENT_SECRET": CLIENT_SECRET,
            "AUTH0_AUDIENCE": f"{self.server.url}/api/v2/",
            "AUTH0_INCLUDED_ONLY": '["hooks"]',
            **env,
        }
        before = ["--require", str(_BEFORE_IMPORT)] if command[0] == "import" and not untouched else []
        return _run([*node_tools.node(), *before, str(_PROGRAM), *command], environment, 0)

    @cached_property
    def _session(self) -> requests.Session:
        session = requests.Session()
        # Nothing that the machine trusts or sends through a proxy.
        session.trust_env = False
        session.verify = str(self.certificate.authority)
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "audience": f"{self.server.url}/api/v2/",
        }
        answer = session.post(f"{self.server.url}/oauth/token", data=form, timeout=_PATIENCE)
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return session

    def _call(self, method: str, path: str = "", body: Any = None) -> Any:
        url = f"{self.server.url}/api/v2/hooks{path}"
        answer = self._session.request(method, url, json=body, timeout=_PATIENCE)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


def files_of(folder: Path) -> dict[str, bytes]:
    """The content of all files below `folder` by their paths."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def with_values(folder: Path, copy: Path, values: Iterable[str]) -> Path:
    """A `copy` of the exported `folder` in which `values` stand for the masks, in the order of the files' names."""
    shutil.copytree(folder, copy)
    left = iter(values)
    for file in sorted([*copy.rglob("*.json"), *copy.rglob("*.yaml")]):
        text = re.sub(f'"{MASK}"|{MASK}', lambda _: _quoted(next(left)), file.read_bytes().decode())
        file.write_bytes(text.encode())
    assert list(left) == []
    return copy


def _quoted(value: str) -> str:
    """`value` as JSON and YAML alike have it: this break of lines is one in YAML 1.1, which some readers speak."""
    return json.dumps(value, ensure_ascii=False).replace("\N{LINE SEPARATOR}", "\\u2028")


def _run(command: list[str], env: dict[str, str], status: int) -> str:
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert ended.returncode == status, ended.stdout + ended.stderr
    return ended.stdout
