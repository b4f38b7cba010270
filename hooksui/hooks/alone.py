"""Being alone with a hook, or with an extensibility point of a tenant: one lock for pages, imports and commands."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings

from hooksui.data_dir import locks
from hooksui.hooks.errors import BusyError
from hooksui.tenants.config import Tenant

WAIT = 30.0  # seconds; whoever has the lock makes a few calls, of 10 s each at the most


@contextmanager
def with_hook(tenant: Tenant, hook_id: str) -> Iterator[None]:
    """Nobody else on this DATA_DIR writes the hook meanwhile.

    Raises BusyError where somebody does, for WAIT seconds.
    """
    with _alone(tenant, "hook", hook_id):
        yield


@contextmanager
def at_points(tenant: Tenant, triggers: Iterable[str]) -> Iterator[None]:
    """Nobody else on this DATA_DIR chooses what runs at these points meanwhile. Raises BusyError as above."""
    with ExitStack() as stack:
        # All in one order, so that no two wait for each other.
        for trigger in sorted(triggers):
            stack.enter_context(_alone(tenant, "point", trigger))
        yield


@contextmanager
def _alone(tenant: Tenant, *key: str) -> Iterator[None]:
    try:
        with locks.held(settings.DATA_DIR, tenant.origin, *key, wait=WAIT):
            yield
    except locks.HeldElsewhereError as error:
        raise BusyError from error
