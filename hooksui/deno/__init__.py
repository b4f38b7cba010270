"""Programs that run in Deno, a process of their own each, without permissions. Those in `programs/` are built."""
