#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
"""usage: FILES=DIR kernel_tasks.py

Judges the kernel logger's files of tests/guest/kernel_tasks.sh by what the
tasks in them knew of themselves, and by the kernel-events document.
"""

import os
import pathlib
import re
import statistics
import sys
from collections import defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import kernel_mutants  # noqa: E402
from kernel_records import Log  # noqa: E402
from verdicts import check, failed, said  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
READY, RUNNING, TERMINATED, WAITING = 1, 2, 4, 5
PROCESS, THREAD, CSWITCH, DISPATCHER = 1, 2, 0x10, 0x800


# ---- the skeleton


def header(name, log):
    hooks = [(r.hook, r.header, r.version, len(r.payload)) for r in log.header]
    check(len(hooks) == 2 and hooks[0][:3] == (0x0000, 2, 2) and hooks[1] == (0x0005, 2, 2, 36),
          f"{name}: the first buffer has header and masks [K1]", hooks)
    check(not log.lost, f"{name}: nothing was lost", log.lost)
    backwards = [b.where for records in log.cpus.values() for a, b in zip(records, records[1:])
                 if b.time < a.time]
    check(not backwards, f"{name}: time never steps back within a CPU", *backwards)


def skeleton(name, log):
    kinds = [r.kind for r in log.records]
    check(kinds[:2] == ["masks end", "masks"], f"{name}: begins with 0020, 0005 [K4]", kinds[:3])
    first, second = (r.fields.words for r in log.records[:2])
    check(first == (0,) * 8, f"{name}: no masks before [K4]", first)
    check(second[:3] == (PROCESS | THREAD, 0x4 | 0x200, 0),
          f"{name}: PROCESS, THREAD in word 0, CSWITCH, DISPATCHER in word 1 [K3]", second)
    check(kinds[-2:] == ["masks", "complete"] and not any(log.records[-2].fields.words),
          f"{name}: ends with 0005 of zeros, 0008 [K4]", kinds[-3:])
    order = [k for k in kinds if k in ("masks end", "masks", "complete", "cpu")]
    check(order == ["masks end", "masks", "complete", "masks end", "cpu", "masks", "complete"],
          f"{name}: marks in the order of the document [K4]", order)
    done = kinds.index("complete")
    late = [k for k in kinds[done:] if k == "process dcstart" or k == "thread dcstart"]
    early = [k for k in kinds[:kinds.index("cpu")] if k.endswith("dcend")]
    check(not late, f"{name}: DCStarts before 0008 [K4]", len(late))
    check(not early, f"{name}: DCEnds behind the configuration [K4]", len(early))
    (kilobytes, _), = said(FILES / "meminfo", "MemTotal:")
    megabytes = kilobytes >> 10
    for record in log.of("cpu"):
        cpu = record.fields
        check((cpu.cpus, cpu.page, cpu.architecture, cpu.computer, cpu.memory) ==
              (4, 4096, 9, "guest", megabytes), f"{name}: 0b0a describes the guest", cpu)


def idle(name, log):
    processes = [r for r in log.of("process dcstart") if r.fields.pid == 0]
    check(len(processes) == 1 and processes[0].size == 91 and
          processes[0].fields.image == "Idle" and processes[0].fields.sid == "S-1-5-18" and
          processes[0].fields.session == 0xffffffff and processes[0].fields.status == 0x103,
          f"{name}: Idle is a record of 91 bytes [K5]", *processes)
    threads = [r for r in log.of("thread dcstart") if r.fields.tid == 0]
    check([r.fields.affinity for r in threads] == [1, 2, 4, 8] and
          all(len(r.payload) == 74 and r.fields.priority == 0 for r in threads),
          f"{name}: a thread 0 for each CPU, 74 bytes [K5] [K6]", *[r.fields for r in threads])


# ---- lives


