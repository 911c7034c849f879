#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# full
"""usage: FILES=DIR bridge.py

Bridged trace events against the text that ftrace printed for the same events
in an instance beside the session (tests/guest/bridge.sh).

tests/tools/trace_text.c puts ftrace's records together again from the decoded
fields and has libtraceevent print them: that is to be what the kernel printed.
The session began before the instance and ended after it: on each CPU the
instance's events of a kind are a run of the session's.
"""

import os
import pathlib
import random
import re
import subprocess
import sys
from collections import defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from verdicts import check, failed  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
TOP = pathlib.Path(os.environ["TOP"])
SEED, CHOSEN = 20261122, 50
LINE = re.compile(r"^.{16,}-\d+ +\[(\d+)\] \S+ +[\d.]+: (.*)$")


def kind(text):
    """'sched_switch' of 'sched_switch: prev_comm=...'; system calls have a form of their own."""
    call = re.match(r"sys_(\w+)(\(| -> )", text)
    if call:
        return f"sys_{'enter' if call[2] == '(' else 'exit'}_{call[1]}"
    return text.split(":", 1)[0]


def unpack_formats():
    """The guest's `head -v` of all format files, as files."""
    parts = re.split(r"^==> (\S+) <==\n", (FILES / "formats").read_text(encoding="utf-8"),
                     flags=re.MULTILINE)
    for name, text in zip(parts[1::2], parts[2::2]):
        path = pathlib.Path("formats") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def by_kind(lines):
    kinds = defaultdict(lambda: defaultdict(list))
    for cpu, text in lines:
        name = kind(text)
        if name.startswith("sys_enter_"):       # from 7.x on the kernel writes 0x
            text = text.replace(": 0x", ": ")
        # Each of the two looks for itself; its parent may reap a zombie in between.
        text = text.replace("prev_state=X ==>", "prev_state=Z ==>")
        kinds[name][int(cpu)].append(text.rstrip())
    return kinds


def printed_by_ftrace():
    with open(FILES / "trace", encoding="utf-8", errors="replace") as file:
        for line in file:
            match = LINE.match(line.rstrip("\n"))
            if match:
                yield match.groups()
            elif not line.startswith("#"):
                raise AssertionError(f"a line of another form: {line!r}")


def decoded():
    done = subprocess.run([TOP / "build/tests/trace_text", "formats", FILES / "bridge.etl"],
                          capture_output=True, timeout=120, check=False)
    # Of formats that it cannot parse; such events are left out below.
    for line in done.stderr.decode().splitlines()[:5]:
        print("#", line)
    check(done.returncode == 0, "every bridged event is decoded")
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        yield line.split(" ", 1)


def printable():
    """
    Events whose text libtraceevent makes as the kernel does: no names of
    addresses, no functions of the kernel, no texts at addresses, no flags by names
    that the format does not explain, no texts that a system call was given (7.x).
    """
    names = set()
    for path in pathlib.Path("formats").glob("*/*/format"):
        text = path.read_text(encoding="utf-8").split("print fmt:", 1)[1]
        if not re.search(r"%\*?p|%#?\*?p[a-zA-Z]|__get_sockaddr|__print_hex_dump|"
                         r"\{ *[A-Z]|__\w+_val\b", text):
            names.add(path.parent.name)
    return names


# Wake-ups at the end of an interrupt, and the accounting that is part of them.
NESTED = re.compile(r"sched_wak(ing|eup): comm=(ktimers|ksoftirqd)/|sched_stat_runtime: ")


def lacking(texts, mine):
    """
    How many of @texts, all of them nested, are not in @mine, which has the others from its start
    on; None where it has not.
    """
    at = lost = 0
    for text in texts:
        if at < len(mine) and mine[at] == text:
            at += 1
        elif NESTED.match(text):
            lost += 1
        else:
            return None
    return lost


def is_run(texts, mine):
    """
    perf drops an event that comes in the making of another one's record in the same context
    (docs/bridge.md).  On a real-time kernel those are wake-ups of two threads: of timers and of
    softirqs, at the end of an interrupt, where the kernel counts as being in the task again.
    """
    starts = range(len(mine) - len(texts) + 1)
    if "-rt-" not in os.environ["RELEASE"]:
        return any(mine[at:at + len(texts)] == texts for at in starts)
    most = sum(map(bool, map(NESTED.match, texts))) // 2
    losses = (lacking(texts, mine[at:]) for at in range(len(mine)))
    return any(lost is not None and lost <= most for lost in losses)


def runs(name, theirs, ours):
    """Whether what ftrace has on each CPU is a run of what we have."""
    for cpu, texts in theirs.items():
        mine = ours.get(cpu, [])
        if not is_run(texts, mine):
            near = next((f"{a!r} is {b!r}" for a, b in zip(texts, mine) if a != b), "")
            return f"{name}, CPU {cpu}: {len(texts)} of ftrace's, {len(mine)} of ours; {near}"
    return None


def fields_of(name):
    text = (next(pathlib.Path("formats").glob(f"*/{name}/format"))).read_text(encoding="utf-8")
    return text.split("\n\n")[1]


def main():
    overrun = [line for line in (FILES / "stats").read_text(encoding="ascii").splitlines()
               if re.match(r"(overrun|commit overrun|dropped events): [1-9]", line)]
    check(not overrun, "ftrace lost nothing", *overrun)
    unpack_formats()
    theirs = by_kind(printed_by_ftrace())
    ours = by_kind(decoded())
    fired = sorted(theirs.keys() & printable())
    own = {name for name in fired if name.startswith("wt_")}
    check(len(own) == 4, "events with all types of fields", own)
    for name in sorted(own):
        wrong = runs(name, theirs[name], ours[name])
        check(not wrong and sum(map(len, theirs[name].values())) == 40,
              f"{name}: 40 as ftrace printed them", wrong)
    print(f"# seed {SEED}: {CHOSEN} of {len(fired)} kinds that fired")
    chosen = random.Random(SEED).sample([name for name in fired if name not in own],
                                        min(CHOSEN, len(fired) - len(own)))
    check(len(chosen) == CHOSEN, f"at least {CHOSEN} kinds of events fired", len(fired))
    layouts = "".join(map(fields_of, chosen + list(own)))
    for what in ("__data_loc", "__rel_loc", "char comm[16]"):
        check(what in layouts, f"among them some with {what}")
    for name in sorted(chosen):
        wrong = runs(name, theirs[name], ours[name])
        check(not wrong, f"{name}: {sum(map(len, theirs[name].values()))} as ftrace printed them",
              wrong)


main()
sys.exit(bool(failed))
