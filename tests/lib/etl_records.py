# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads .etl files for tests that judge what the module wrote.

Written from docs/etl-format.md alone and shares nothing with libetl: a mistake
would have to be made twice.  Reads what this project's module writes: messages,
FULL_HEADER64 and EVENT_HEADER64 events and the log file header record.  Whatever looks wrong raises
Malformed, with the file, the buffer's offset and the record's.
"""

import struct
import uuid

BUFFER_HEADER = struct.Struct("<IIIIqqQHHIIHH16x")      # 72 bytes
SEQUENCE, GUID, COMPONENT, TIME, PERF_TIME, SYSTEM = 1, 2, 4, 8, 16, 32
POINTER64 = 0x80


class Malformed(Exception):
    pass


class Buffer:
    def __init__(self, path, at, data):
        (self.size, saved, _current, _refs, self.time, self.sequence, _clock, self.cpu,
         self.logger, _state, self.offset, self.flags, self.type) = BUFFER_HEADER.unpack_from(data)
        self.where = f"{path}: buffer at {at:#x}"
        self.data = data
        if not 72 <= self.offset <= len(data):
            raise Malformed(f"{self.where}: Offset {self.offset:#x}")
        if saved != self.offset:
            raise Malformed(f"{self.where}: SavedOffset {saved:#x}, Offset {self.offset:#x}")
        fill = data[self.offset:]
        if fill.strip(b"\xff"):
            raise Malformed(f"{self.where}: bytes behind Offset are not all 0xff")

    def records(self):
        at = 72
        while at < self.offset:
            record = Record(self, at)
            yield record
            at += (record.size + 7) & ~7
        if at != self.offset:
            raise Malformed(f"{self.where}: a record ends at {at:#x}, Offset is {self.offset:#x}")


class Record:
    """kind is 'message', 'event' or 'header'; absent items are None."""

    def __init__(self, buffer, at):
        self.buffer, self.at = buffer, at
        self.where = f"{buffer.where}, record at {at:#x}"
        self.sequence = self.component = self.guid = self.time = self.tid = self.pid = None
        first, = struct.unpack_from("<I", buffer.data, at)
        self.first = first
        marker = first >> 24
        if marker == 0x90:
            self.size = first & 0xffff
        elif marker == 0xc0 and first >> 16 & 0xff in (0x13, 0x14):
            self.size = first & 0xffff
        elif marker == 0xc0 and first >> 16 & 0xff == 0x02:
            self.size, = struct.unpack_from("<H", buffer.data, at + 4)
        else:
            raise Malformed(f"{self.where}: no record begins with {first:#010x}")
        if self.size < 8 or at + self.size > buffer.offset:
            raise Malformed(f"{self.where}: Size {self.size:#x}")
        self.raw = buffer.data[at:at + self.size]
        {0x90: self._message, 0xc0: self._event}[marker]()

    def _message(self):
        self.kind = "message"
        self.number, self.flags = struct.unpack_from("<HH", self.raw, 4)
        at = 8
        if self.flags & SEQUENCE:
            self.sequence, = struct.unpack_from("<I", self.raw, at)
            at += 4
        if self.flags & COMPONENT:
            self.component, = struct.unpack_from("<I", self.raw, at)
            at += 4
        elif self.flags & GUID:
            self.guid = uuid.UUID(bytes_le=self.raw[at:at + 16])
            at += 16
        if self.flags & TIME:
            self.time, = struct.unpack_from("<q", self.raw, at)
            at += 8
        if self.flags & SYSTEM:
            self.tid, self.pid = struct.unpack_from("<II", self.raw, at)
            at += 8
        if at > self.size:
            raise Malformed(f"{self.where}: the items of flags {self.flags:#x} do not fit")
        self.payload = self.raw[at:]

    def _etw(self):
        self.kind = "etw"
        (self.flags, self.property, self.tid, self.pid, self.time) = \
            struct.unpack_from("<HHIIq", self.raw, 4)
        self.guid = uuid.UUID(bytes_le=self.raw[24:40])
        (self.id, self.version, self.channel, self.level, self.opcode, self.task,
         self.keyword) = struct.unpack_from("<HBBBBHQ", self.raw, 40)
        self.activity = uuid.UUID(bytes_le=self.raw[64:80])
        self.items, at, more = [], 80, self.flags & 1
        while more:
            total, type, more, size = struct.unpack_from("<HHHH", self.raw, at)
            if total != (8 + size + 7) & ~7 or at + total > self.size:
                raise Malformed(f"{self.where}: extended item of {size} bytes takes {total}")
            self.items.append((type, self.raw[at + 8:at + 8 + size]))
            at += total
        self.payload = self.raw[at:]

    def _event(self):
        if self.first >> 16 & 0xff == 0x13:
            self._etw()
            return
        if self.first >> 16 & 0xff == 0x02:
            self.kind = "header"
            self.tid, self.pid, self.time = struct.unpack_from("<IIq", self.raw, 8)
            self.payload = self.raw[32:]
            return
        self.kind = "event"
        self.type, self.level, self.version, self.tid, self.pid, self.time = \
            struct.unpack_from("<BBHIIq", self.raw, 4)
        self.guid = uuid.UUID(bytes_le=self.raw[24:40])
        self.payload = self.raw[48:]


class File:
    def __init__(self, path):
        self.path = str(path)
        with open(path, "rb") as file:
            data = file.read()
        if len(data) < 4096:
            raise Malformed(f"{path}: {len(data)} bytes are less than a buffer")
        size, = struct.unpack_from("<I", data)
        if size < 4096 or len(data) % size:
            raise Malformed(f"{path}: {len(data)} bytes, BufferSize {size:#x}")
        self.buffers = [Buffer(path, at, data[at:at + size]) for at in range(0, len(data), size)]
        for buffer in self.buffers:
            if buffer.size != size:
                raise Malformed(f"{buffer.where}: BufferSize {buffer.size:#x}, the file's {size:#x}")
        self.header_record = next(self.buffers[0].records())
        if self.header_record.kind != "header":
            raise Malformed(f"{path}: begins with a {self.header_record.kind} record")
        payload = self.header_record.payload
        self.end_time, = struct.unpack_from("<Q", payload, 0x10)
        self.buffers_written, = struct.unpack_from("<I", payload, 0x24)
        self.events_lost, = struct.unpack_from("<I", payload, 0x30)
        self.clock, self.buffers_lost = struct.unpack_from("<II", payload, 0x110)

    def records(self):
        """All but the header record, buffer by buffer."""
        for i, buffer in enumerate(self.buffers):
            for record in buffer.records():
                if i or record.kind != "header":
                    yield record
