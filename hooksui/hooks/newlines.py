"""Line ends of scripts: browsers, editors and checkouts change them, and they make no difference to a hook."""


def newline_of(script: str) -> str:
    """The line end that `script` uses throughout, "\\n" where it is mixed or has none."""
    lines = script.count("\n")
    return "\r\n" if lines and script.count("\r\n") == lines else "\n"


def with_newlines(script: str, newline: str) -> str:
    """`script` with every line end (\\r\\n, \\r or \\n) written as `newline`."""
    return with_lf(script).replace("\n", newline)


def with_lf(script: str) -> str:
    """`script` as a browser compares it: every line end is \\n."""
    return script.replace("\r\n", "\n").replace("\r", "\n")
