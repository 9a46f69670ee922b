"""``python -m lowdose.report.science [FOLDER]``: write the page and its figures."""

from __future__ import annotations

import sys
from pathlib import Path

from lowdose.report.science import write_science

if __name__ == "__main__":
    write_science(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
