#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
"""Reads the files of tests/guest/readers.sh with readers that nobody here wrote.

dissect.etl and etl-parser must find the records that `wmitrace dump` finds: the
same number, GUIDs, numbers, thread and process ids, times, payloads.  Where one
of them is known to be wrong, the comparison undoes that fault and says so here:

dissect.etl
  D1  computes times in doubles: 1 unit off with a counter, up to 16 with system
      time, where doubles lie 16 units apart and base and time are both rounded.
  D2  the user data of a message begins with its optional parts.
etl-parser
  P1  knows messages as GUID, thread and process only: with flags 0xaa it takes
      the time's halves for these two, and the ids for user data; with a
      sequence number everything behind the flags is shifted by it.
"""

import json
import os
import struct
import subprocess
import sys
import uuid

from dissect.etl import ETL
from etl.etl import IEtlFileObserver, build_from_stream

FILES = os.environ["FILES"]
failed = False


def check(ok, text, *details):
    global failed
    print(f"{'ok' if ok else 'not ok'} - {text}")
    if not ok:
        failed = True
        for detail in details[:10]:
            print(f"# {detail}")


def ours(name):
    out = subprocess.run(["wmitrace", "dump", "--json", "--file-order", f"{FILES}/{name}"],
                         check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def message_parts(flags):
    """Bytes of the optional parts of a message."""
    return (4 * bool(flags & 1) + (4 if flags & 4 else 16 * bool(flags & 2)) +
            8 * bool(flags & 8) + 8 * bool(flags & 0x20))


def compare(text, wanted, got):
    """wanted, got: lists of dicts with the same keys."""
    check(len(got) == len(wanted), f"{text}: {len(wanted)} records", f"found {len(got)}")
    wrong = [f"record {i}: {key} is {b[key]!r}, ours {a[key]!r}"
             for i, (a, b) in enumerate(zip(wanted, got)) for key in b if a[key] != b[key]]
    keys = ", ".join(got[-1]) if got else "nothing"
    check(got and not wrong, f"{text}: same {keys}", *wrong)


# ---- dissect.etl


def dissect(name, wanted):
    with open(f"{FILES}/{name}", "rb") as file:
        log = ETL(file)
        slack = 16 if log.logfile_header._header.ReservedFlags == 2 else 1  # D1
        records = []
        for ours_one, event in zip_longest(wanted, log):
            header = event.header
            payload = bytes(header.payload)
            one = {"size": header.size, "guid": str(header.provider_id), "tid": header.thread_id,
                   "pid": header.process_id}
            if type(header).__name__ == "MessageTraceHeader":
                flags = header.header.EventProperty
                one |= {"id": header.id, "flags": flags}
                if flags & 1:
                    one["seq"] = header.sequence_number
                payload = payload[len(payload) - (header.size - 8 - message_parts(flags)):]  # D2
            one["payload"] = payload.hex()
            ft = log.get_filetime_for_event(header.time_delta)
            one["ft"] = ours_one["ft"] if ours_one and abs(ft - ours_one["ft"]) <= slack else ft
            records.append(one)
    return records


def zip_longest(wanted, events):
    """Pairs as long as the reader goes on; None beside what we did not find."""
    wanted = iter(wanted)
    for event in events:
        yield next(wanted, None), event


# ---- etl-parser


class Observer(IEtlFileObserver):
    def __init__(self):
        self.records = []

    @staticmethod
    def guid(guid):
        inner = guid.inner
        return str(uuid.UUID(bytes_le=struct.pack("<IHH", inner.data1, inner.data2, inner.data3) +
                             bytes(inner.data4)))

    def on_win_trace(self, event):
        header = event.source.event_header
        raw = struct.pack("<IHH", header.provider_id.inner.data1, header.provider_id.inner.data2,
                          header.provider_id.inner.data3)
        raw += bytes(header.provider_id.inner.data4)
        raw += struct.pack("<II", header.thread_id, header.process_id) + event.source.user_data
        one = {"size": header.size, "id": header.event_id, "flags": header.flags}
        at = 4 if header.flags & 1 else 0  # P1
        if at:
            one["seq"], = struct.unpack_from("<I", raw)
        one["guid"] = str(uuid.UUID(bytes_le=raw[at:at + 16]))
        one["ts"], one["tid"], one["pid"] = struct.unpack_from("<QII", raw, at + 16)
        one["payload"] = raw[at + 32:].hex()
        self.records.append(one)

    def on_trace_record(self, event):
        header = event.source.event_header
        self.records.append({
            "size": header.marker.version, "guid": self.guid(header.guid),
            "id": header["class"].type, "level": header["class"].level,
            "ver": header["class"].version, "tid": header.thread_id, "pid": header.process_id,
            "ts": header.timestamp, "payload": event.source.user_data.hex()})

    def unexpected(self, event):
        raise AssertionError(f"a record of another kind: {event.source}")

    on_event_record = on_perfinfo_trace = on_system_trace = unexpected


def etl_parser(name):
    with open(f"{FILES}/{name}", "rb") as file:
        log = build_from_stream(file.read())
    observer = Observer()
    log.parse(observer)
    return observer.records


# ---- the files


def content(records):
    """What a record is, apart from where it lies: the same in every copy of a session."""
    return sorted((r["cpu"], r["ts"], r["hdr"], r["id"] or 0, r["seq"] or 0, r["tid"], r["pid"],
                   r["payload"]) for r in records if r["buf"])


def main():
    logs = {name: ours(name) for name in ("running.etl", "stopped.etl", "again.etl",
                                          "written.etl", "written-pulled.etl")}
    for name in ("running.etl", "stopped.etl", "written.etl"):
        records = logs[name]
        kinds = {r["hdr"] for r in records}
        check({"MESSAGE", "FULL64", "SYSTEM64"} <= kinds, f"{name} has all kinds of records",
              f"{kinds}")
        compare(f"{name}, dissect.etl", records, dissect(name, records))
        compare(f"{name}, etl-parser", [r for r in records if r["buf"]], etl_parser(name))
    check(content(logs["stopped.etl"]) == content(logs["again.etl"]),
          "a stopped session can be pulled again")
    check(content(logs["written.etl"]) == content(logs["written-pulled.etl"]),
          "the daemon's file and the one pulled with cat hold the same records",
          f"{len(logs['written.etl'])} and {len(logs['written-pulled.etl'])}")
    check(len(logs["stopped.etl"]) > 1000, "and there were some")


main()
sys.exit(failed)
