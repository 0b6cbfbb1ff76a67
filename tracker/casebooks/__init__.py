"""Casebooks that ship with the program."""
