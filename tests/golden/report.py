# SPDX-License-Identifier: GPL-2.0-or-later
"""`wmitrace report --json` of files that Windows wrote, against the goldens' records.

Disk transfers, samples, hard faults, processes: as many as the golden has
records of them.
"""

import gzip
import json
import os
import pathlib
import subprocess
from collections import Counter

SAMPLES = pathlib.Path(os.environ.get("SAMPLES", "../shared/etl-samples"))
KERNEL = ("SYSTEM64", "COMPACT64", "PERFINFO64", "SYSTEM32", "COMPACT32", "PERFINFO32")


def golden_hooks(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else \
        open(path, encoding="utf-8")
    with opened as lines:
        records = [json.loads(line) for line in lines]
    return Counter(r["id"] for r in records if r["hdr"] in KERNEL)


def compare(name, hooks, report):
    theirs = {
        0x010a: sum(d["reads"]["count"] for d in report["disks"]),
        0x010b: sum(d["writes"]["count"] for d in report["disks"]),
        0x010e: sum(d["flushes"]["count"] for d in report["disks"]),
        0x0220: report["faults"]["hard"],
        0x0f2e: report["samples"],
        0x0524: sum(c["switches"] for c in report["cpus"]),
        0x0301: sum(p["started"] for p in report["processes"]),
    }
    wrong = {f"{hook:#06x}": (hooks[hook], count) for hook, count in theirs.items()
             if hooks[hook] != count}
    print("not ok -" if wrong else "ok -", name)
    if wrong:
        print("# golden, report:", wrong)


def main():
    judged = 0
    for golden in sorted((SAMPLES / "golden").glob("*.jsonl*")):
        name = golden.name.split(".jsonl")[0]
        hooks = golden_hooks(golden)
        sample = SAMPLES / (name + ".etl")
        if not sample.exists() or not any(hook > 0x50 for hook in hooks):
            continue
        done = subprocess.run(["wmitrace", "report", "--json", sample], capture_output=True,
                              text=True, timeout=120, check=False)
        if done.returncode:
            if "none of the kernel logger's events" not in done.stderr:
                print(f"not ok - {name}: {done.stderr.strip()}")
            continue
        compare(name, hooks, json.loads(done.stdout))
        judged += 1
    if not judged:
        print(f"1..0 # SKIP no kernel events in {SAMPLES}")


main()
