"""Who may ask for tokens: the dashboard inside this process, and one client over the network if it is configured."""

import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "hooksui.embedded.clients"


def dashboard_client() -> tuple[str, str]:
    """Id and secret of the dashboard itself, derived from SECRET_KEY. They are good inside this process only."""
    return _derived("dashboard id")[:32], _derived("dashboard secret")


def known_client(in_process: bool) -> tuple[str, str]:
    """Id and secret of the one client of that side: inside this process, or over the network."""
    if in_process:
        return dashboard_client()
    return settings.LOCAL_API_CLIENT_ID, settings.LOCAL_API_CLIENT_SECRET


def open_to_network() -> bool:
    """Whether a client over the network is configured."""
    return all(known_client(in_process=False))


def is_known(client_id: str, client_secret: str, in_process: bool) -> bool:
    """Whether these are the credentials of that side's client, compared in constant time."""
    known_id, known_secret = known_client(in_process)
    return _same(client_id, known_id) & _same(client_secret, known_secret)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _derived(what: str) -> str:
    return salted_hmac(_SALT, what, algorithm="sha256").hexdigest()
