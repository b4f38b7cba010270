"""The Runner: runs a hook in a sandbox on this machine, as the platform would call it, and tells what that means.

`calling.run(job)` is one run; `running` does it for a person, `slots` keeps runs few, `meaning` says what the answer
would do at Auth0, `records` keeps what was run. Inside the sandbox `program/hook.mjs` calls the hook.
"""
