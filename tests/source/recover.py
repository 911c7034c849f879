# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
"""wmitrace recover on memory that is made here, after include/etl/crash.h and
docs/buffer-design.md: buffers whose writers were stopped at any place, and dumps
that lie."""

import json
import os
import random
import struct
import subprocess

PAGE = 4096
BASE = 0x100000
SIZE = 8192                     # of a buffer
HEADER, RING = 1, 2
TOKEN = 1
GUID = bytes(range(16))
START = 1000000                 # raw time of the session's
FLAGS = 0x2 | 0x8 | 0x20        # GUID, time, thread: 40 bytes before the payload


def result(good, what, detail=""):
    print(f"{'ok' if good else 'not ok'} - {what}")
    if not good and detail:
        print("# " + str(detail).replace("\n", "\n# "))


def record(number, time, size=64):
    head = struct.pack("<HBBHH16sQII", size, 0, 0x90, number, FLAGS, GUID, START + time, 1, 2)
    return head + bytes((number + i) & 0xff for i in range(size - len(head)))


class Memory:
    """Physical memory from BASE on, as a core file."""

    def __init__(self):
        self.data = bytearray()

    def pages(self, data):
        address = BASE + len(self.data)
        self.data += data + bytes(-len(data) % PAGE)
        return address

    def put(self, address, data):
        self.data[address - BASE:address - BASE + len(data)] = data

    def values(self, session, kind, cpu, values):
        """Pages of ours; returns their addresses."""
        addresses = []
        for first in range(0, max(len(values), 1), 504):
            part = values[first:first + 504]
            address = BASE + len(self.data)
            self.pages(struct.pack("<16sQQHHIIIQQ", b"wmitrace crash", address, session, 1, kind,
                                   cpu, first, len(part), 0, 0) + struct.pack(f"<{len(part)}Q", *part))
            addresses.append(address)
        return addresses

    def core(self, path):
        note = struct.pack("<III8s", 5, 336, 1, b"CORE\0\0\0\0") + bytes(336)
        with open(path, "wb") as file:
            file.write(struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1" + bytes(9), 4, 62, 1, 0, 64,
                                   0, 0, 64, 56, 2, 0, 0, 0))
            file.write(struct.pack("<IIQQQQQQ", 4, 0, PAGE, 0, 0, len(note), len(note), 0))
            file.write(struct.pack("<IIQQQQQQ", 1, 0, 2 * PAGE, 0, BASE, len(self.data), len(self.data), 0))
            file.write(bytes(PAGE - file.tell()) + note)
            file.write(bytes(2 * PAGE - file.tell()) + self.data)