def lives(name, log):
    """Each id has one life at a time, and each begins and ends."""
    for what in ("process", "thread"):
        is_open, began, wrong = {}, defaultdict(set), []
        for r in log.of(*(f"{what} {end}" for end in ("start", "end", "dcstart", "dcend"))):
            key = r.fields.pid if what == "process" else (r.fields.tid or -r.fields.affinity)
            if r.kind.endswith("start"):
                if key in is_open:
                    wrong.append(f"{r.where}: {r.kind} of {key}, which is open")
                is_open[key] = r
                began[r.fields.key if what == "process" else r.time].add(r.kind)
            elif key not in is_open:
                if key >= 0 or r.kind == "thread end":
                    wrong.append(f"{r.where}: {r.kind} of {key}, which is not open")
            else:
                begun = is_open.pop(key)
                if what == "process" and begun.fields[:2] != r.fields[:2]:
                    wrong.append(f"{r.where}: {r.fields} ends {begun.fields}")
                if what == "process" and begun.fields.image != r.fields.image:
                    wrong.append(f"{r.where}: {begun.fields.image} ends as {r.fields.image}")
        check(not wrong, f"{name}: each {what} has one open life at a time [K12] [K15]", *wrong)
        check(not is_open, f"{name}: and every life of a {what} ends [K12]",
              *[f"{key}: {r.kind} {r.fields}" for key, r in is_open.items()])
        both = [key for key, kinds in began.items() if len(kinds) > 1]
        check(not both, f"{name}: no {what} has both Start and DCStart [K15]", *both)


def described(name, log):
    """What a thread's records hold beside its ids (6.2).  Programs of the guest are static.

    The TLS of threads that are not the first lies in mapped memory, which may reach up to
    the stack.
    """
    stacks = range(0x7ff000000000, 1 << 47)
    wrong, seen = [], [0, 0]
    for r in log.of("thread start", "thread end", "thread dcstart", "thread dcend"):
        t = r.fields
        seen[0] += t.user_stack != 0
        seen[1] += t.teb != 0
        if ((t.stack, t.stack_limit, t.user_limit, t.start, t.tag, t.flags) != (0,) * 6 or
                (t.page_priority, t.io_priority) != (5, 2) or not 0 < t.affinity < 16 or
                t.user_stack and (t.user_stack not in stacks or t.pid != t.tid) or
                t.teb >= (stacks.start if t.pid == t.tid else stacks.stop)):
            wrong.append(t)
    check(not wrong and all(seen), f"{name}: threads have stacks, TLS, CPUs, nothing else [6.2]",
          seen, *wrong)


def resolvable(name, log):
    used = {tid for r in log.of("cswitch") for tid in (r.fields.new, r.fields.old)}
    for without in ((), ("dcstart",), ("dcend",)):
        records = [r for r in log.records if not r.kind.endswith(without or "nothing")]
        tids = {r.fields.tid: r.fields.pid for r in records if r.kind.startswith("thread")}
        pids = {r.fields.pid for r in records if r.kind.startswith("process")}
        unknown = {tid for tid in used if tids.get(tid) not in pids}
        check(not unknown, f"{name}: every tid in CSwitch has a thread and a process, "
              f"without {' '.join(without) or 'anything left out'} [K14]", sorted(unknown))


def forks(name, log):
    by_pid = defaultdict(list)
    for r in log.records:
        if r.kind in ("process start", "process end", "thread start", "thread end"):
            by_pid[r.fields.pid].append(r)
    for parent, child, status in said(FILES / name, "fork"):
        records = by_pid[child]
        kinds = [r.kind for r in records]
        inside = kinds[2:-2]
        good = (kinds[:2] == ["process start", "thread start"] and
                kinds[-2:] == ["thread end", "process end"] and
                sorted(inside) in ([], ["thread end", "thread start"]) and
                all(r.pid == parent and r.fields.pid == child for r in records[:2]) and
                records[0].fields.parent == parent and records[-1].fields.status == status)
        if not good:
            return f"{parent} forks {child}, status {status}: " + str(
                [(r.kind, r.pid, r.fields) for r in records])
    return None


