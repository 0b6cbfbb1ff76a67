"""Benchmarks: what the program costs, measured beside the floor in the same run."""
