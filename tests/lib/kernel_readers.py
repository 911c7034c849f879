# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel logger's records as dissect.etl and etl-parser decode them, beside ours.

Each function yields (record number, class, field, their value, our value) of what differs,
and at last the Counter of what was compared, by class and event.  Where one of them is known
to be wrong the field is left out, and named here:

dissect.etl
  D3  cannot read SystemConfig: its manifest uses a type that it does not know.
  D4  shows a SID as the name of a well-known one or not at all.
  D5  takes the sample's Count for 32 bits, and flags and rank with it.
  D6  takes the sizes of process counters for 32 bits.
etl-parser
  P2  knows processes, threads' lives, images and disks only.
  P3  reads the Irp of a flush as 32 bits, and its thread behind that.
  P4  passes over the records of the header buffer.
"""

import json
import subprocess
from collections import Counter

from dissect.etl import ETL
from etl.error import GroupNotFound, EventTypeNotFound, VersionNotFound
from etl.etl import IEtlFileObserver, build_from_stream

RENAMED = {"TThreadId": "ThreadId", "SysCallNtStatus": "SysCallStatus", "Flag": "Flags",
           "HighResponseTime": "HighResResponseTime"}
RENAMED |= {f"GroupMask{i + 1}": f"Mask{i}" for i in range(8)}
CONFIG = "01853a65-418f-4f36-aefc-dc0f1d2fd235"
ENOUGH = 50     # records of each event that dissect.etl decodes: it is slow
WIDTHS = {"ReturnValue": 8, "SysCallStatus": 32, "ExitStatus": 32}


def ours(path):
    out = subprocess.run(["wmitrace", "dump", "--json", "--file-order", path],
                         check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def plain(name, value):
    """Numbers as unsigned numbers, texts without their NUL."""
    if isinstance(value, str) and value.startswith("0x"):
        value = int(value, 16)
    if isinstance(value, (bytes, bytearray)):
        value = value.decode("latin-1")
    if isinstance(value, str):
        return value.rstrip("\0")
    return value & ((1 << WIDTHS[name]) - 1) if name in WIDTHS else value


def differences(number, record, fields, seen):
    """fields: theirs, by name"""
    mine = record.get("fields", {})
    common = [name for name in fields if name in mine]
    if fields and mine:
        seen[f"{record['provider']} {record['event']}"] += bool(common)
    for name in common:
        theirs, own = plain(name, fields[name]), plain(name, mine[name])
        if theirs != own:
            yield number, f"{record['provider']}/{record['event']}", name, theirs, own


def dissect(path):
    seen, met = Counter(), Counter()
    with open(path, "rb") as file:
        for number, (record, event) in enumerate(zip(ours(path), ETL(file), strict=True)):
            theirs = str(event.header.provider_id), event.header.opcode
            if theirs != (record["guid"], record["op"]):
                yield number, record["guid"], "class", event.header.provider_id, record["op"]
            if record["guid"] == CONFIG or record["hdr"] == "SYSTEM64" and not record["id"]:  # D3
                continue
            met[record["id"]] += 1
            if met[record["id"]] > ENOUGH:
                continue
            decoded = event.event
            fields = {RENAMED.get(name, name): getattr(decoded, name) for name in dir(decoded)
                      if name[0].isupper() and name != "UserSID"}  # D4
            if record["event"] == "Sample":  # D5
                fields.pop("Count")
            if record["event"].startswith("PerfCounter"):  # D6
                fields = {"ProcessId": fields["ProcessId"]}
            yield from differences(number, record, fields, seen)
    yield seen


class Observer(IEtlFileObserver):
    def __init__(self):
        self.fields = []

    def take(self, event):
        try:
            source = dict(event.get_mof().source)
        except (GroupNotFound, EventTypeNotFound, VersionNotFound):  # P2
            source = {}
        source.pop("_io", None)
        for name, value in source.items():
            if hasattr(value, "string"):
                width = "utf-16-le" if value.type == "WString" else "utf-8"
                source[name] = bytes(value.string).decode(width)
        self.fields.append(source)

    on_system_trace = on_perfinfo_trace = take

    def unexpected(self, event):
        raise AssertionError(f"a record of another kind: {event.source}")

    on_event_record = on_trace_record = on_win_trace = unexpected


def etl_parser(path):
    seen, observer = Counter(), Observer()
    with open(path, "rb") as file:
        build_from_stream(file.read()).parse(observer)
    records = [record for record in ours(path) if record["buf"]]  # P4
    for number, (record, fields) in enumerate(zip(records, observer.fields, strict=True)):
        if record["provider"] == "EventTrace":
            continue
        if record["event"] == "FlushBuffers":  # P3
            fields = {k: v for k, v in fields.items() if k in ("DiskNumber", "IrpFlags")}
        yield from differences(number, record, {RENAMED.get(n, n): v for n, v in fields.items()},
                               seen)
    yield seen