def created(log):
    wrong = []
    for pid, tid in said(FILES / "tasks", "thread"):
        kinds = [r.kind for r in log.records if r.kind.startswith("thread") and r.fields.tid == tid]
        if kinds != ["thread start", "thread end"]:
            wrong.append((tid, kinds))
        wrong += [r.fields for r in log.records if r.kind.startswith("process") and
                  r.fields.pid == tid]
        named = [r.fields for r in log.of("name") if r.fields.tid == tid]
        wrong += [] if named == [(pid, tid, "wt-short")] else [("names", tid, named)]
    check(not wrong, "pthread_create: a Thread Start with its name and no Process Start [K12]", *wrong)


def execed(log):
    (pid, tid), = said(FILES / "tasks", "exec")
    ends = [r.time for r in log.of("thread end") if r.fields.tid == tid]
    processes = [r for r in log.records if r.kind.startswith("process") and r.fields.pid == pid]
    starts = [r for r in processes if r.kind == "process start"]
    check(len(ends) == 1, "exec from another thread ends that thread's id [K13]", ends)
    check([r.kind for r in processes] == ["process start", "process end"] * 3,
          "fork, exec, exec: three processes of one id [K13]", *[r.fields for r in processes])
    check([r.fields.command for r in starts[1:]] == ["kernel_tasks exec", "kernel_tasks nothing"] and
          starts[1].fields.image == "kernel_tasks" and starts[0].fields.image == "busybox",
          "with their command lines and images [K13]", *[r.fields for r in starts])
    check(len({r.fields.key for r in starts}) == 3, "and keys of their own [K13]")


# ---- turns


def chain(name, log):
    for cpu, records in sorted(log.cpus.items()):
        switches = [r for r in records if r.kind == "cswitch"]
        broken = [f"{b.where}: {a.fields.new} was switched in, {b.fields.old} out"
                  for a, b in zip(switches, switches[1:]) if a.fields.new != b.fields.old]
        check(switches and not broken, f"{name}: CPU {cpu}: each switch goes on where the one "
              f"before ended [K7]", len(switches), *broken)
        check(all(r.size == 40 for r in switches), f"{name}: CPU {cpu}: of 40 bytes [K7]")


def constants(name, log):
    """What a switch and a wake-up hold beside their threads (6.4, 6.5).
    The last switch of a CPU that goes offline is silent; what stands in for it when the CPU
    is back has no priority of the migration thread."""
    stoppers = {r.fields.tid for r in log.records if r.kind.startswith("thread") and
                r.fields.name.startswith("migration/")}

    def suits(tid, priority):
        if tid in stoppers:
            return priority == 31
        return 0 < priority < 31 if tid else priority == 0

    odd = [f"CPU {r.cpu}: {r.fields}" for r in log.of("cswitch")
           if not (r.fields.old in stoppers and r.fields.state == TERMINATED) and
           (r.fields.ideal != r.cpu or r.fields.spare or r.fields.wait or r.fields.reserved or
           r.fields.old and r.fields.c_state or r.fields.c_state > 15 or
           not suits(r.fields.new, r.fields.new_prio) or not suits(r.fields.old, r.fields.old_prio))]
    check(not odd, f"{name}: switches have priorities, C-states, CPUs, nothing else [6.4]", *odd)
    odd = [r.fields for r in log.of("ready") if r.fields.flags not in (0, 1) or
           (r.fields.reason, r.fields.increment, r.fields.reserved) != (1, 0, 0)]
    check(not odd, f"{name}: wake-ups are unwaits, of a DPC or not [6.5]", *odd)


def turns(log, tid):
    """(CPU, start, end, how it ended) of each turn of a thread."""
    for cpu, records in log.cpus.items():
        since = None
        for r in records:
            if r.kind != "cswitch":
                continue
            if since is not None and r.fields.old == tid:
                yield cpu, since, r.time, r.fields
            since = r.time if r.fields.new == tid else None


