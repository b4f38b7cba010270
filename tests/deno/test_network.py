"""Which hosts a run reaches: those of RUNNER_ALLOW_NET, and no name leads to an inner address."""

import ipaddress
import json
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from hooksui import env
from hooksui.deno import network
from hooksui.runner.outcome import Ending, Outcome
from tests.runner.calling import call, error_of, result_of

NAME = "HOOKSUI_TEST_VALUE"
HINT = "(RUNNER_ALLOW_NET names the hosts that runs may reach)"


class Answering(ThreadingHTTPServer):
    """Answers every GET, and counts them."""

    asked = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert isinstance(self.server, Answering)
            self.server.asked += 1
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"reached")

        def log_message(self, format: str, *args: object) -> None:
            """Keeps requests out of the test output."""


@pytest.fixture(scope="module")
def server() -> Iterator[Answering]:
    """A server on loopback."""
    with Answering(("127.0.0.1", 0), Answering.Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def fetched(host: str, port: int) -> Outcome:
    """A run that asks by `fetch`."""
    return call(f"fetch('http://{host}:{port}/').then(async (answer) => cb(null, await answer.text()), cb);")


def got(host: str, port: int) -> Outcome:
    """A run that asks by Node's own client, which looks names up by itself."""
    answered = "(answer) => answer.on('data', (data) => cb(null, String(data)))"
    return call(f"require('http').get('http://{host}:{port}/', {answered}).on('error', cb);")


Ask = Callable[[str, int], Outcome]
WAYS = pytest.mark.parametrize("ask", [fetched, got])


@WAYS
@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        (["127.0.0.1"], "127.0.0.1"),
        (["127.0.0.1:PORT"], "127.0.0.1"),
        (["localhost"], "localhost"),
        (["localhost:PORT"], "localhost"),
        (["203.0.113.9", "198.51.100.7:443", "127.0.0.1"], "127.0.0.1"),
        (["127.0.0.2", "127.0.0.1:1", "127.0.0.1:PORT"], "127.0.0.1"),
    ],
)
def test_a_listed_host_is_reached(
    settings: Settings, server: Answering, ask: Ask, allowed: list[str], host: str
) -> None:
    settings.RUNNER_ALLOW_NET = [entry.replace("PORT", str(server.server_port)) for entry in allowed]
    assert result_of(ask(host, server.server_port)) == "reached"


@WAYS
@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ([], "127.0.0.1"),
        ([], "localhost"),
        (["127.0.0.1"], "localhost"),
        (["localhost"], "127.0.0.1"),
        (["127.0.0.1:1"], "127.0.0.1"),
        (["localhost:1"], "localhost"),
        (["127.0.0.2"], "127.0.0.1"),
        (["203.0.113.9"], "crm.acme.example"),
        (["203.0.113.9"], "127.0.0.1"),
        (["203.0.113.9"], "0.0.0.0"),  # noqa: S104 - leads to loopback too
        (["203.0.113.9"], "[::1]"),
        (["203.0.113.9"], "[::ffff:127.0.0.1]"),
        (["203.0.113.9"], "2130706433"),
        (["crm.acme.example"], "sub.crm.acme.example"),
        (["localhost"], "sub.localhost"),
    ],
)
def test_another_host_is_denied_in_words_that_say_so(
    settings: Settings, server: Answering, ask: Ask, allowed: list[str], host: str
) -> None:
    settings.RUNNER_ALLOW_NET = allowed
    before = server.asked
    outcome = ask(host, server.server_port)
    assert outcome.ending == Ending.DENIED
    message = error_of(outcome)["message"]
    assert message.startswith('The Runner denies net access to "')
    assert message.endswith(HINT)
    assert server.asked == before


def test_what_is_denied_is_named(settings: Settings, server: Answering) -> None:
    settings.RUNNER_ALLOW_NET = ["203.0.113.9"]
    port = server.server_port
    assert f'"erp.acme.example:{port}"' in error_of(fetched("erp.acme.example", port))["message"]
    assert '"erp.acme.example"' in error_of(got("erp.acme.example", port))["message"]
    outcome = call("require('dns').promises.lookup('erp.acme.example').then(() => cb(), cb);")
    assert error_of(outcome)["message"] == f'The Runner denies net access to "erp.acme.example" {HINT}'
    assert error_of(outcome)["code"] == "EPERM"


def inner_name() -> str | None:
    """A name other than localhost that resolves to loopback on this machine, if there is one."""
    name = socket.gethostname()
    try:
        address = ipaddress.ip_address(socket.gethostbyname(name))
    except OSError:
        return None
    return name if address.is_loopback and name != "localhost" else None


@WAYS
def test_a_listed_name_does_not_lead_to_an_inner_address(settings: Settings, server: Answering, ask: Ask) -> None:
    # Where this machine has no such name, what keeps it out is looked at.
    name = inner_name() or "crm.acme.example"
    settings.RUNNER_ALLOW_NET = [name, f"{name}:{server.server_port}", "203.0.113.9"]
    assert is_denied("127.0.0.1", settings.RUNNER_ALLOW_NET)
    before = server.asked
    assert not ask(name, server.server_port).ok
    assert server.asked == before


