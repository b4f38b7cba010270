"""Making a hook."""

from hooksui import catalogue
from hooksui.auth0.shapes import Hook
from hooksui.hooks import alone
from hooksui.hooks.scripts import refuse_broken
from hooksui.hooks.unclear import Done
from hooksui.hooks.workspace import Workspace, same_name


def create_hook(workspace: Workspace, name: str, trigger: str, script: str, *, confirmed: bool = False) -> Done[Hook]:
    """Make a hook with `script`, or with the starter script of its point where that is empty.

    The first hook of an extensibility point starts enabled, later ones disabled, as the original dashboard had it. A
    POST without an answer is never repeated: the hook may be there, so the list is read instead. Raises ApiError,
    and BrokenScriptError unless it is `confirmed` that the first one may have a script that cannot run.
    """
    with alone.at_points(workspace.tenant, [trigger]):
        before = workspace.all()
        known = {hook.id for hook in before}
        first = all(hook.trigger != trigger for hook in before)
        if first and script and not confirmed:
            refuse_broken(Hook("", name, trigger, script=script))

        def look() -> Hook | None:
            new = [hook for hook in workspace.all() if hook.id not in known and hook.trigger == trigger]
            return next((hook for hook in new if same_name(hook.name, name)), None)

        script = script or catalogue.points()[trigger].starter
        return workspace.create(name, trigger, script, enabled=first, look=look)
