# SPDX-License-Identifier: GPL-2.0-or-later
"""Decodes the kernel logger's records for tests.

Written from the kernel-events document alone; shares nothing with libetl or the
module's headers.  Whatever is not as the document has it raises Malformed.
"""

import struct
from collections import namedtuple

from etl_records import BUFFER_HEADER, Malformed

HEADERS = {2: 32, 17: 16}       # SYSTEM64, PERFINFO64

Cswitch = namedtuple("Cswitch", "new old new_prio old_prio c_state spare reason mode state ideal "
                                "wait reserved")
Ready = namedtuple("Ready", "tid reason increment flags reserved")
Process = namedtuple("Process", "key pid parent session status table flags sid image command "
                                "package application")
Thread = namedtuple("Thread", "pid tid stack stack_limit user_stack user_limit affinity start teb "
                              "tag priority page_priority io_priority flags name")
Name = namedtuple("Name", "pid tid name")
Masks = namedtuple("Masks", "words version")
Cpu = namedtuple("Cpu", "mhz cpus memory page granularity computer domain siblings highest "
                        "architecture level revision nx pae memory_speed")
Isr = namedtuple("Isr", "initial routine claimed vector reserved")
Dpc = namedtuple("Dpc", "initial routine")
Disk = namedtuple("Disk", "disk flags size reserved offset file irp response tid")
Flush = namedtuple("Flush", "disk flags response irp tid")
Fault = namedtuple("Fault", "address pc")
Init = namedtuple("Init", "irp tid")
PhysicalDisk = namedtuple("PhysicalDisk", "disk sector_size track_sectors cylinder_tracks cylinders "
                          "port path target lun name partitions cache pad drive spare")
Platform = namedtuple("Platform", "vendor product date version")
Image = namedtuple("Image", "base size pid checksum stamp level type reserved default_base rest "
                            "name")
Base = namedtuple("Base", "base")
Counters = namedtuple("Counters", "pid faults handles reserved peak_virtual peak_working_set "
                      "peak_pagefile peak_paged peak_nonpaged virtual working_set pagefile paged "
                      "nonpaged private")
Enter = namedtuple("Enter", "address")
Exit = namedtuple("Exit", "status")
Sample = namedtuple("Sample", "ip tid count flags rank")
Interval = namedtuple("Interval", "source new old name")


class Texts:
    """The variable part of a payload, which must be used up."""

    def __init__(self, where, data):
        self.where, self.data, self.at = where, data, 0

    def wide(self):
        for end in range(self.at, len(self.data) - 1, 2):
            if self.data[end:end + 2] == b"\0\0":
                text = self.data[self.at:end].decode("utf-16-le")
                self.at = end + 2
                return text
        raise Malformed(f"{self.where}: a text without end")

    def narrow(self):
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise Malformed(f"{self.where}: a text without end")
        text = self.data[self.at:end].decode("utf-8")
        self.at = end + 1
        return text

    def sid(self):
        first, = struct.unpack_from("<I", self.data, self.at)
        if not first:
            self.at += 4
            return None
        revision, count = self.data[self.at + 16:self.at + 18]
        if revision != 1:
            raise Malformed(f"{self.where}: SID of revision {revision}")
        authority = int.from_bytes(self.data[self.at + 18:self.at + 24], "big")
        subs = struct.unpack_from(f"<{count}I", self.data, self.at + 24)
        self.at += 24 + 4 * count
        return "-".join(["S", "1", str(authority), *map(str, subs)])

    def done(self):
        if self.at != len(self.data):
            raise Malformed(f"{self.where}: {len(self.data) - self.at} bytes behind the last text")


def fixed(kind, layout):
    size = struct.calcsize(layout)

    def decode(where, payload):
        if len(payload) != size:
            raise Malformed(f"{where}: {len(payload)} bytes of payload, not {size}")
        return kind(*struct.unpack(layout, payload))
    return decode


def process(where, payload):
    texts = Texts(where, payload[36:])
    got = Process(*struct.unpack_from("<QIIIiQI", payload), texts.sid(), texts.narrow(),
                  texts.wide(), texts.wide(), texts.wide())
    texts.done()
    return got


