# SPDX-License-Identifier: GPL-2.0-or-later
"""How tests in Python say their results (tests/README.md), and read what programs of guest
tests said.
"""

import re

failed = []     # titles of what did not hold


def check(good, text, *details):
    """One TAP line, with some of what is wrong."""
    print(f"{'ok' if good else 'not ok'} - {text}")
    if not good:
        failed.append(text)
        for detail in details[:10]:
            print(f"# {detail}")


def said(path, word):
    """The lines of a file that begin with @word: the words behind it, numbers as int."""
    with open(path, encoding="utf-8") as file:
        rows = [line.split() for line in file]
    return [tuple(int(x) if re.fullmatch(r"-?\d+", x) else x for x in row[1:])
            for row in rows if row and row[0] == word]
