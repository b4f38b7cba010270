"""How fast, how large: `make bench` prints one table. README.md says what each row compares."""