def thread(where, payload):
    texts = Texts(where, payload[72:])
    got = Thread(*struct.unpack_from("<IIQQQQQQQIBBBB", payload), texts.wide())
    texts.done()
    return got


def name(where, payload):
    texts = Texts(where, payload[8:])
    got = Name(*struct.unpack_from("<II", payload), texts.wide())
    texts.done()
    return got


def masks(where, payload):
    if len(payload) != 36:
        raise Malformed(f"{where}: {len(payload)} bytes of masks")
    words = struct.unpack("<9I", payload)
    return Masks(words[:8], words[8])


def cpu(where, payload):
    if len(payload) != 828:
        raise Malformed(f"{where}: {len(payload)} bytes of CPU configuration, not 828")
    head = struct.unpack_from("<5I", payload)
    texts = [payload[at:at + size].decode("utf-16-le").split("\0")[0]
             for at, size in ((20, 512), (532, 268))]
    return Cpu(*head, *texts, *struct.unpack_from("<QQHHHBBI", payload, 800))


def physical_disk(where, payload):
    if len(payload) != 568:
        raise Malformed(f"{where}: {len(payload)} bytes of a disk, not 568")
    name = payload[40:552].decode("utf-16-le").split("\0")[0]
    return PhysicalDisk(*struct.unpack_from("<4IQ4I", payload), name,
                        *struct.unpack_from("<IBB", payload, 552), payload[558:564],
                        payload[564:568])


def platform(where, payload):
    texts = Texts(where, payload)
    got = Platform(*(texts.wide() for _ in range(4)))
    texts.done()
    return got


def image(where, payload):
    texts = Texts(where, payload[56:])
    got = Image(*struct.unpack_from("<QQIIIBBHQ", payload), payload[40:56], texts.wide())
    texts.done()
    return got


def interval(where, payload):
    texts = Texts(where, payload[12:])
    got = Interval(*struct.unpack_from("<III", payload), texts.wide())
    texts.done()
    return got


def nothing(where, payload):
    if payload:
        raise Malformed(f"{where}: a payload of {len(payload)} bytes")


SYSTEM, PERFINFO = 2, 17
BOTH = (SYSTEM, PERFINFO)       # kernel images and those of processes (section 1)


def family(header, version, decoder, **hooks):
    """Events that differ in their names only, as name=hook id (_ for a space)."""
    return {hook: (name.replace("_", " "), header, version, decoder)
            for name, hook in hooks.items()}


# hook id: name, header, version, decoder
KINDS = {
    0x0008: ("complete", PERFINFO, 2, nothing),
    0x010e: ("disk flush", PERFINFO, 3, fixed(Flush, "<IIQQI")),
    0x030a: ("image load", SYSTEM, 3, image),
    0x0524: ("cswitch", PERFINFO, 2, fixed(Cswitch, "<IIbbBbbbbBII")),
    0x0532: ("ready", PERFINFO, 2, fixed(Ready, "<IBbBB")),
    0x0548: ("name", PERFINFO, 2, name),
    0x0b0a: ("cpu", SYSTEM, 3, cpu),
    0x0b0b: ("disk", SYSTEM, 2, physical_disk),
    0x0b19: ("platform", SYSTEM, 1, platform),
    0x0f2e: ("sample", PERFINFO, 2, fixed(Sample, "<QIHBB")),
    0x0f33: ("enter", PERFINFO, 2, fixed(Enter, "<Q")),
    0x0f34: ("exit", PERFINFO, 2, fixed(Exit, "<i")),
    0x0f43: ("isr", PERFINFO, 2, fixed(Isr, "<QQBHB")),
    0x1402: ("image unload", SYSTEM, 3, image),
    0x1421: ("kernel base", PERFINFO, 2, fixed(Base, "<Q")),
    **dict.fromkeys((0x020a, 0x020b, 0x020c), ("fault", PERFINFO, 2, fixed(Fault, "<QQ"))),
    **dict.fromkeys((0x0f42, 0x0f44, 0x0f45), ("dpc", PERFINFO, 2, fixed(Dpc, "<QQ"))),
    **family(PERFINFO, 2, masks, masks=0x0005, masks_end=0x0020),
    **family(PERFINFO, 3, fixed(Disk, "<IIIIqQQQI"), disk_read=0x010a, disk_write=0x010b),
    **family(SYSTEM, 3, fixed(Init, "<QI"), disk_read_init=0x010c, disk_write_init=0x010d,
             disk_flush_init=0x010f),
    **family(SYSTEM, 4, process, process_start=0x0301, process_end=0x0302),
    **family(PERFINFO, 4, process, process_dcstart=0x0303, process_dcend=0x0304),
    **family(PERFINFO, 2, fixed(Counters, "<4I11Q"), counters=0x0320, counters_dcend=0x0321),
    **family(SYSTEM, 3, thread, thread_start=0x0501, thread_end=0x0502, thread_dcstart=0x0503,
             thread_dcend=0x0504),
    **family(SYSTEM, 3, interval, samples_begin=0x0f49, samples_end=0x0f4a),
    **family(BOTH, 3, image, image_dcstart=0x1403, image_dcend=0x1404),
}


