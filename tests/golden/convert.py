# SPDX-License-Identifier: GPL-2.0-or-later
"""`wmitrace convert` of recordings that trace-cmd made, against what trace-cmd says of them.

tests/golden/trace/NAME.dat was recorded in a guest; NAME.txt is what
`trace-cmd report -R -t` prints of it: every field of every event, raw.
"""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from verdicts import check, failed  # noqa: E402

TOP = pathlib.Path(os.environ["TOP"])
LINE = re.compile(r"^ *(.*)-(\d+) +\[(\d+)\] +(\d+)\.(\d+): +(\w+): +(.*)$")
HEX = {"sa_flags", "sa_handler"}       # printed without 0x
ADDRESSES = {"function"}
KERNEL = {"sched_switch": "CSwitch", "sched_waking": "ReadyThread", "sched_wakeup_new": "ReadyThread"}
SILENT = {"irq_handler_entry", "softirq_entry", "block_rq_issue", "task_newtask"}
REPLACED = {"sched_process_fork", "sched_process_exec", "sched_process_exit", "task_rename",
            "irq_handler_exit", "softirq_exit", "block_rq_complete", "page_fault_user", "sys_exit"}


def wmitrace(*arguments):
    done = subprocess.run(["wmitrace", *arguments], capture_output=True, text=True, timeout=120,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def number(text):
    return int(text, 0) if re.fullmatch(r"-?(0x[0-9a-f]+|\d+)", text) else None


def recorded(path):
    """(cpu, time in ns, tid, event, {field: text}) of each event."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        match = LINE.match(line)
        if match:
            _, tid, cpu, seconds, part, event, fields = match.groups()
            pairs = re.findall(r"(\w+)=(\[.*?\]|.*?)(?= \w+=|$)", fields)
            yield int(cpu), int(seconds) * 10**9 + int(part.ljust(9, "0")), int(tid), event, dict(pairs)


def value_of(text):
    """As raw output has it: numbers are decimal or hex, arrays hex, texts as they are."""
    array = re.fullmatch(r"ARRAY\[(.*)\]", text.strip())
    if array:
        return [int(x, 16) for x in array[1].split(", ") if x]
    got = number(text.strip())
    return text.strip() if got is None else got


def switches(events, records):
    theirs = [(cpu, ns, int(f["prev_pid"]), int(f["next_pid"]))
              for cpu, ns, _, event, f in events if event == "sched_switch"]
    ours = [(r["cpu"], r["ts"], r["fields"]["OldThreadId"], r["fields"]["NewThreadId"])
            for r in records if r.get("event") == "CSwitch"]
    check(theirs and sorted(theirs) == sorted(ours), "switches: CPU, time, both threads",
          len(theirs), len(ours), *(set(theirs) ^ set(ours)))


def wakings(events, records):
    theirs = [(cpu, ns, int(f["pid"])) for cpu, ns, _, event, f in events
              if event in ("sched_waking", "sched_wakeup_new")]
    ours = [(r["cpu"], r["ts"], r["fields"]["ThreadId"]) for r in records
            if r.get("event") == "ReadyThread"]
    check(theirs and sorted(theirs) == sorted(ours), "wake-ups: CPU, time, thread",
          *(set(theirs) ^ set(ours)))


def durations(events, records, entry, end, kinds, what):
    begun, theirs = {}, []
    for cpu, ns, _, event, _ in events:
        if event == entry:
            begun[cpu] = ns
        elif event == end and cpu in begun:
            theirs.append((cpu, begun.pop(cpu), ns))
    ours = [(r["cpu"], r["fields"]["InitialTime"], r["ts"]) for r in records
            if r.get("event") in kinds]
    check(sorted(theirs) == sorted(ours), f"{what}: CPU, begin, end", len(theirs), len(ours))


def lives(events, records):
    ends = Counter(int(f["pid"]) for _, _, _, event, f in events if event == "sched_process_exit")
    execs = Counter(int(f["pid"]) for _, _, _, event, f in events if event == "sched_process_exec")
    forks = Counter(int(f["child_pid"]) for _, _, _, event, f in events
                    if event == "sched_process_fork")
    ours = defaultdict(Counter)
    for r in records:
        if r.get("provider") == "Thread" and r["event"] in ("Start", "End"):
            ours[r["event"]][r["fields"]["ThreadId"]] += 1
    check(ours["Start"] == forks + execs, "threads start by fork and exec", ours["Start"], forks, execs)
    check(ours["End"] == ends + execs, "threads end by exit and exec", ours["End"], ends, execs)


def calls(events, records):
    theirs = [(cpu, ns, int(f["ret"]) & 0xffffffff) for cpu, ns, _, event, f in events
              if event == "sys_exit"]
    ours = [(r["cpu"], r["ts"], value_of(str(r["fields"]["SysCallStatus"]))) for r in records
            if r.get("event") == "SysCallExit"]
    check(theirs and sorted(theirs) == sorted(ours), "system calls: CPU, time, what they returned",
          *(set(theirs) ^ set(ours)))


def faults(events, records):
    theirs = [(cpu, ns, value_of(f["address"]), value_of(f["ip"])) for cpu, ns, _, event, f in events
              if event == "page_fault_user"]
    ours = [(r["cpu"], r["ts"], value_of(str(r["fields"]["VirtualAddress"])),
             value_of(str(r["fields"]["ProgramCounter"]))) for r in records
            if r.get("provider") == "PageFault"]
    check(theirs and sorted(theirs) == sorted(ours), "page faults: CPU, time, address, code",
          *(set(theirs) ^ set(ours)))


def disks(events, records):
    theirs = [(ns, int(f["sector"]) * 512, int(f["nr_sector"]) * 512)
              for _, ns, _, event, f in events if event == "block_rq_complete"]
    ours = [(r["ts"], value_of(str(r["fields"]["ByteOffset"])), r["fields"]["TransferSize"])
            for r in records if r.get("provider") == "DiskIo" and r["event"] in ("Read", "Write")]
    check(theirs and sorted(theirs) == sorted(ours), "disks: time, place, size",
          *(set(theirs) ^ set(ours)))


def others(events, records):
    """TraceLogging events: every field has the value that trace-cmd prints."""
    theirs = [e for e in events if e[3] not in KERNEL and e[3] not in SILENT | REPLACED]
    ours = [r for r in records if r.get("provider", "").startswith("Linux.")]
    ours = {(r["cpu"], r["ts"], r["event"]): r for r in ours}
    wrong = []
    for cpu, ns, tid, event, fields in theirs:
        record = ours.get((cpu, ns, event))
        if record is None or record["tid"] != tid:
            wrong.append(f"{event} at {ns} is missing")
            continue
        for name, text in fields.items():
            if name not in record["fields"]:
                continue
            got = record["fields"][name]
            got = int(got, 16) if isinstance(got, str) and got.startswith("0x") else got
            wanted = int(text, 16) if name in HEX else value_of(text)
            if name in ADDRESSES and isinstance(wanted, str):
                continue        # trace-cmd knows the function's name, but not its address
            if isinstance(got, list) and not text and got[0] == 0:
                continue        # trace-cmd takes bytes for a text that ends at the first 0
            if wanted not in (got, str(got)):
                wrong.append(f"{event}.{name} is {got!r}, trace-cmd has {text!r}")
    check(theirs and not wrong, f"{len(theirs)} other events have their fields", *wrong)


def judge(recording):
    name = recording.stem
    status, out, err = wmitrace("convert", "--json", "-o", "x.etl", recording)
    check(status == 0, f"{name}: convert", out, err)
    status, _, err = wmitrace("verify", "--finalised", "x.etl")
    check(status == 0, f"{name}: the file keeps the rules", err)
    records = [json.loads(line) for line in wmitrace("dump", "--json", "x.etl")[1].splitlines()]
    events = list(recorded(recording.with_suffix(".txt")))
    switches(events, records)
    wakings(events, records)
    durations(events, records, "irq_handler_entry", "irq_handler_exit", ("ISR",), "interrupts")
    durations(events, records, "softirq_entry", "softirq_exit", ("DPC", "TimerDPC", "ThreadedDPC"),
              "softirqs")
    calls(events, records)
    faults(events, records)
    disks(events, records)
    lives(events, records)
    others(events, records)
    status, out, err = wmitrace("report", "--json", "x.etl")
    check(status == 0 and json.loads(out)["cpus"], f"{name}: report", err)


def damaged(recording):
    """Cut off and changed anywhere: a file, or an error that names the recording."""
    whole = recording.read_bytes()
    random.seed(recording.name)
    cases = [(f"cut at {n}", whole[:n]) for n in random.sample(range(len(whole)), 20)]
    # libtraceevent 1.7 does not survive this one.
    cases.append(("changed at 2507", whole[:2507] + bytes([whole[2507] ^ 0x80]) + whole[2508:]))
    for n in random.sample(range(8192), 30) + random.sample(range(len(whole)), 10):
        changed = bytes([whole[n] ^ 1 << random.randrange(8)])
        cases.append((f"changed at {n}", whole[:n] + changed + whole[n + 1:]))
    path, wrong, refused = pathlib.Path("damaged.dat"), [], 0
    for what, data in cases:
        path.write_bytes(data)
        status, _, err = wmitrace("convert", "-o", "damaged.etl", path)
        refused += status == 1
        if status not in (0, 1) or (status and path.name not in err):
            wrong.append(f"{what}: status {status}, {err}")
    check(refused > 20 and not wrong, f"{recording.stem}: {len(cases)} damaged recordings, "
          f"{refused} refused", *wrong)


def main():
    for recording in sorted((TOP / "tests/golden/trace").glob("*.dat")):
        judge(recording)
        damaged(recording)
    status, _, err = wmitrace("convert", "-o", "y.etl", TOP / "README.md")
    check(status == 1 and "no recording" in err, "what is no recording is refused", err)


main()
sys.exit(bool(failed))
