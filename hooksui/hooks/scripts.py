"""Whether a script can run: asked before an enabled hook gets it, and before a hook that has it is enabled."""

from hooksui.auth0.shapes import Hook
from hooksui.deno import reader
from hooksui.deno.reader import Fault


class BrokenScriptError(Exception):
    """The script of `hook`, which is enabled or is to be, cannot run, because of `fault`. Nothing was written."""

    def __init__(self, hook: Hook, fault: Fault) -> None:
        super().__init__(fault.message)
        self.hook = hook
        self.fault = fault


def refuse_broken(hook: Hook) -> None:
    """Raise BrokenScriptError where the script of `hook` certainly cannot run at its extensibility point."""
    (reading,) = reader.read([hook.script], hook.trigger)
    if reading.fault:
        raise BrokenScriptError(hook, reading.fault)
