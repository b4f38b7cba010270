"""The page that confirms which hook shall run at an extensibility point."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse

from hooksui import catalogue
from hooksui.accounts.permissions import Permission
from hooksui.auth0.errors import ApiError
from hooksui.auth0.shapes import Hook
from hooksui.dashboard.sections import Section, sections_of
from hooksui.dashboard.views.hooks import ListPage
from hooksui.hooks import unclear
from hooksui.hooks.scripts import BrokenScriptError
from hooksui.hooks.switching import EnabledMeanwhileError, HookMissingError, SwitchFailedError, switch_hook
from hooksui.tenants.state import last_known_hooks
from hooksui.web.errors import Message, message_of
from hooksui.web.responses import failure


class HookEnabled(ListPage):
    """Says what will stop and what will start at a point, and does it."""

    needs: ClassVar = {"GET": Permission.CHANGE, "POST": Permission.CHANGE}

    def get(self, request: HttpRequest) -> HttpResponse:
        """What choosing `?hook=` at the point of `?trigger=` would change; no `hook` means None."""
        trigger, hook_id = request.GET.get("trigger", ""), request.GET.get("hook", "")
        if trigger not in catalogue.points():
            return failure(request, 404, f"There is no extensibility point {trigger}.", title="No such point")
        section = _section(last_known_hooks(self.record), trigger)
        new = _find(section, hook_id)
        if (hook_id and not new) or not self.record.hooks_seen_at:
            try:
                section = _section(self.workspace.all(), trigger)
            except ApiError as error:
                return self.list_page(message_of(error, self.tenant))
            new = _find(section, hook_id)
            if hook_id and not new:
                return self.list_page(self._missing())
        if new is section.enabled:
            return self.done(self._unchanged(new, section.point.title))
        return self.page("dashboard/enabled.html", new=new, old=section.enabled, point=section.point)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make `hook` the one that runs at `trigger`, if `was` is still the one that does.

        A hook that cannot run is enabled only with `confirmed` among the fields.
        """
        trigger, hook_id = request.POST.get("trigger", ""), request.POST.get("hook", "")
        if trigger not in catalogue.points():
            return failure(request, 404, f"There is no extensibility point {trigger}.", title="No such point")
        title = catalogue.points()[trigger].title
        try:
            switched = switch_hook(
                self.workspace,
                trigger,
                hook_id,
                request.POST.get("was", ""),
                confirmed="confirmed" in request.POST,
            )
        except HookMissingError:
            return self.list_page(self._missing())
        except EnabledMeanwhileError as meanwhile:
            return self.list_page(_meanwhile(meanwhile, title))
        except BrokenScriptError as error:
            return self._ask(error, trigger)
        except SwitchFailedError as failed:
            return self.list_page(self._failed(failed, title))
        except ApiError as error:
            return self.list_page(message_of(error, self.tenant, typed=True))
        if not switched.changed:
            return self.done(self._unchanged(switched.new, title))
        new, running = switched.new, switched.running
        if running is not None and _ids(running) != ([new.id] if new else []):
            return self.list_page(_overtaken(running, title, new))
        unseen = (
            "" if running is not None else " We could not check whether somebody chose another one in the meantime."
        )
        if new:
            return self.done(f"{new.name} is now enabled at {title}.{unseen}")
        return self.done(f"No hook is enabled at {title} now.{unseen}")

    def _ask(self, error: BrokenScriptError, trigger: str) -> HttpResponse:
        old = self.workspace.known(self.request.POST.get("was", ""))
        point, message = catalogue.points()[trigger], self.question(error, "changed")
        return self.page("dashboard/enabled.html", message, new=error.hook, old=old, point=point)

    def _missing(self) -> Message:
        text = f"This hook is no longer on {self.tenant.slug}. Someone may have deleted it. The list is up to date now."
        return Message(404, "hook-gone", text)

    def _unchanged(self, hook: Hook | None, title: str) -> str:
        return (
            f"{hook.name} is already enabled at {title}." if hook else f"There is already no hook enabled at {title}."
        )

    def _failed(self, failed: SwitchFailedError, title: str) -> Message:
        cause = message_of(failed.cause, self.tenant, hook=failed.at.name)
        text = f"{failed.new.name} could not be enabled: {cause.text} "
        if failed.put_back and failed.running is not None and _ids(failed.running) != [failed.old.id]:
            text += _overtaken(failed.running, title, failed.new).text
        elif failed.put_back:
            text += f"{failed.old.name} is running again."
        else:
            if failed.at == failed.new:
                runs = "nothing may run" if unclear.is_unclear(failed.cause) else "nothing runs"
            else:
                runs = "nothing may run" if failed.at == failed.old else f"only {failed.at.name} may run"
            text += (
                f"{failed.old.name} could not be restored either, so {runs} at {title} now. "
                "Enable one of them as soon as you can."
            )
        if failed.disabled:
            text += f" Disabled now: {', '.join(hook.name for hook in failed.disabled)}."
        return Message(cause.status, cause.kind, text, cause.seconds)


def _section(hooks: list[Hook], trigger: str) -> Section:
    return next(section for section in sections_of(hooks) if section.point.trigger == trigger)


def _find(section: Section, hook_id: str) -> Hook | None:
    return next((hook for hook in section.hooks if hook.id == hook_id), None)


def _ids(hooks: list[Hook]) -> list[str]:
    return [hook.id for hook in hooks]


def _overtaken(running: list[Hook], title: str, new: Hook | None) -> Message:
    names = " and ".join(hook.name for hook in running)
    if not running:
        text = f"The hook was disabled in the meantime: nothing runs at {title} now."
    elif len(running) == 1:
        text = f"Another hook was enabled in the meantime: {names} is enabled at {title} now."
    else:
        text = f"Another hook was enabled in the meantime: {names} are enabled at {title} now. Choose the one to run."
    return Message(409, "enabled-meanwhile", f"{text} Choose again if you still want {new.name if new else 'none'}.")


def _meanwhile(meanwhile: EnabledMeanwhileError, title: str) -> Message:
    other, new = meanwhile.enabled, meanwhile.new
    happened = f"{other.name} was enabled at {title}" if other else f"The hook at {title} was disabled"
    wanted = new.name if new else "none"
    text = f"{happened} in the meantime. The list is up to date now; choose again if you still want {wanted}."
    return Message(409, "enabled-meanwhile", text)
