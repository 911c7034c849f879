#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares one boot of the count rig with a budget, in TAP.

usage: budget.py BUDGET RUN

A case of the budget fails where it costs over 2 % more, or was not measured;
a relation where the case costs more than so many times another one of that run.
"""
import json
import sys

from results import read_count

TOLERANCE = 1.02


def judge_budget(entry, found):
    """A line of TAP for a case that has a limit.  True: it is kept."""
    case, size, most = entry["case"], entry["bytes"], entry["most"]
    value = found.get((case, size))
    good = value is not None and value <= most * TOLERANCE
    print(f"{'ok' if good else 'not ok'} - {case} {size} bytes: "
          f"{'not measured' if value is None else f'{value:g}'} instructions, budget {most:g}")
    if value is not None and value * TOLERANCE < most:
        print("# it costs less than that: lower the budget")
    return good


def judge_relation(entry, found):
    """The same for a case that is compared with another one of as many bytes."""
    size = entry["bytes"]
    value, other = found.get((entry["case"], size)), found.get((entry["than"], size))
    good = value is not None and other is not None and value <= other * entry["times"]
    print(f"{'ok' if good else 'not ok'} - {entry['case']} {size} bytes: at most "
          f"{entry['times']:g} times {entry['than']} ({value} against {other})")
    return good


def main():
    """See the top."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="ascii") as file:
        budget = json.load(file)
    found = {(case, size): value for (who, case, size, _, _), value in read_count(sys.argv[2])
             if who == "wmitrace"}
    good = [judge_budget(entry, found) for entry in budget["instructions"]]
    good += [judge_relation(entry, found) for entry in budget["relations"]]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
