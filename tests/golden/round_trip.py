# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
"""What libetl's encoder and writer make, read by libetl, dissect.etl and etl-parser.

etl_generate says what it put into each record; each reader has to find exactly
that, for every kind of record.  Where a reader is known to be wrong, KNOWN says
in what, and that the fault is still there is checked too, so that the list
cannot grow old.
"""

import json
import os
import struct
import subprocess
import uuid

from dissect.etl import ETL
from etl.etl import IEtlFileObserver, build_from_stream

GENERATE = os.path.join(os.environ["TOP"], "build/tests/etl_generate")
BUFFERS = 6

KINDS = ("system32 system64 compact32 compact64 perfinfo32 perfinfo64 counters full32 full64 "
         "instance32 instance64 message component bare event32 tracelogging related").split()

KNOWN = {
    ("dissect.etl", "component"): "refuses messages with a component id (NotImplementedError)",
    ("etl-parser", "counters"): "takes performance counters for user data",
    ("etl-parser", "instance32"): "knows no INSTANCE header",
    ("etl-parser", "instance64"): "knows no INSTANCE header",
    ("etl-parser", "message"): "knows no message with a sequence number, nor its time",
    ("etl-parser", "component"): "knows no message with a component id",
    ("etl-parser", "bare"): "takes a GUID, a thread and a process for granted in messages",
}


def generate(kind):
    out = subprocess.run([GENERATE, f"--kinds={kind}", f"--records={BUFFERS}", "--expect", "k.etl"],
                         check=True, capture_output=True, text=True, timeout=60).stdout
    return [json.loads(line) for line in out.splitlines()]


def ours():
    out = subprocess.run(["wmitrace", "dump", "--json", "--file-order", "k.etl"], check=True,
                         capture_output=True, text=True, timeout=60).stdout
    return [json.loads(line) for line in out.splitlines()][1:]


# ---- dissect.etl

def message_parts(flags):
    return (4 * bool(flags & 1) + (4 if flags & 4 else 16 * bool(flags & 2)) +
            8 * bool(flags & 8) + 8 * bool(flags & 0x20))


def dissect_record(header):
    name = type(header).__name__
    one = {"size": header.size, "payload": bytes(header.payload).hex()}
    if name == "MessageTraceHeader":
        flags = header.event_property
        # It leaves the optional parts in front of the user data.
        one["payload"] = bytes(header.payload)[message_parts(flags):].hex()
        one |= {"id": header.id, "flags": flags, "seq": header.sequence_number}
        if header.time_delta is not None:
            one["ts"] = header.time_delta
    elif name == "EventHeader":
        descriptor = header.descriptor
        one |= {"id": descriptor.id, "ver": descriptor.version, "level": descriptor.level,
                "op": descriptor.opcode, "ts": header.time_delta}
        # It leaves the extended items in front of the user data.
        items = sum(item.size for item in header.header_extensions) if header.header.Flags & 1 else 0
        one["payload"] = bytes(header.payload)[items:].hex()
    elif name in ("EventTraceHeader", "EventInstanceGUIDHeader"):
        version = header.version
        one |= {"op": version & 0xff, "level": version >> 8 & 0xff, "ver": version >> 16,
                "ts": header.time_delta}
    else:
        one |= {"id": header.hook_id, "op": header.opcode, "ver": header.version & 0xff,
                "ts": header.time_delta}
    if name != "PerfinfoTraceHeader":
        one |= {"tid": header.thread_id, "pid": header.process_id}
    if hasattr(header, "hook_id"):
        one["class"] = str(header.provider_id)
    elif name == "EventHeader":
        # It takes the provider's GUID for big-endian.
        one["guid"] = str(uuid.UUID(bytes_le=header.provider_id.bytes))
    else:
        one["guid"] = str(header.provider_id) if header.provider_id else None
    return one


