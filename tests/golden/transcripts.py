# SPDX-License-Identifier: GPL-2.0-or-later
"""The transcripts of docs/reading.md are what the commands print.

With --write: puts into the page what they print now.
"""

import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(os.environ["TOP"])
SAMPLES = pathlib.Path(os.environ.get("SAMPLES", TOP / "../shared/etl-samples"))
PAGE = TOP / "docs/reading.md"
NAMES = ("AMSITrace.etl", "CldFlt0.etl", "CldFlt2.etl")


def output(command):
    """What a shell shows, in the folder with the samples."""
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False, timeout=60)
    return done.stdout.decode(errors="replace").replace("\r\n", "\n")


def parts(text):
    """(command, its output), and (None, text between), in order."""
    inside = False
    for block in re.split(r"^```\n", text, flags=re.M):
        if not inside:
            yield None, block
        else:
            for match in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.M):
                yield match.group(1), match.group(2)
        inside = not inside


def main():
    missing = [name for name in NAMES if not (SAMPLES / name).exists()]
    if missing:
        print(f"1..0 # SKIP no {missing[0]} in {SAMPLES}")
        return
    for name in NAMES:
        if not os.path.lexists(name):
            os.symlink((SAMPLES / name).resolve(), name)
    text = PAGE.read_text(encoding="utf-8")
    for command, shown in parts(text):
        if command is None or not any(name in command for name in NAMES):
            continue
        found = output(command)
        good = found == shown
        print("ok" if good else "not ok", "-", command.replace("#", ""))
        if not good:
            text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{found}")
            print(*(f"# {line}" for line in found.splitlines()), sep="\n")
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")


main()