def names(log, tid):
    """When a thread took which name."""
    return [(r.time, r.fields.name) for r in log.of("name") if r.fields.tid == tid]


def waits(turn):
    return turn[3].state == WAITING


def between(log, tid, begin, end):
    """The turns from the sleep behind one name to the one behind another."""
    all_turns = sorted(turns(log, tid), key=lambda turn: turn[1])
    since, until = ([time for time, name in names(log, tid) if name == wanted][0]
                    for wanted in (begin, end))
    first = next(i for i, turn in enumerate(all_turns) if turn[2] > since and waits(turn))
    last = next(i for i, turn in enumerate(all_turns) if turn[2] > until and waits(turn))
    return all_turns[first + 1:last + 1]


def busy(log):
    for pid, cpu in said(FILES / "tasks", "busy"):
        all_turns = sorted(turns(log, pid), key=lambda turn: turn[1])
        begun = names(log, pid)[0][0]
        sleeps = [i for i, turn in enumerate(all_turns) if turn[2] > begun and
                  (turn[3].state, turn[3].reason, turn[3].mode) == (WAITING, 6, 1)]
        check(len(sleeps) == 2, "a sleeping task is switched out as waiting, UserRequest, user [K11]",
              *[turn[3] for turn in all_turns])
        used = {turn[0] for turn in all_turns[sleeps[0] + 1:]} if sleeps else set()
        check(used == {cpu}, f"a task pinned to CPU {cpu} is in its buffers [K8]", used)
        last = all_turns[-1][3]
        check((last.state, last.reason) == (TERMINATED, 22), "its last turn ends as terminated [K11]",
              last)
        preempted = [t[3] for t in all_turns if t[3].state == READY and t[3].reason == 32]
        check(all(t.mode == 0 for t in preempted), "preempted ones are ready, WrPreempted [K11]")


def accounts(log):
    """The scheduler reads its clock some microseconds before the switch is logged.  An emulated
    CPU can stop for milliseconds in between, which then go to one task here and to another one
    there; so the middle one of thirty counts.  With checkers, the microseconds are some tens."""
    bound = 3 if re.search("-(debug|kcsan)$", os.environ["RELEASE"]) else 0.5
    off = defaultdict(list)
    for pid, load, ns in said(FILES / "accounts", "account"):
        ran = sum(end - start for _, start, end, _ in
                  between(log, pid, "wt-begin", "wt-end")) * 1e9 / log.frequency
        off[load].append(100 * (ran - ns) / ns)
    check(len(off) == 3 and all(len(each) == 30 for each in off.values()), "there were three loads",
          dict(off))
    for load, each in sorted(off.items()):
        middle = statistics.median(each)
        check(abs(middle) < bound, f"load {load}: turns are the time that the kernel accounts for "
              f"within {bound} % [K9]", *[f"{one:+.3f} %" for one in sorted(each)])


def running(log, cpu, time):
    """Who ran on a CPU at a time, by its switches."""
    tid = None
    for r in log.cpus[cpu]:
        if r.time > time:
            break
        if r.kind == "cswitch":
            tid = r.fields.new
    return tid


def wakers(log):
    (ping, pong, count), = said(FILES / "tasks", "pair")
    ready = [r for r in log.of("ready") if r.fields.tid == ping and not r.fields.flags]
    by_pong = [r for r in ready if running(log, r.cpu, r.time) == pong]
    check(len(by_pong) >= count // 2, "who was woken through a pipe was woken by its writer [K10]",
          f"{len(by_pong)} of {len(ready)}, {count} round trips")
    check(by_pong, "and there were such wake-ups")


