#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
"""usage: FILES=DIR kernel_events.py

Judges the kernel logger's files of tests/guest/kernel_events.sh by what its
programs and the kernel itself know, and by the kernel-events document.
"""

import os
import pathlib
import re
import sys
from collections import Counter, defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import kernel_mutants  # noqa: E402
import kernel_readers  # noqa: E402
from kernel_records import PERFINFO, SYSTEM, Log  # noqa: E402
from verdicts import check, failed, said  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
GOING = "trace_types.ko"	# the module that goes and comes
NO_CACHE, PRIORITY_NORMAL = 1, 3 << 17


def done(word):
    return said(FILES / "done", word)


def symbols():
    """name: address; those of modules as module:name"""
    found = {}
    with open(FILES / "kallsyms", encoding="ascii") as file:
        for line in file:
            address, _, name, *module = line.split()
            found[module[0].strip("[]") + ":" + name if module else name] = int(address, 16)
    return found


def named(table, prefix):
    return {address: name[len(prefix):] for name, address in table.items()
            if name.startswith(prefix)}


def counts(name, when, row):
    """Of /proc/interrupts or /proc/softirqs, over all CPUs."""
    with open(FILES / f"{name}.{when}", encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[0] == row + ":":
                return sum(int(word) for word in words[1:3])
    return 0


# ---- interrupts and what they put off


def pairs(log, name, records, before_begin):
    """Beginnings and ends: within the session, and of a CPU at most all of its time."""
    wrong = [r.where for r in records if not before_begin <= r.fields.initial <= r.time]
    check(records and not wrong, f"{name}: begins after the session and ends behind its beginning "
          "[K16]", len(records), *wrong)
    for number in log.cpus:
        own = [r for r in records if r.cpu == number]
        spent = sum(r.time - r.fields.initial for r in own)
        wall = log.records[-1].time - log.records[0].time
        check(own and spent < wall, f"{name}: CPU {number}: less than all of its time [K16]",
              spent, wall)
        overlap = [b.where for a, b in zip(own, own[1:]) if b.fields.initial < a.time]
        check(not overlap, f"{name}: CPU {number}: one after the other [K16]", *overlap)


def interrupts(log, table):
    records = log.of("isr")
    pairs(log, "ISR", records, log.records[0].time)
    check(all(len(r.payload) == 20 and r.fields.reserved == 0 for r in records),
          "ISR: 20 bytes, nothing in the reserved one [K16]")
    by_system = named(table, "wmitrace:vector_")
    local = [r for r in records if r.fields.routine in by_system]
    vectors = {(by_system[r.fields.routine], r.fields.vector, r.fields.claimed) for r in local}
    known = {("local_timer", 0xec, 1), ("irq_work", 0xf6, 1), ("call_function_single", 0xfb, 1),
             ("call_function", 0xfc, 1), ("reschedule", 0xfd, 1)}
    check(("local_timer", 0xec, 1) in vectors and vectors <= known,
          "ISR: vectors of the system are named by their routine", vectors)
    most = counts("interrupts", "end", "LOC") - counts("interrupts", "begin", "LOC")
    ticks = [r for r in local if r.fields.vector == 0xec]
    check(len(ticks) >= most, "ISR: every tick of the local timer that the kernel counts is there",
          len(ticks), most)
    devices = [r for r in records if r.fields.routine not in by_system]
    handlers = {address: name for name, address in table.items()}
    names = {handlers.get(r.fields.routine) for r in devices}
    lines = set()
    with open(FILES / "interrupts.end", encoding="ascii") as file:
        for line in file:
            if re.match(r"\s*\d+:", line):
                lines.add(int(line.split(":")[0]))
    # A real-time kernel runs a driver's handler in a thread; what handles the interrupt wakes it.
    handler = "irq_default_primary_handler" if "-rt-" in os.environ["RELEASE"] else "vring_interrupt|vp_"
    check(devices and None not in names and {r.fields.vector for r in devices} <= lines and
          any(re.search(handler, name) for name in names),
          "ISR: those of devices have the line's number and the handler", names, lines)


def dpcs(log, table):
    records = log.of("dpc")
    pairs(log, "DPC", records, log.records[0].time)
    names = named(table, "wmitrace:softirq_")
    kinds = {(r.hook, names.get(r.fields.routine)) for r in records}
    timers = {name for hook, name in kinds if hook == 0x0f45}
    others = {name for hook, name in kinds if hook == 0x0f44}
    check(timers and timers <= {"TIMER", "HRTIMER"} and others and
          others <= set(names.values()) - {"TIMER", "HRTIMER"} and
          {hook for hook, _ in kinds} <= {0x0f42, 0x0f44, 0x0f45},
          "DPC: timers are timer DPCs, the rest are not [7.2]", kinds)
    for vector in ("TIMER", "SCHED", "RCU"):
        most = counts("softirqs", "end", vector) - counts("softirqs", "begin", vector)
        own = [r for r in records if names.get(r.fields.routine) == vector]
        check(len(own) >= most, f"DPC: every {vector} that the kernel counts is there", len(own),
              most)
    # Woken between handlers: when there is too much to do, and by a quiescent state of RCU.
    daemons = {r.fields.tid for r in log.of("thread dcstart")
               if r.fields.name.startswith(("ksoftirqd/", "rcu_"))}
    handlers = log.of("isr", "dpc")                             # an ISR may interrupt the loop
    waking = [r for r in log.of("ready") if r.fields.flags & 1 and r.fields.tid not in daemons and
              records[0].time < r.time < records[-1].time]
    outside = [r.where for r in waking
               if not any(h.cpu == r.cpu and h.fields.initial <= r.time <= h.time
                          for h in handlers)]
    check(waking and not outside, "ReadyThread: its DPC flag is of one that runs", *outside)


# ---- disk


def disk(log):
    (pid,), = {tuple(row[:1]) for row in done("disk")}
    first = log.records[0].time
    for kind in ("write", "read"):
        wanted = [(row[2], row[3]) for row in done("disk") if row[1] == kind]
        own = [r for r in log.of(f"disk {kind}") if r.fields.tid == pid]
        missing = []
        for offset, size in wanted:
            inside = sorted((r.fields.offset, r.fields.size) for r in own
                            if offset <= r.fields.offset < offset + size)
            at = offset
            for start, length in inside:
                at += length if start == at else 1 << 40
            if at != offset + size:
                missing.append((offset, size, inside))
        check(own and not missing, f"DiskIo: each {kind} is there once, by who did it [K17]",
              *missing)
        odd = [r.fields for r in own if (r.fields.disk, r.fields.flags, r.fields.reserved,
                                         r.fields.file) != (0, NO_CACHE | PRIORITY_NORMAL, 0, 0)]
        check(not odd, f"DiskIo: {kind} of disk 0, direct, normal priority, no file", *odd)
        late = [r.where for r in own if not 0 < r.fields.response <= r.time - first]
        check(not late, f"DiskIo: {kind}: the response time lies within the session", *late)
        inits = {r.fields.irp: r for r in log.of(f"disk {kind} init")}
        lost = [r.fields for r in own if r.fields.irp not in inits or
                inits[r.fields.irp].fields.tid != pid or inits[r.fields.irp].time > r.time]
        check(len(inits) >= len(own) and not lost, f"DiskIo: {kind}: its beginning has the same Irp",
              *lost)
    flushes = [r for r in log.of("disk flush")]
    inits = {r.fields.irp for r in log.of("disk flush init")}
    check(flushes and all(r.fields.disk == 0 and 0 < r.fields.response <= r.time - first and
                          r.fields.irp in inits and r.fields.flags & PRIORITY_NORMAL and
                          r.fields.tid < 1 << 22 for r in flushes),
          "DiskIo: fsync is a flush", *[r.fields for r in flushes])
    irps = Counter(r.fields.irp for r in log.of("disk read", "disk write", "disk flush"))
    check(max(irps.values()) == 1, "DiskIo: one record for a request [K17]")


def statistics(log):
    """/sys/block/vda/stat: reads, merges, sectors, ms, writes, merges, sectors, …
    To the kernel a flush is a write of nothing."""
    begin, end = ([int(x) for x in (FILES / f"stat.{when}").read_text().split()]
                  for when in ("begin", "end"))
    for kind, at in (("read", 0), ("write", 4)):
        records = log.of(f"disk {kind}")
        flushes = len(log.of("disk flush")) if kind == "write" else 0
        got = len(records) + flushes, sum(r.fields.size for r in records) // 512
        wanted = end[at] - begin[at], end[at + 2] - begin[at + 2]
        check(got == wanted, f"DiskIo: {kind}s and sectors are those of the kernel's statistics "
              "[K17]", got, wanted)
    disks = [r.fields for r in log.of("disk")]
    check(len(disks) == 1 and disks[0][:5] == (0, 512, 63, 255, (64 << 30) // (512 * 63 * 255)) and
          disks[0][5:9] == (0, 0, 0, 0) and disks[0].name == "vda" and disks[0].partitions == 0,
          "0b0b says what disk 0 is", *disks)


# ---- memory


def faults(log):
    hooks = {"write": 0x020b, "copy": 0x020c, "read": 0x020a}
    seen = defaultdict(list)
    for r in log.of("fault"):
        seen[r.hook, r.fields.address].append(r.fields.pc)
    for kind, hook in hooks.items():
        wanted = [row[2:] for row in done("fault") if row[1] == kind]
        missing = [row for row in wanted
                   if not any(row[1] <= pc < row[2] for pc in seen[hook, row[0]])]
        check(wanted and not missing, f"page faults: each first {kind} is there, with its code [7.5]",
              *missing)


def images(log, table):
    kernel = [r for r in log.of("image dcstart", "image dcend") if r.fields.pid == 0]
    check(all(r.header == SYSTEM for r in kernel) and
          all(r.header == PERFINFO for r in log.of("image dcstart", "image dcend")
              if r.fields.pid), "images of the kernel have SYSTEM64 headers, others do not")
    linux = [r.fields for r in kernel if r.fields.name == "vmlinux"]
    check(len(linux) == 2 and all(i.base == table["_stext"] and
                                  i.base + i.size > table["_etext"] for i in linux) and
          all(r.fields.base == table["_stext"] for r in log.of("kernel base")) and
          len(log.of("kernel base")) == 2, "the kernel is where it says itself",
          *[f"{i.base:#x} {i.size:#x}" for i in linux], hex(table["_stext"]))
    with open(FILES / "modules", encoding="ascii") as file:
        modules = {row.split()[0] + ".ko": (int(row.split()[5], 16)) for row in file}
    for kind in ("image dcstart", "image dcend"):
        got = {r.fields.name: r.fields.base for r in kernel if r.kind == kind}
        got.pop("vmlinux")
        now = dict(modules)
        if kind == "image dcend":       # went and came
            now.pop(GOING), got.pop(GOING)
        check(got == now, f"{kind}: the modules where they are", got, now)
    unloaded = [r.fields for r in log.of("image unload")]
    check([(i.name, i.base, i.pid) for i in unloaded] == [(GOING, modules[GOING], 0)],
          "a module that goes is unloaded", *unloaded)
    check([r.fields.name for r in log.of("image load") if r.fields.pid == 0] == [GOING],
          "and loaded when it comes")
    (pid, base, size, mtime, path), = done("image")
    for kind in ("image load", "image dcend"):
        own = [r for r in log.of(kind) if r.fields.pid == pid and r.fields.name == path]
        check(len(own) == 1 and own[0].fields[:5] == (base, size, pid, 0, mtime) and
              own[0].fields[5:9] == (0, 0, 0, base) and not own[0].fields.rest.strip(b"\0"),
              f"{kind}: a file that is mapped to be executed [K18]", *[r.fields for r in own])
    check(all(r.hook == 0x030a for r in log.of("image load")), "image load is 030a [K18]")


def exec_images(log):
    """What exec maps belongs to the process that exec makes."""
    wrong, number = [], 0
    current = {}
    for r in log.of("process start", "process end", "image load"):
        if r.kind == "process start":
            current[r.fields.pid] = [r.fields.image]
        elif r.kind == "image load" and r.fields.pid in current:
            current[r.fields.pid].append(r.fields.name)
        elif r.kind == "process end" and r.fields.pid in current:
            image, *files = current.pop(r.fields.pid)
            if image == "kernel_events" and r.fields.status != 0x103 and files:
                number += 1
                if files[0] != "/bin/kernel_events" or "/bin/busybox" in files:
                    wrong.append((image, files))
    check(number >= 5 and not wrong, "exec: the program's image behind its Process Start [K18]",
          number, *wrong)


def counters(log):
    (pid, least, maxrss), = done("counters")
    own = [r for r in log.of("counters") if r.fields.pid == pid]
    last = own[-1].fields if own else None
    check(last and last.faults >= least > 200 and last.handles == last.reserved == 0 and
          last.peak_working_set >= maxrss << 10 > 8 << 20 > last.working_set and
          (last.peak_virtual > 8 << 20 > last.virtual or last.peak_virtual == last.virtual == 0),
          "counters: of a process that ends [8.4]",
          last, least, maxrss)
    left = {r.fields.pid: r.fields for r in log.of("counters dcend")}
    one = left.get(1)
    kernels = [(name, said(FILES / "status", name + ":")[0][0] << 10)
               for name in ("VmPeak", "VmHWM", "VmSize", "VmRSS", "VmData")]
    check(one and (one.peak_virtual, one.peak_working_set, one.virtual, one.working_set,
                   one.private) == tuple(size for _, size in kernels) and
          not any(one[6:9]) and not any(one[11:14]),
          "counters: of one that is left, as the kernel has them [8.4]", one, kernels)


# ---- who does what


def running(log):
    """(record, tid) of what lies between switches, CPU by CPU."""
    for records in log.cpus.values():
        tid = None
        for r in records:
            if r.kind == "cswitch":
                tid = r.fields.new
            else:
                yield r, tid


def syscalls(log, table):
    (pid, number, count), = done("syscall")
    base = table["wmitrace:system_call"]
    entered = Counter()
    statuses = Counter()
    for r, tid in running(log):
        if tid == pid and r.kind == "enter":
            entered[r.fields.address - base] += 1
        if tid == pid and r.kind == "exit":
            statuses[r.fields.status] += 1
    check(entered[number] == count, "system calls: each of them, by number [7.8]", entered)
    check(statuses[-3] == count, "system calls: what they returned: ESRCH [7.8]", statuses)


def samples(log, table):
    (pid, begin, end), = done("spin")
    own = [r.fields for r in log.of("sample") if r.fields.tid == pid]
    inside = [s for s in own if begin <= s.ip < end]
    user = [s for s in own if not s.ip >> 63]
    check(len(inside) > 10 and len(inside) > len(user) / 2,
          "samples: most of them where the program was [7.6]", len(inside), len(user))
    check(all(s.count == 1 and s.rank == 0 for s in own) and
          {s.flags >> 3 for s in inside} == {8} and not any(s.flags & 7 for s in inside),
          "samples: one tick, at the thread's priority", *own)
    idle = [r for r in log.of("sample") if r.fields.tid == 0]
    check(all(r.fields.flags >> 3 == 0 for r in idle), "samples: idle threads have priority 0")
    foreign = [r.fields for r, tid in running(log) if r.kind == "sample" and
               tid not in (None, r.fields.tid)]
    check(not foreign, "samples: the thread is the one that was switched in", *foreign)
    marks = [(r.kind, tuple(r.fields)) for r in log.of("samples begin", "samples end")]
    check(marks == [("samples begin", (0, 10000, 10000, "Timer")),
                    ("samples end", (0, 10000, 10000, "Timer"))],
          "samples: 0f49 and 0f4a say each ms", *marks)
    check(any(r.fields.ip >= table["_stext"] for r in log.of("sample")),
          "samples: of the kernel, too")


def described(log):
    platform = [r.fields for r in log.of("platform")]
    lines = (FILES / "machine").read_text(encoding="ascii").splitlines()
    machine = tuple(line.split(": ", 1)[1] for line in lines)
    check(len(platform) == 1 and tuple(platform[0]) == machine, "0b19 describes the machine",
          *platform, machine)


# ---- the other files


def addresses(payload):
    for at in range(0, len(payload) - 7, 4):
        value = int.from_bytes(payload[at:at + 8], "little")
        if 0xffff800000000000 <= value < 0xfffffe0000000000 or \
           0xffffffff80000000 <= value < 0xffffffffff000000:
            yield value


def hidden(log):
    leaks = [f"{r.where}: {value:#x} in {r.fields}" for r in log.records if r.kind != "cpu"
             for value in addresses(r.payload)]
    check(not leaks, "with kptr_restrict no payload holds a kernel address [K24]", *leaks)
    kinds = {r.kind for r in log.records}
    wanted = {"isr", "dpc", "fault", "image dcstart", "enter", "exit", "sample", "kernel base"}
    check(wanted <= kinds, "and there were all that could", wanted - kinds)
    check(any(r.fields.address == 39 for r in log.of("enter")) or
          all(r.fields.address < 1024 for r in log.of("enter")),
          "a system call is its number then")


def changes(log):
    """Each class between the marks that say so, and nowhere else."""
    words = [r.fields.words[:3] for r in log.of("masks")]
    wanted = [(0, 0x4000, 0), (0, 0x80, 0), (0x1000, 0, 0), (0x100, 0, 0), (0, 0, 0x40),
              (0, 2, 0), (4, 0, 0), (0, 0, 0), (0, 0, 0)]
    check(words == wanted, "each change is logged as masks [K3]", words)
    classes = [{"isr"}, {"dpc"}, {"fault"}, {"disk read", "disk write", "disk flush"},
               {"enter", "exit"}, {"sample"}, {"image load", "image unload"}, set(), set()]
    always = {"masks", "masks end", "complete", "cpu", "platform", "disk", "samples begin",
              "samples end", "image dcstart", "image dcend", "kernel base"}
    marks = [r.time for r in log.of("masks")] + [float("inf")]
    for i, own in enumerate(classes):
        seen = {r.kind for r in log.records if marks[i] <= r.time < marks[i + 1]} - always
        check(seen == own or seen and seen < own, f"and {own or 'nothing'} is logged alone", seen)


def masks(log):
    words = log.of("masks")[0].fields
    check(words.words == (0x0001270F, 2, 0, 0, 0, 0, 0, 0) and words.version == 70,
          "PROCESS ... PROFILE: word 0 is 0x0001270F, word 1 is 2 [K3]", words)


def readers(path):
    """Others decode to the same fields as we do."""
    wanted = {"Process Start", "Process DCEnd", "Thread Start", "Image Load", "Image DCStart",
              "DiskIo Read", "DiskIo Write", "DiskIo FlushBuffers"}
    more = {"Thread CSwitch", "Thread ReadyThread", "Thread SetName", "PerfInfo ISR",
            "PerfInfo DPC", "PerfInfo TimerDPC", "PerfInfo Sample", "PerfInfo SysCallEnter",
            "PerfInfo SysCallExit", "PageFault DemandZeroFault", "Process PerfCounter",
            "DiskIo ReadInit", "PerfInfo CollectionStart", "Image KernelBase"}
    for name, reader, events in (("dissect.etl", kernel_readers.dissect, wanted | more),
                                 ("etl-parser", kernel_readers.etl_parser, wanted)):
        *wrong, seen = reader(path)
        missing = events - {event for event, count in seen.items() if count}
        check(not wrong and not missing, f"{name} decodes the same fields [K18]", missing, *wrong)


def judge_all(log, table):
    """The file with all classes."""
    interrupts(log, table)
    dpcs(log, table)
    disk(log)
    statistics(log)
    faults(log)
    images(log, table)
    exec_images(log)
    counters(log)
    syscalls(log, table)
    samples(log, table)
    described(log)


def main():
    table, log = symbols(), Log(FILES / "all.etl")
    judge_all(log, table)
    check(not log.lost, "nothing was lost", log.lost)
    readers(str(FILES / "all.etl"))
    hidden(Log(FILES / "hidden.etl"))
    changes(Log(FILES / "changes.etl"))
    masks(Log(FILES / "masks.etl"))
    mine = Log(FILES / "mine.etl")
    check(any(r.kind == "process start" for r in mine.records) and
          int.from_bytes(mine.header[0].payload[32:36], "little") & 0x02000000,
          "a system logger of another name logs the kernel's events, and has its mode [4.2]")
    check({r.kind for r in Log(FILES / "refused.etl").records} >= {"process dcstart"},
          "a refused change changes nothing")
    if os.environ.get("FULL") == "1":
        # Lives and turns are kernel_tasks.py's.
        kernel_mutants.LAYOUTS = {hooks: layout for hooks, layout in kernel_mutants.LAYOUTS.items()
                                  if hooks[0] >> 8 != 5 and hooks[0] != 0x0301}
        kernel_mutants.run([log], lambda: judge_all(log, table))


if __name__ == "__main__":
    main()
    sys.exit(bool(failed))
