"""The domain: what a claim is, what speaks for and against it, and how its status is resolved.

Pure: nothing here reads a file, a database, the environment or the clock.
"""