def readied(name, log):
    """A thread that has slept was readied since it ran last.  That may have been before it was
    switched out: the waker finds it on its way to sleep, not off its CPU yet.
    A CPU that comes up wakes the others' migration threads (to set MTRRs) before it is
    online, where the kernel's tracepoints are silent, and so is one that goes when it is the
    last to tell who takes it down, by those threads, that all have stopped: these are left out.
    So is RCU's thread of grace periods (rcu_sched, rcu_preempt) where CPUs come and go, and on a
    real-time kernel a thread of an interrupt's: one that has gone offline still reports to the
    one, and takes the interrupt that wakes the other."""
    silent = {r.fields.tid for r in log.records if r.kind.startswith("thread") and
              re.match("rcu_sched$|rcu_preempt$|irq/", r.fields.name)} if name != "tasks" else ()
    stoppers = {r.fields.tid for r in log.records if r.kind.startswith("thread") and
                r.fields.name.startswith("migration/")}
    runs, stops, began, ready, slept, unready, checked = {}, set(), {}, {}, {}, [], 0
    for r in log.of("cswitch", "ready"):
        if r.kind == "ready":
            ready[r.fields.tid] = r.time
            if r.fields.tid in stoppers:
                stops.add(runs.get(r.cpu))
            continue
        new = runs[r.cpu] = r.fields.new
        went = slept.pop(new, None)
        if went and new not in stoppers and new not in silent:
            checked += 1
            if ready.get(new, -1) < began.get(new, 0) and new not in stops:
                unready.append(f"{went.where}: {went.fields}")
            stops.discard(new)
        began[new] = r.time
        if r.fields.state == WAITING:
            slept[r.fields.old] = r
    check(checked > 100 and not unready, f"{name}: a thread that slept was readied before it was "
          "switched in again [K10]", f"{len(unready)} of {checked}", *unready)


# ---- changes of flags


def flags(log):
    words = [r.fields.words[:2] for r in log.of("masks end", "masks")]
    check(words == [(0, 0), (1, 0), (1, 0), (0, 4), (0, 4), (0, 0), (0, 0), (0, 0)],
          "changes of flags are logged as masks until now and from now on", words)
    marks = [r.time for r in log.of("masks")]
    children = [child for _, child, _ in said(FILES / "flags", "fork")]
    seen = {r.fields.pid for r in log.of("process start")}
    check(set(children[:8]) <= seen and not set(children[8:]) & seen,
          "processes are logged while they are asked for", children, sorted(seen))
    check(not log.of("thread start", "thread end", "thread dcstart", "ready"), "and nothing else is")
    outside = [r for r in log.of("cswitch") if not marks[1] <= r.time]
    after = [r for r in log.records if r.time > marks[2] and
             r.kind not in ("masks", "masks end", "complete", "cpu", "platform")]
    check(log.of("cswitch") and not outside, "switches since they were asked for", len(outside))
    check(not after, "nothing is logged after EnableFlags 0 [A200]", *[r.kind for r in after])


def judge(logs):
    for name, log in logs.items():
        header(name, log)
    for name in ("tasks", "accounts", "storm"):
        skeleton(name, logs[name])
        idle(name, logs[name])
        lives(name, logs[name])
        described(name, logs[name])
        resolvable(name, logs[name])
        chain(name, logs[name])
        constants(name, logs[name])
        readied(name, logs[name])
    lives("flags", logs["flags"])
    wrong = forks("tasks", logs["tasks"])
    check(not wrong, "fork: Process and Thread Start with the parent in the header; exit: Thread, "
          "then Process End, once [K12]", wrong)
    created(logs["tasks"])
    execed(logs["tasks"])
    busy(logs["tasks"])
    accounts(logs["accounts"])
    wakers(logs["tasks"])
    flags(logs["flags"])
    storms = sum(count for _, count in said(FILES / "storm", "storm"))
    check(storms > 100 and len(logs["storm"].of("process start")) > 20,
          "and there was a storm", storms)


def main():
    logs = {name: Log(FILES / f"{name}.etl") for name in ("tasks", "accounts", "storm", "flags")}
    judge(logs)
    if os.environ.get("FULL") == "1":
        kernel_mutants.run(logs.values(), lambda: judge(logs))


if __name__ == "__main__":
    main()
    sys.exit(bool(failed))