class Record:
    def __init__(self, where, cpu_number, at, data):
        self.where, self.cpu, self.at = f"{where}, record at {at:#x}", cpu_number, at
        version, header, marker, size, kind, group = struct.unpack_from("<HBBHBB", data, at)
        if marker != 0xc0 or header not in HEADERS:
            raise Malformed(f"{self.where}: header type {header}, marker {marker:#x}")
        self.size, self.version, self.header = size, version, header
        self.hook = group << 8 | kind
        if size < HEADERS[header]:
            raise Malformed(f"{self.where}: Size {size}")
        self.tid = self.pid = None
        if header == SYSTEM:
            self.tid, self.pid, self.time, kernel, user = struct.unpack_from("<IIqII", data, at + 8)
            if kernel or user:
                raise Malformed(f"{self.where}: CPU times {kernel}, {user}")
        else:
            self.time, = struct.unpack_from("<q", data, at + 8)
        self.payload = data[at + HEADERS[header]:at + size]
        padding = data[at + size:at + ((size + 7) & ~7)]
        if padding.strip(b"\0"):
            raise Malformed(f"{self.where}: padding {padding.hex()}")

    def decode(self):
        try:
            self.kind, header, version, decoder = KINDS[self.hook]
        except KeyError:
            raise Malformed(f"{self.where}: hook id {self.hook:#06x}") from None
        if self.header not in (header if header == BOTH else (header,)) or self.version != version:
            raise Malformed(f"{self.where}: {self.kind} with header type {self.header}, "
                            f"version {self.version}")
        self.fields = decoder(self.where, self.payload)
        return self


class Log:
    """records: all but those of the header buffer, in order of time; cpus: each CPU's."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        size, = struct.unpack_from("<I", data)
        if size < 4096 or len(data) % size:
            raise Malformed(f"{path}: {len(data)} bytes, BufferSize {size:#x}")
        self.header, self.cpus = [], {}
        for at in range(0, len(data), size):
            self._buffer(f"{path}: buffer at {at:#x}", data[at:at + size], not at)
        self.frequency, = struct.unpack_from("<Q", self.header[0].payload, 256)
        self.lost, = struct.unpack_from("<I", self.header[0].payload, 48)
        self.processors, = struct.unpack_from("<I", self.header[0].payload, 12)
        self.records = sorted((r for records in self.cpus.values() for r in records),
                              key=lambda r: r.time)

    def _buffer(self, where, data, is_header):
        fields = BUFFER_HEADER.unpack_from(data)
        cpu_number, end = fields[7], fields[10]
        at = 72
        while at < end:
            record = Record(where, cpu_number, at, data)
            if is_header:
                self.header.append(record)
            else:
                self.cpus.setdefault(cpu_number, []).append(record.decode())
            at += (record.size + 7) & ~7
        if at != end:
            raise Malformed(f"{where}: a record ends at {at:#x}, Offset is {end:#x}")

    def of(self, *kinds):
        return [r for r in self.records if r.kind in kinds]
