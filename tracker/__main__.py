"""So that ``python -m tracker`` is the command line too."""

from tracker.cli.main import run

if __name__ == "__main__":  # processes that help with a report import this module
    run()
