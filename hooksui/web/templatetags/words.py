"""Sentences that come from code, as HTML."""

import re
from html import escape

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def with_code(text: str) -> SafeString:
    """`text` as HTML; what stands between backticks is code."""
    return SafeString(re.sub("`([^`]+)`", r"<code>\1</code>", escape(text)))
