"""The client library by itself, in a process that has no Django."""

import subprocess
import sys

from tests.fakes import FakeApi
from tests.fakes.management_api import CLIENT_ID, CLIENT_SECRET

# Whatever imports Django here fails.
_PROGRAM = """
import sys

sys.modules["django"] = None
from hooksui.auth0.client import Client
from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import HookNotFoundError
from hooksui.auth0.transport import PooledAdapter

origin, client_id, client_secret = sys.argv[1:]
client = Client(Connection(origin, PooledAdapter(), client_id=client_id, client_secret=client_secret))
hook = client.hooks.create("alone", "send-phone-message", "module.exports = 1;", enabled=False)
client.secrets.add(hook.id, {"KEY": "value"})
print(client.hooks.get(hook.id).name, client.secrets.names(hook.id))
client.hooks.delete(hook.id)
try:
    client.hooks.get(hook.id)
except HookNotFoundError as error:
    print(error.status)
"""


def test_a_process_without_django_can_use_it(fake_api: FakeApi) -> None:
    command = [sys.executable, "-c", _PROGRAM, fake_api.origin, CLIENT_ID, CLIENT_SECRET]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("alone ['KEY']\n404\n", "")
