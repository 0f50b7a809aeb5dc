"""Write the expected files anew: `python tests/golden/refresh.py [FOLDER]`. Read the diff before committing it."""

import sys
from pathlib import Path

from test_golden_feeds import EXPECTED, artifacts


def main(folder: Path) -> None:
    for artifact in artifacts():
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.body)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXPECTED)
