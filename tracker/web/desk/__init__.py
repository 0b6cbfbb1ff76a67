"""The desk: the pages of a tracker, live, and forms that do what the command line does. No page needs a
script."""