def header_buffer():
    subprocess.run([f"{os.environ['TOP']}/build/tests/etl_generate", "-b", str(SIZE // 1024), "-n", "1", "header.etl"],
                   check=True, stderr=subprocess.DEVNULL)
    with open("header.etl", "rb") as file:
        data = file.read(SIZE)
    used, = struct.unpack_from("<I", data, 0x30)
    assert struct.unpack_from("<I", data)[0] == SIZE
    # As the kernel has it while a session runs: EndTime 0.
    return data[:0x68] + data[0x68:0x68 + 0x10] + bytes(8) + data[0x68 + 0x18:used]


class Machine:
    """A session on one CPU with four buffers; state i is of buffer i."""

    FIELDS = ((0, 8), (8, 4), (12, 4), (16, 8), (24, 4))   # commit, seq, used, number, done

    def __init__(self, session=7, cpu=0, buffers=4, overwrite=0):
        self.memory = m = Memory()
        m.pages(b"\xa5" * PAGE)
        self.buffers = buffers
        self.ring = m.pages(bytes(buffers * SIZE))
        self.states = m.pages(bytes(64 * buffers))
        self.numbers = m.pages(bytes(64))
        for i in range(buffers):
            self.state(i, 0, 0, 0, 0, i - buffers + 1)
        head = header_buffer()
        self.our_pages = m.values(session, HEADER, 0, struct.unpack(
            f"<{(len(head) + 7) // 8}Q", head + bytes(-len(head) % 8)))
        at = struct.pack("<IIIIQQQQQ", SIZE, buffers, overwrite, TOKEN, self.numbers, self.numbers + 8,
                         *(self.numbers + 16 + 8 * i for i in range(3)))
        at += b"".join(struct.pack("<HH", *field) for field in self.FIELDS) + bytes(4)
        self.our_pages += m.values(session, RING, cpu, [
            *struct.unpack("<10Q", at), *(self.states + 64 * i for i in range(buffers)),
            *(self.ring + PAGE * i for i in range(buffers * SIZE // PAGE))])

    def state(self, index, commit, seq, used, number, done):
        self.memory.put(self.states + 64 * index,
                        struct.pack("<QIIQI", commit, seq, used, number, done & 0xffffffff))

    def position(self, seq, offset, consumed=0, lost=(0, 0, 0)):
        self.memory.put(self.numbers, struct.pack("<IIII3Q", offset, seq, consumed, 0, *lost))

    def content(self, seq, data):
        self.memory.put(self.ring + seq % self.buffers * SIZE, data)

    def publish(self, seq, number, records, time):
        data = b"".join(records)
        used = 72 + len(data)
        self.content(seq, struct.pack("<IIIIQQQHHIIHH16x", SIZE, used, SIZE + used, 0, START + time, number, 0,
                                      0, 2, 3, used, 0x20, 0) + data + b"\xff" * (SIZE - used))
        self.state(seq % self.buffers, 0, seq, used, number, seq + 1)

    def recover(self, name):
        self.memory.core(name + ".core")
        return recover(name)


def recover(name):
    done = subprocess.run(["wmitrace", "recover", "--json", name + ".core", "-o", name + ".etl"],
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def numbers_in(name):
    """Numbers of the records, and that the file keeps the rules."""
    verify = subprocess.run(["wmitrace", "verify", "--finalised", name + ".etl"], capture_output=True,
                            text=True, check=False)
    with open(name + ".etl", "rb") as file:
        data = file.read()
    found = []
    for at in range(SIZE, len(data), SIZE):
        end, = struct.unpack_from("<I", data, at + 0x30)
        offset = 72
        while offset < end:
            size, _, marker, number = struct.unpack_from("<HBBH", data, at + offset)
            assert marker == 0x90 and size >= 40, (at, offset)
            found.append(number)
            offset += (size + 7) & ~7
    return found, verify.returncode == 0, verify.stdout + verify.stderr


def expect(machine, name, wanted, **values):
    """@wanted: numbers of the records in the file; @values: of what is said about it."""
    status, out, err = machine.recover(name)
    if not os.path.exists(name + ".etl"):
        result(False, name, f"status {status}: {out}{err}")
        return
    found, sound, why = numbers_in(name)
    said = json.loads(out)[0]
    wrong = {key: said[key] for key, value in values.items() if said[key] != value}
    good = found == wanted and sound and not wrong and status == (1 if said["missing"] else 0)
    result(good, name, f"status {status}, records {found}, {said}, {wrong}, {why} {err}")


# ---- buffers ---------------------------------------------------------------------

first = [record(i, 1000 + i) for i in range(5)]


def open_buffer(pieces, finished, name, wanted, end=None, **values):
    """
    Use 1 is open.  @pieces: bytes, in order; @finished: numbers of those that count;
    use 0 was published with records 0 to 4.
    """
    machine = Machine()
    machine.publish(0, 1, first, 1100)
    data = b"".join(pieces)
    size = sum(len(pieces[i]) for i in finished)
    machine.content(1, bytes(72) + data)
    machine.state(1, len(finished) << 32 | 72 + size, 1, 0, 2, 1 - 4 + 1)
    machine.position(1, end or 72 + len(data))
    expect(machine, name, list(range(5)) + wanted, partial=1, **values)


a, b, c, d = (record(10 + i, 1200 + i, 40 + 8 * i) for i in range(4))
gap = bytes(104)
old = record(3, 900, 104)                       # of an earlier lap
longer = record(3, 900, 104 + 48)               # which reaches into the next record
future = record(99, 1201, 104 + 48)             # so does this one, and its time could be
new = record(50, 1203, 104)                     # looks as it should: nobody can tell

open_buffer([a, b, c], [0, 1, 2], "an open buffer, all records finished", [10, 11, 12], unfinished=0, missing=0)
open_buffer([a, b, gap], [0, 1], "the last record was not begun", [10, 11], missing=0)
open_buffer([gap, a, b], [1, 2], "the first record was not begun", [10, 11], missing=0)
open_buffer([a, gap, b, c], [0, 2, 3], "one in between was not begun", [10, 11, 12], missing=0)
open_buffer([a, old, b, c], [0, 2, 3], "where it belongs lies an older record", [10, 11, 12], missing=0)
open_buffer([a, longer[:104], b, c], [0, 2, 3], "an older record reaches into the next one", [10, 11, 12], missing=0)
open_buffer([a, future[:104], b, c], [0, 2, 3], "so does one that could be of this lap", [10, 11, 12], missing=0)
open_buffer([a, gap, b, old, c], [0, 2, 4], "two were stopped, one in the other", [10, 11, 12], missing=0)
open_buffer([gap, a, gap[:64], b, old, c, d, gap], [1, 3, 5, 6], "four were stopped",
            [10, 11, 12, 13], missing=0)
open_buffer([a, b, c, new], [0, 1, 2], "one that looks whole is kept, and said", [10, 11, 12, 50],
            unfinished=1, missing=0)
open_buffer([a, gap, gap, b], [0, 0, 3], "counts that nothing fits: what can be read, and said", [10],
            missing=2)


def closed_buffer(commit, used, name, wanted, pieces, **values):
    machine = Machine()
    machine.publish(0, 1, first, 1100)
    machine.content(1, bytes(72) + b"".join(pieces))
    machine.state(1, commit, 1, used, 2, 1 - 4 + 1)
    machine.position(1, 0x80000000)
    expect(machine, name, list(range(5)) + wanted, partial=1, **values)


ab = len(a) + len(b)
end = 72 + ab + len(gap)
closed_buffer(2 << 32 | 72 + ab + SIZE - end + TOKEN, end, "closed, and a writer stopped in it",
              [10, 11], [a, gap, b], missing=0)
closed_buffer(2 << 32 | 72 + ab, 8000, "closed, and where it ends was not stored", [10, 11], [a, b, old],
              missing=0)
closed_buffer(0, 72 + ab, "complete, and not handed over", [10, 11], [a, b, old], missing=0)

machine = Machine()
machine.publish(0, 1, first, 1100)
machine.content(1, bytes(72) + gap + a)
machine.state(1, 1 << 32 | len(a), 0xfffffffd, 0, 0, 1 - 4 + 1)
machine.position(1, 72 + len(gap) + len(a))
expect(machine, "moved on to, not opened, and interrupted", list(range(5)) + [10], partial=1)

machine = Machine()
machine.publish(1, 6, first, 1300)     # stamped again when it was read
machine.publish(2, 7, [a], 1250)
machine.publish(3, 8, [b], 1220)
machine.publish(4, 9, [c], 1210)
machine.position(4, 0x80000000, consumed=3, lost=(5, 6, 7))
expect(machine, "a ring gone round, two read already", [0, 1, 2, 3, 4, 10, 11, 12], partial=0, read_before=2,
       lost=18)

machine = Machine()
machine.position(0xffffffff, 0x80000000)
expect(machine, "a session without events", [], buffers=0)

# ---- dumps that are none, or lie -----------------------------------------------------


def refused(name, why):
    status, out, err = recover(name)
    result(status == 1 and why in err and not os.path.exists(name + ".etl"), f"refused: {name}",
           f"status {status}: {out}{err}")


def damaged(name, page, offset, value):
    machine = Machine()
    machine.publish(0, 1, first, 1100)
    machine.position(0, 0x80000000)
    machine.memory.put(machine.our_pages[page] + offset, value)
    status, out, err = machine.recover(name)
    result(status == 1 and err.startswith("wmitrace recover: "), f"said: {name}", f"status {status}: {out}{err}")


with open("empty.core", "wb"):
    pass
refused("empty", "no memory dump")
with open("text.core", "w", encoding="ascii") as text:
    text.write("wmitrace crash\n" * 1000)
refused("text", "no memory dump")
with open("flat.core", "wb") as flat:
    flat.write(b"makedumpfile\0\0\0\0" + bytes(PAGE - 16) + struct.pack(">qq", 1 << 62, 1 << 62))
refused("flat", "damaged")
refused("missing", "cannot open")
nothing = Memory()
nothing.pages(bytes(16 * PAGE))
nothing.core("nothing.core")
refused("nothing", "no session was running")
damaged("a page that says it lies elsewhere", 0, 16, struct.pack("<Q", BASE))
damaged("of another version", 0, 32, b"\2")
damaged("buffers that are no power of two", 1, 64 + 4, struct.pack("<I", 3))
damaged("buffers of another size", 1, 64, struct.pack("<I", 2 * SIZE))
damaged("a CPU that cannot be", 1, 36, struct.pack("<I", 5000))
damaged("more values than a page has", 0, 44, struct.pack("<I", 505))
damaged("values that begin later", 1, 40, struct.pack("<I", 1))
damaged("a position outside of the dump", 1, 64 + 16, struct.pack("<Q", 1 << 50))
damaged("a state outside of the dump", 1, 64 + 80, struct.pack("<Q", 1 << 50))
damaged("a buffer outside of the dump", 1, 64 + 80 + 4 * 8, struct.pack("<Q", 1 << 50))
damaged("a header buffer of 4 GB", 0, 64, struct.pack("<I", 0xffffffff))
damaged("a logfile header without sense", 0, 64 + 0x48, b"\xff" * 200)

# ---- whatever bytes: an answer, never a signal ---------------------------------------
generator = random.Random(8)
odd = []
for trial in range(150):
    machine = Machine()
    machine.publish(0, 1, first, 1100)
    machine.content(1, bytes(72) + a + gap + b)
    machine.state(1, 2 << 32 | 72 + ab, 1, 0, 2, -2)
    machine.position(1, end)
    places = machine.our_pages + [machine.states, machine.numbers, machine.ring, machine.ring + SIZE]
    for _ in range(generator.randint(1, 6)):
        place = generator.choice(places) + generator.choice((generator.randrange(128), generator.randrange(PAGE)))
        machine.memory.put(place, bytes([generator.choice((0, 1, 0x7f, 0x80, 0xff, generator.randrange(256)))]))
    machine.memory.core("odd.core")
    status, out, err = recover("odd")
    if status not in (0, 1) or (status and not err and '"damaged":0,' in out and '"missing":0,' in out):
        odd.append((trial, status, err))
result(not odd, "150 dumps with bytes changed: an answer to each", odd)

# ---- cut off: said, however much is left; with segments that lie, too ------------------
machine = Machine()
machine.publish(0, 1, first, 1100)
machine.publish(1, 2, [a, b], 1200)
machine.position(1, 0x80000000)
machine.memory.core("whole.core")
with open("whole.core", "rb") as file:
    whole = file.read()
odd = []
for size in [*range(0, len(whole), 509), len(whole) - 1]:
    with open("cut.core", "wb") as file:
        file.write(whole[:size])
    status, out, err = recover("cut")
    why = "cut off" if size > 2 * PAGE else ""      # before that, it is no core at all
    if status != 1 or why not in err or not err.startswith("wmitrace recover: "):
        odd.append((size, status, out, err))
result(not odd, "a core cut off anywhere: status 1, and it is said", odd)

SEGMENT = 64 + 56       # the program header of what is loaded
odd = []
for offset, value in ((SEGMENT + 8, 1 << 63), (SEGMENT + 8, (1 << 64) - 1), (SEGMENT + 32, 1 << 63),
                      (SEGMENT + 32, (1 << 64) - 1), (SEGMENT + 24, (1 << 64) - PAGE),
                      (32, 1 << 62), (32, len(whole) - 8)):
    with open("lying.core", "wb") as file:
        file.write(whole[:offset] + struct.pack("<Q", value) + whole[offset + 8:])
    status, out, err = recover("lying")
    if status != 1 or not err.startswith("wmitrace recover: "):
        odd.append((offset, hex(value), status, out, err))
for sections, count in ((0, 0), (len(whole) + 1, 0), (len(whole) - 64, 2), (len(whole) - 64, 0xffffffff)):
    head = bytearray(whole)
    struct.pack_into("<Q", head, 40, sections)
    struct.pack_into("<HHH", head, 56, 0xffff, 64, 1)   # segments: counted in section 0
    struct.pack_into("<I", head, len(head) - 64 + 44, count)
    with open("many.core", "wb") as file:
        file.write(head)
    status, out, err = recover("many")
    if status not in (0, 1) or (status and not err.startswith("wmitrace recover: ")):
        odd.append((sections, count, status, out, err))
result(not odd, "a core whose headers lie: an answer to each", odd)