def test_a_listed_name_leads_to_an_inner_address_that_is_listed_itself(settings: Settings, server: Answering) -> None:
    name = inner_name()
    settings.RUNNER_ALLOW_NET = ["127.0.0.1", name] if name else ["127.0.0.1"]
    assert not is_denied("127.0.0.1", settings.RUNNER_ALLOW_NET)
    assert result_of(fetched(name or "127.0.0.1", server.server_port)) == "reached"


def is_denied(address: str, allowed: list[str]) -> bool:
    """Whether the flags for `allowed` deny an address of IPv4."""
    _, denied = network.flags(allowed)
    blocks = [block for block in denied.removeprefix("--deny-net=").split(",") if not block.startswith("[")]
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(block) for block in blocks)


def test_nothing_is_open_where_nothing_is_listed() -> None:
    assert network.flags([]) == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_inner_addresses_are_denied_unless_they_are_listed(address: str) -> None:
    assert is_denied(address, ["203.0.113.9"])
    assert not is_denied(address, ["203.0.113.9", f"{address}:8443"])
    neighbour = str(ipaddress.ip_address(int(ipaddress.ip_address(address)) ^ 1))
    assert is_denied(neighbour, ["203.0.113.9", address])


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "203.0.113.9", "172.32.0.1", "192.169.0.1", "100.128.0.1", "223.255.255.255"]
)
def test_other_addresses_are_open_to_listed_names(address: str) -> None:
    assert not is_denied(address, ["203.0.113.9"])


def test_the_loopback_address_of_ipv6_is_denied_unless_it_is_listed() -> None:
    assert "[::1]" in network.flags(["203.0.113.9"])[1]
    for allowed in ("[::1]", "[::1]:8443", "localhost", "localhost:8443"):
        assert "[::1]" not in network.flags([allowed])[1]


ENTRIES = [
    "crm.acme.example",
    "crm.acme.example:443",
    "my_service",
    "my-service:65535",
    "localhost",
    "xn--mnchen-3ya.example",
    "203.0.113.9",
    "203.0.113.9:8443",
    "127.0.0.1:1",
    "[2001:db8::1]",
    "[2001:db8::1]:8443",
    "[::1]",
    "[::ffff:203.0.113.9]",
]


def test_a_run_starts_with_every_entry_that_is_taken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, " , ".join(ENTRIES) + ",")
    settings.RUNNER_ALLOW_NET = env.hosts(NAME)
    assert settings.RUNNER_ALLOW_NET == ENTRIES
    assert call("cb();").ok


def test_hosts_are_read_in_lower_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "CRM.Acme.example, LOCALHOST:80,[2001:DB8::1]")
    assert env.hosts(NAME) == ["crm.acme.example", "localhost:80", "[2001:db8::1]"]
    monkeypatch.setenv(NAME, " ")
    assert env.hosts(NAME) == []


@pytest.mark.parametrize(
    "entry",
    [
        "https://crm.acme.example",
        "crm.acme.example/path",
        "crm.acme.example:",
        "crm.acme.example:0",
        "crm.acme.example:65536",
        "crm.acme.example:99999",
        "crm.acme.example:080",
        "crm.acme.example:http",
        "crm.acme.example:443:443",
        ":443",
        "*.acme.example",
        "*",
        "-acme.example",
        "acme..example",
        "münchen.example",
        "user@acme.example",
        "two words",
        "10.0.0.0/8",
        "2001:db8::1",
        "::1",
        "[]",
        "[",
        "[::1",
        "::1]",
        "[::1]:",
        "[::1]x",
        "[::1]:0",
        "[1:2]",
        "[:::]",
        "[fe80::1%eth0]",
        "[127.0.0.1]",
        "[acme]",
        "--allow-all",
    ],
)
def test_what_is_no_host_is_refused(monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
    monkeypatch.setenv(NAME, f"acme.example,{entry}")
    expected = f"^hooksui: {NAME}: {re.escape(repr(entry))} is not a host such as crm.acme.example"
    with pytest.raises(env.SettingError, match=expected):
        env.hosts(NAME)


@pytest.mark.parametrize(
    ("entry", "host", "port"),
    [
        ("acme.example", "acme.example", ""),
        ("acme.example:443", "acme.example", "443"),
        ("203.0.113.9:8443", "203.0.113.9", "8443"),
        ("[2001:db8::1]", "2001:db8::1", ""),
        ("[2001:db8::1]:8443", "2001:db8::1", "8443"),
    ],
)
def test_a_host_is_told_from_its_port(entry: str, host: str, port: str) -> None:
    assert env.split_port(entry) == (host, port)


def test_proxies_of_the_server_are_not_those_of_runs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        settings.RUNNER_ALLOW_NET = ["crm.acme.example.invalid"]
        outcome = fetched("crm.acme.example.invalid", 8080)
        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):
            proxy.accept()
    assert outcome.ending == Ending.ERROR
    assert json.dumps(outcome.as_dict())
    assert "HTTP_PROXY" in os.environ
