"""`python -m leadml` is the command `leadml`."""

from __future__ import annotations

from leadml.cli import main

if __name__ == "__main__":
    main(prog_name="leadml")
