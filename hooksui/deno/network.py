"""Which hosts runs may reach: RUNNER_ALLOW_NET as Deno's flags. What a name resolves to is checked as well."""

import ipaddress
import socket
import time
from functools import lru_cache

from hooksui import env

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Loopback, private, link-local and other addresses that belong to this machine or its surroundings:
# https://www.iana.org/assignments/iana-ipv4-special-registry
_INNER = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/3",
    )
]
_LOOPBACK_6 = ipaddress.IPv6Address("::1")


def flags(allowed: list[str]) -> list[str]:
    """Deno's flags that open the hosts `allowed` (`name`, `name:port`, addresses likewise) and nothing else.

    A name never leads to an inner address: Deno compares what a name resolves to with the denied blocks. It takes no
    blocks of IPv6, so the inner IPv6 addresses that the names have now are denied one by one.
    """
    if not allowed:
        return []
    hosts = [env.split_port(entry)[0] for entry in allowed]
    listed = {address for host in hosts for address in _listed(host)}
    denied = [str(block) for block in _without(_INNER, listed)]
    minute = int(time.monotonic() // 60)
    inner_6 = {_LOOPBACK_6, *(address for host in hosts for address in _inner_6(host, minute))} - listed
    return [
        f"--allow-net={','.join(allowed)}",
        f"--deny-net={','.join([*denied, *(f'[{address}]' for address in sorted(inner_6, key=str))])}",
    ]


def _listed(host: str) -> list[_Address]:
    """The addresses that an entry itself stands for; none for the name of another machine."""
    if host == "localhost":
        return [ipaddress.IPv4Address("127.0.0.1"), _LOOPBACK_6]
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        return []


def _without(blocks: list[_Network], addresses: set[_Address]) -> list[_Network]:
    for address in addresses:
        single = ipaddress.ip_network(address)
        blocks = [
            part
            for block in blocks
            for part in (
                block.address_exclude(single)  # type: ignore[arg-type]  # overlaps() holds for one version only
                if block.version == single.version and block.overlaps(single)
                else [block]
            )
        ]
    return blocks


@lru_cache(maxsize=64)
def _inner_6(host: str, minute: int) -> list[_Address]:
    """The inner IPv6 addresses of a name. Where nobody answers, that takes seconds: it is asked once a `minute`."""
    if _listed(host):
        return []
    try:
        found = socket.getaddrinfo(host, None, socket.AF_INET6)
    except OSError:
        return []
    addresses = {ipaddress.IPv6Address(str(entry[4][0]).split("%")[0]) for entry in found}
    return [address for address in addresses if not address.is_global]
