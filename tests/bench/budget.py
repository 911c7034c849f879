#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares one boot of the count rig with a budget, in TAP.

usage: budget.py BUDGET RUN

A case of the budget fails where it costs over 2 % more, or was not measured.
"""
import json
import sys

from results import read_count

TOLERANCE = 1.02


def main():
    """See the top."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="ascii") as file:
        budget = json.load(file)
    found = {(case, size): value for (who, case, size, _, _), value in read_count(sys.argv[2])
             if who == "wmitrace"}
    failed = 0
    for entry in budget["instructions"]:
        case, size, most = entry["case"], entry["bytes"], entry["most"]
        value = found.get((case, size))
        good = value is not None and value <= most * TOLERANCE
        failed += not good
        print(f"{'ok' if good else 'not ok'} - {case} {size} bytes: "
              f"{'not measured' if value is None else f'{value:g}'} instructions, budget {most:g}")
        if value is not None and value * TOLERANCE < most:
            print("# it costs less than that: lower the budget")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
