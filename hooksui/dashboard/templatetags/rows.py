"""The parts of the list that repeat for each hook. With a template each they would take most of the page's time."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hooksui.auth0.shapes import Hook

register = template.Library()

# An editor's address continues the list's. {0} is the hook's id, {1} its name, {2} what says that it is enabled.
_ROW = (
    '<li class="row" data-hook="{0}"><a class="row-name" href="{0}/">{1}</a>{2}'
    '<span class="row-buttons"><a class="button button-row tip tip-left" href="{0}/" aria-label="Edit {1}">{3}</a>'
    '<details class="gear">'
    '<summary class="button button-row tip tip-left" aria-label="More actions for {1}">{4}</summary>'
    '<a href="{0}/rename/">Rename</a><a href="{0}/delete/">Delete</a></details></span></li>\n'
)
_ACTIVE = SafeString(' <span class="muted">(active)</span>')
_NOTHING = SafeString("")
_ICON = '<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{}#{}"></use></svg>'
_OPTION = '<option value="{}"{}>{}</option>'
_SELECTED = SafeString(" selected")


@register.simple_tag
def hook_rows(hooks: list[Hook]) -> SafeString:
    """A list item for each hook: name, whether it is enabled, pencil, menu."""
    sprite = static("img/icons.svg")
    pencil, gear = format_html(_ICON, sprite, "pencil"), format_html(_ICON, sprite, "gear")
    return format_html_join(
        "", _ROW, ((hook.id, hook.name, _ACTIVE if hook.enabled else _NOTHING, pencil, gear) for hook in hooks)
    )


@register.simple_tag
def hook_options(hooks: list[Hook], enabled: Hook | None) -> SafeString:
    """An option for each hook, `enabled` being the selected one."""
    return format_html_join(
        "", _OPTION, ((hook.id, _SELECTED if hook is enabled else _NOTHING, hook.name) for hook in hooks)
    )
