"""Check a run that was kept: `python -m scripts.storm.checker DIRECTORY`. 0: nothing is wrong with it."""

import sys
from pathlib import Path

from scripts.storm.checker.check import check
from scripts.storm.checker.evidence import read_evidence
from scripts.storm.checker.report import report_of


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    findings = check(read_evidence(Path(sys.argv[1])))
    print(report_of(findings))
    return 0 if findings.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