def dissect():
    with open("k.etl", "rb") as file:
        return [dissect_record(event.header) for event in ETL(file)][1:]


# ---- etl-parser

def guid_of(guid):
    inner = guid.inner
    return str(uuid.UUID(bytes_le=struct.pack("<IHH", inner.data1, inner.data2, inner.data3) +
                         bytes(inner.data4)))


class Observer(IEtlFileObserver):
    def __init__(self):
        self.records = []

    def on_event_record(self, event):
        header = event.source.event_header
        descriptor = header.event_descriptor
        self.records.append({
            "size": header.marker.version, "guid": guid_of(header.provider_id),
            "tid": header.thread_id, "pid": header.process_id, "ts": header.timestamp,
            "id": descriptor.Id, "ver": descriptor.Version, "level": descriptor.Level,
            "op": descriptor.Opcode, "payload": event.source.user_data.hex()})

    def on_trace_record(self, event):
        header = event.source.event_header
        self.records.append({
            "size": header.marker.version, "guid": guid_of(header.guid), "tid": header.thread_id,
            "pid": header.process_id, "ts": header.timestamp, "op": header["class"].type,
            "level": header["class"].level, "ver": header["class"].version,
            "payload": event.source.user_data.hex()})

    def on_perfinfo_trace(self, obj):
        header = obj.source.header
        self.records.append({
            "size": header.size, "id": header.group.intvalue << 8 | header.type,
            "ver": obj.source.marker.version & 0xff, "ts": obj.source.timestamp,
            "payload": obj.source.mof_data.hex()})

    def on_system_trace(self, obj):
        header = obj.source.system_header
        self.records.append({
            "size": header.header.size, "id": header.header.group.intvalue << 8 | header.header.type,
            "ver": header.marker.version & 0xff, "ts": header.system_time,
            "tid": header.thread_id, "pid": header.process_id,
            "payload": obj.source.mof_data.hex()})

    def on_win_trace(self, event):
        header = event.source.event_header
        self.records.append({
            "size": header.size, "id": header.event_id, "flags": header.flags,
            "guid": guid_of(header.provider_id), "tid": header.thread_id,
            "pid": header.process_id, "payload": event.source.user_data.hex()})


def etl_parser():
    with open("k.etl", "rb") as file:
        log = build_from_stream(file.read())
    observer = Observer()
    log.parse(observer)
    return observer.records


# ---- comparing

CLASSES = {3: "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c", 5: "3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c",
           15: "ce1dbfb4-137e-4da6-87b0-3f59aa102cbc"}


def difference(wanted, got):
    """None, or the first difference as text.  Keys that a reader does not report do not count."""
    if len(got) != len(wanted):
        return f"{len(got)} records instead of {len(wanted)}"
    for i, (a, b) in enumerate(zip(wanted, got)):
        if a.pop("hook", False):
            a["class"] = CLASSES[a["id"] >> 8]
        for key in a.keys() & b.keys():
            if a[key] != b[key]:
                return f"record {i}: {key} is {b[key]!r} instead of {a[key]!r}"
    return None


def judge(reader, read, kind, wanted):
    what = f"{kind} by {reader}"
    known = KNOWN.get((reader, kind))
    try:
        wrong = difference([dict(record) for record in wanted], read())
    except Exception as error:  # pylint: disable=broad-except  # whatever a reader throws
        wrong = f"{type(error).__name__}: {error}"
    if known and wrong:
        print(f"ok - {what} # SKIP it {known}")
    elif known:
        print(f"not ok - {what}\n# the known fault is gone: it {known}")
    elif wrong:
        print(f"not ok - {what}\n# {wrong}")
    else:
        print(f"ok - {what}")


def main():
    for kind in KINDS:
        wanted = generate(kind)
        judge("wmitrace dump", ours, kind, wanted)
        judge("dissect.etl", dissect, kind, wanted)
        judge("etl-parser", etl_parser, kind, wanted)


main()
