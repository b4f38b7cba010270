"""The hooks of a tenant by extensibility point, as the list and the create form show them."""

from dataclasses import dataclass

from hooksui import catalogue
from hooksui.auth0.shapes import Hook
from hooksui.catalogue import Point


@dataclass(frozen=True)
class Section:
    """An extensibility point with its hooks by name. `known` is False for one that the catalogue does not have."""

    point: Point
    hooks: list[Hook]
    known: bool = True

    @property
    def enabled(self) -> Hook | None:
        """The hook that runs at this point."""
        return next((hook for hook in self.hooks if hook.enabled), None)

    @property
    def start_of_new(self) -> str:
        """One sentence on whether a new hook at this point starts enabled."""
        if not self.hooks:
            return "It will be the first hook here and starts enabled."
        return f"It starts disabled; {self.enabled.name} stays enabled." if self.enabled else "It starts disabled."


def sections_of(hooks: list[Hook]) -> list[Section]:
    """The five extensibility points with their hooks; points that the catalogue does not know come last."""
    points = catalogue.points()
    unknown = sorted({hook.trigger for hook in hooks} - points.keys())
    by_trigger: dict[str, list[Hook]] = {trigger: [] for trigger in [*points, *unknown]}
    for hook in sorted(hooks, key=lambda hook: hook.name.casefold()):
        by_trigger[hook.trigger].append(hook)
    return [
        Section(points[trigger], own)
        if trigger in points
        else Section(Point(trigger, trigger or "No extensibility point", "", ""), own, known=False)
        for trigger, own in by_trigger.items()
    ]
