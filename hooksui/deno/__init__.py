"""Programs that run in Deno, a process of their own each, without permissions.

`process` starts and ends one. There are two kinds: a `dialogue` answers questions, such as `reader`'s on a script; in a
`sandbox` one job calls a script that may do anything, and what it tells is read by `protocol`. `modules` has what such
a script requires, `network` the hosts that it may reach. `inside/` is what every program of the second kind is made of,
around a calling convention of its own; those in `programs/` are built.
"""
