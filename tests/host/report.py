#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: FILES=DIR report.py

`wmitrace report --json` of tests/guest/report.sh's file against the same sums
made here, by tests/lib/kernel_records.py, which shares nothing with it.
"""

import json
import os
import pathlib
import subprocess
import sys
from collections import Counter, defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from kernel_records import Log  # noqa: E402
from verdicts import check, failed  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
READY, TERMINATED = 1, 4


def run(*arguments):
    return subprocess.run(["wmitrace", "report", *arguments], capture_output=True, text=True,
                          timeout=60, check=False)


class Sums:
    """Of thread ids: all lives of an id together."""

    def __init__(self, log):
        marks = log.of("masks")
        begin = marks[0].time
        mark = log.of("masks end")[-1].time
        self.run, self.where = Counter(), defaultdict(Counter)
        self.busy, self.idle, self.switches = Counter(), Counter(), Counter()
        self.turns, self.preempted = Counter(), Counter()
        self.span = {}
        for cpu, records in log.cpus.items():
            switches = [r for r in records if r.kind == "cswitch"]
            end = max(mark, switches[-1].time)      # the probe is taken away behind the mark
            self.span[cpu] = end - begin
            edges = [begin] + [r.time for r in switches] + [end]
            tids = [switches[0].fields.old] + [r.fields.new for r in switches]
            for tid, since, until in zip(tids, edges, edges[1:]):
                self.run[tid] += until - since
                self.where[tid][cpu] += until - since
                (self.busy if tid else self.idle)[cpu] += until - since
            self.switches[cpu] = len(switches)
            self.turns.update(r.fields.new for r in switches)
            self.preempted.update(r.fields.old for r in switches if r.fields.state == READY)
        self.ready, self.waits = Counter(), Counter()
        self.delays(log)

    def delays(self, log):
        """Between a switch away and the next to it, parted by the wake-up."""
        doing = defaultdict(lambda: (None, None))       # what a thread that does not run does, since

        def ends(tid, time):
            what, since = doing.pop(tid, (None, None))
            if what in ("ready", "waits"):
                (self.ready if what == "ready" else self.waits)[tid] += time - since

        for r in log.of("cswitch", "ready", "thread start"):
            if r.kind == "thread start":
                if doing[r.fields.tid][0] != "runs":
                    doing.pop(r.fields.tid)
            elif r.kind == "ready":
                if doing[r.fields.tid][0] in (None, "waits"):
                    ends(r.fields.tid, r.time)
                    doing[r.fields.tid] = "ready", r.time
            else:
                ends(r.fields.new, r.time)
                doing[r.fields.new] = "runs", r.time
                doing[r.fields.old] = {READY: "ready", TERMINATED: "gone"}.get(
                    r.fields.state, "waits"), r.time
        for sums in (self.ready, self.waits):
            del sums[0]


def by_tid(report, key):
    sums = Counter()
    for thread in report["threads"]:
        sums[thread["tid"]] += thread[key]
    return sums


def same(mine, theirs, lives, what, unit):
    """Ticks here, nanoseconds there: rounded once for each life."""
    wrong = [f"{tid}: {mine[tid] * unit:.0f} here, {theirs[tid]} there"
             for tid in mine.keys() | theirs.keys()
             if abs(mine[tid] * unit - theirs[tid]) > lives[tid] * 4 + 1e-9 * theirs[tid]]
    check(any(mine.values()) and not wrong, what, *wrong)


def whole(log, report):
    sums = Sums(log)
    unit = 1e9 / log.frequency
    lives = Counter(thread["tid"] for thread in report["threads"])
    same(sums.run, by_tid(report, "run"), lives, "time on a CPU of each thread", unit)
    same(sums.ready, by_tid(report, "ready"), lives, "time ready for a CPU", unit)
    same(sums.waits, by_tid(report, "waits"), lives, "time waiting for something else", unit)
    check(+by_tid(report, "switches") == +sums.turns, "switches to each thread")
    check(+by_tid(report, "preempted") == +sums.preempted, "how often it was preempted")
    where = defaultdict(Counter)
    for thread in report["threads"]:
        for cpu, ns in thread["on_cpu"].items():
            where[thread["tid"]][int(cpu)] += ns
    wrong = [(tid, cpu) for tid in sums.where for cpu, ticks in sums.where[tid].items()
             if abs(ticks * unit - where[tid][cpu]) > 4 * lives[tid] + 1]
    check(not wrong, "where each thread ran", *wrong)
    for cpu in report["cpus"]:
        number = cpu["cpu"]
        check(abs(cpu["busy"] - sums.busy[number] * unit) < 2 and
              abs(cpu["idle"] - sums.idle[number] * unit) < 2 and
              cpu["switches"] == sums.switches[number] and not cpu["breaks"],
              f"CPU {number}: busy, idle, switches", cpu)
        check(abs(cpu["busy"] + cpu["idle"] - sums.span[number] * unit) < 4,
              f"CPU {number}: all its time", cpu, sums.span[number])
    check(report["wakeups"] == len(log.of("ready")), "wake-ups", report["wakeups"])


def names(log, report):
    started = Counter(r.fields.pid for r in log.of("process start"))
    theirs = Counter(p["pid"] for p in report["processes"] if p["started"])
    check(theirs == started, "processes that started, an exec each", theirs - started)
    wrong = []
    for thread in log.of("thread dcstart", "thread start"):
        known = [t for t in report["threads"]
                 if t["tid"] == thread.fields.tid and t["pid"] == thread.fields.pid]
        if not known:
            wrong.append(thread.fields)
    check(not wrong, "every thread that began", *wrong)
    images = {(r.fields.pid, r.fields.image) for r in log.of("process start", "process dcstart")}
    theirs = {(p["pid"], p["name"]) for p in report["processes"]}
    check(images == theirs, "names of processes", images ^ theirs)
    nameless = [t for t in report["threads"] if t["switches"] and not t["process"]]
    check(not nameless, "every thread that ran has a process with a name", *nameless)


def as_text(text, report):
    """Each list has the threads with the most of its time, by it, as in the JSON."""
    known = [t for t in report["threads"] if t["tid"] and t["switches"] + t["run"]]
    for title, key, column in (("on a CPU", "run", 2), ("ready, waiting for a CPU", "ready", 3),
                               ("waiting for something else", "waits", 5)):
        most = sorted((t[key] / 1e6 for t in known), reverse=True)[:3]
        lines = text.partition(f"\nThreads by time {title}\n")[2].splitlines()[1:4]
        wrong = [line for line, ms in zip(lines, most)
                 if abs(float(line.split()[column]) - ms) > 0.001 or
                 not any(str(t["tid"]) == line.split()[0] and abs(t[key] / 1e6 - ms) < 0.002 and
                         (t["name"] or t["process"]) in line for t in known)]
        check(len(lines) == 3 and not wrong, f"as text: the most time {title}", *wrong, text)
    check("Loss      none" in text, "as text: what was lost", text)


def without_buffer(path, log):
    """The file without a buffer of switches, as if it had been lost, and where they were."""
    data = path.read_bytes()
    size = int.from_bytes(data[:4], "little")
    for cpu, records in log.cpus.items():
        lies = [(int(r.where.split("buffer at ")[1].split(",")[0], 0), r)
                for r in records if r.kind == "cswitch"]
        for at in sorted({at for at, _ in lies}):
            before = [r for place, r in lies if place < at]
            after = [r for place, r in lies if place > at]
            if before and after and before[-1].fields.new != after[0].fields.old:
                pathlib.Path("hole.etl").write_bytes(data[:at] + data[at + size:])
                return cpu, after[0].time - before[-1].time
    raise AssertionError("no buffer whose loss breaks a chain")


def main():
    path = FILES / "tasks.etl"
    log = Log(path)
    done = run("--json", path)
    check(done.returncode == 0, "report --json", done.stderr)
    report = json.loads(done.stdout)
    whole(log, report)
    names(log, report)
    done = run("-n", "3", path)
    check(done.returncode == 0, "report -n 3", done.stderr)
    as_text(done.stdout, report)
    cpu, ticks = without_buffer(path, log)
    hole, = [c for c in json.loads(run("--json", "hole.etl").stdout)["cpus"] if c["cpu"] == cpu]
    check(hole["breaks"] == 1 and abs(hole["unknown"] - ticks * 1e9 / log.frequency) < 2 and
          abs(hole["busy"] + hole["idle"] + hole["unknown"] - hole["span"]) < 8,
          "a missing buffer is a break, and its time nobody's", hole, ticks)
    check(run("-n", "x", path).returncode == 2, "-n x is refused")


main()
sys.exit(bool(failed))
