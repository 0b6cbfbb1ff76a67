"""The tests: they mirror the rooms of the program, and read like examples."""
