"""The command line: parse, call one application function, print."""
