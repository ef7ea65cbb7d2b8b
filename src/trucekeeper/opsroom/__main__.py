"""`python -m trucekeeper.opsroom serve MISSION`: what `truce serve` runs."""

from __future__ import annotations

import sys

from trucekeeper.opsroom.serving import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
