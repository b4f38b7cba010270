"""The Runner: runs a hook in a sandbox on this machine, as the platform would call it, and tells what that means.

`sandbox.run(job)` is one run; `slots` keeps runs few, `modules` installs what the script requires, `meaning` says what
the answer would do at Auth0, `records` keeps what was run. Inside the sandbox `program/main.mjs` calls the hook.
"""
