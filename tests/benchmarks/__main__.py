"""All figures of speed one after the other, each beside what is asked for: python tests/benchmarks

Some ten minutes; the machine should have nothing else to do. Each script can be run alone, with options of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPTS = ("engine.py", "ledger_file.py", "stage.py", "auditor.py", "scaling.py")


def main() -> int:
    failed = []
    for name in SCRIPTS:
        print(f"\n{name}", flush=True)
        if subprocess.run([sys.executable, str(Path(__file__).with_name(name))]).returncode:
            failed.append(name)
    print("" if not failed else f"\nfailed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
