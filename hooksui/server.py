"""Configuration of gunicorn: `gunicorn -c python:hooksui.server hooksui.wsgi`."""

import gc
import socket
import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from hooksui import settings
from hooksui.data_dir import files, locks

bind = f"[{settings.HOST}]:{settings.PORT}" if ":" in settings.HOST else f"{settings.HOST}:{settings.PORT}"
# One process, so that the token of a tenant is fetched once and the limits of sign-in and API count everybody.
workers = 1
worker_class = "hooksui.worker.Worker"
threads = settings.THREADS
# The heartbeat file must not wait for a disk; in a read-only container nothing else is writable.
worker_tmp_dir = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)  # noqa: S108
# Seconds. A page may wait for two upstream calls of 10 s each.
timeout = 60
graceful_timeout = 10
# More connections than threads: most wait for a request or a reader. The one that waits longest makes room for another.
worker_connections = 4096
# Paths and addresses are those of the request line and the socket, whatever a header says.
forwarder_headers = ""
# Seconds. Long enough for the requests of a page; a stop waits for connections that browsers hold open without a word.
keepalive = 5
control_socket_disable = True
_PATIENCE = 5  # seconds for a server before this one to end
loglevel = settings.LOG_LEVEL.lower()


def _complain_if_taken() -> None:
    """End with one line where HOST and PORT cannot be listened on; gunicorn would try again and again first."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.HOST, settings.PORT, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        sys.exit(f"hooksui: HOST, PORT: {bind} cannot be served on: {error.strerror}.")


_complain_if_taken()
if not files.read(settings.DATA_DIR, files.SECRET_KEY):
    sys.exit(f"hooksui: DATA_DIR: {settings.DATA_DIR} is not ready. Run `python manage.py bootstrap` first.")


def _be_the_only_one() -> None:
    """End with one line where another server has the same DATA_DIR: each would overwrite what the other has saved."""
    try:
        locks.keep_serving(settings.DATA_DIR, wait=_PATIENCE)
    except locks.HeldElsewhereError:
        sys.exit(f"hooksui: DATA_DIR: {settings.DATA_DIR} is served by another process. Stop that one first.")
    except OSError as error:
        sys.exit(f"hooksui: DATA_DIR: {settings.DATA_DIR} cannot be used: {error.strerror}.")


_be_the_only_one()


def post_fork(server: Arbiter, worker: Worker) -> None:
    """Before the application is loaded: nothing of that is garbage, and looking for some takes a sixth of the time."""
    gc.disable()


def post_worker_init(worker: Worker) -> None:
    """The application is loaded and stays: later searches for garbage pass over it."""
    gc.freeze()
    gc.enable()
