"""Jobs of export: beside the Deploy CLI, and beside the least time that a tenant's limit leaves."""

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest.mock import patch

from django.conf import settings
from django.test import override_settings

from hooksui.embedded.models import Hook, HookSecret
from hooksui.tenants.config import Tenant
from hooksui.transfer import exporting, progress
from tests import node_tools
from tests.benchmarks import late
from tests.benchmarks.dashboard import Request, fill
from tests.benchmarks.measuring import Row, Run, timed, times
from tests.embedded.certificates import make_certificate
from tests.serving import serve
from tests.transfer.deploy_cli import CLIENT_ID, CLIENT_SECRET, NODE, SETTINGS, LocalTenant, files_of
from tests.workspaces import workspace_of

_HOOKS = 200
_LATENCY = 0.05  # seconds
_THREADS = "256"  # the Deploy CLI asks for all hooks at once, and none shall wait for another
_BURST, _PER_SECOND = 50, 20


def export() -> Row:
    """The page's export of 200 hooks over TLS from a tenant that is 50 ms away, by that of the Deploy CLI."""
    with _far() as (tenant, folder, far):
        slug = far["TENANTS"]
        origin = tenant.server.url
        tenants = {slug: Tenant(slug, origin, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)}
        trusted = {"REQUESTS_CA_BUNDLE": far["REQUESTS_CA_BUNDLE"]}
        with override_settings(TENANTS=tenants), patch.dict(os.environ, trusted):
            page = Request(f"/t/{slug}/export/", {"format": "directory"})
            row = _by_the_deploy_cli(timed(page), tenant, folder)
            with zipfile.ZipFile(io.BytesIO(page())) as archive:
                ours = {name: archive.read(name) for name in archive.namelist()}
        assert ours == files_of(folder / "theirs")
    return row


def export_command() -> Row:
    """The same from the command line, with the start of Python and Django."""
    with _far() as (tenant, folder, far):
        ours = folder / "ours"
        row = _by_the_deploy_cli(timed(lambda: tenant.manage("export_hooks", str(ours), env=far)), tenant, folder)
        assert files_of(ours) == files_of(folder / "theirs")
    return row


def _by_the_deploy_cli(ours: Run, tenant: LocalTenant, folder: Path) -> Row:
    theirs = str(folder / "theirs")
    export = timed(lambda: tenant.deploy_cli("export", "-f", "directory", "-o", theirs))
    return times(ours, export, rounds=3, most=0.33, unit="s")


@contextmanager
def _far() -> Iterator[tuple[LocalTenant, Path, dict[str, str]]]:
    """A tenant that answers late, a folder, and the settings of a dashboard that has it."""
    node_tools.install(NODE)
    _fill()
    with tempfile.TemporaryDirectory(prefix="hooksui-export-") as name:
        folder = Path(name)
        certificate = make_certificate(folder)
        env = {**SETTINGS, "LATENCY": str(_LATENCY), "THREADS": _THREADS}
        with serve(env, certificate, settings.DATA_DIR, late.__name__) as server:
            far = {
                "TENANTS": "far",
                "FAR_AUTH0_DOMAIN": server.url,
                "FAR_AUTH0_CLIENT_ID": CLIENT_ID,
                "FAR_AUTH0_CLIENT_SECRET": CLIENT_SECRET,
                "REQUESTS_CA_BUNDLE": str(certificate.authority),
            }
            yield LocalTenant(server, certificate), folder, far


def paced() -> Row:
    """Export of 200 hooks from a tenant with a limit, by the time in which that regains tokens for all its calls.

    Raises AssertionError where a call was refused.
    """
    _fill()
    measured = [_paced() for _ in range(3)]
    return Row(median(ours for ours, _ in measured), median(least for _, least in measured), "s", 1.1)


def _paced() -> tuple[float, float]:
    """The seconds that it took from a full bucket, and those that the limit leaves."""
    with tempfile.TemporaryDirectory(prefix="hooksui-export-") as folder:
        calls = Path(folder) / "calls"
        env = {**SETTINGS, "LOCAL_API_RATE_LIMIT": f"{_BURST}+{_PER_SECOND}/s", "CALLS": str(calls)}
        with serve(env, data_dir=settings.DATA_DIR, application=late.__name__) as server:
            tenant = Tenant("limited", server.url, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
            seconds = timed(lambda: progress.finish(exporting.export(workspace_of(tenant), "directory")))()
        statuses = calls.read_text().split()
    assert set(statuses) == {"200"}, f"{statuses.count('429')} of {len(statuses)} calls were refused."
    return seconds, (len(statuses) - _BURST) / _PER_SECOND


def _fill() -> None:
    """Let each of the hooks have a secret as well."""
    fill(_HOOKS)
    HookSecret.objects.bulk_create(HookSecret(hook=hook, name="API_KEY", value="a") for hook in Hook.objects.all())
