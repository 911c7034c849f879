/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Model of one CPU's ring (docs/buffer-design.md, kmod/buffer.c, reader.c):
 * a writer in each of three contexts that interrupt one another, a flusher
 * that closes the open sub-buffer from an interrupt, and a reader on another
 * CPU.  Every step below is one instruction that others can see.
 *
 *	-DOVERWRITE	flight recorder; otherwise discard
 *	-DBUG_...	leaves something out: verification must then fail
 *
 * A record is one unit, the header too; a sub-buffer is SIZE units.  Each cell
 * remembers the use it was written in, so that a reader can be held to what it
 * was promised.
 */
#define SUBBUFS	2
#ifndef SIZE
#define SIZE	3		/* units of a sub-buffer: header and SIZE - 1 records */
#endif
#define TOKEN	1
#define CLOSED	9
#define FIRST	SUBBUFS		/* uses are numbered from here, so that none is negative */

#ifndef EVENTS
#define EVENTS	2		/* attempts of the writer in process context */
#endif
#ifndef NESTED
#define NESTED	1		/* of each of those that interrupt */
#endif
#ifndef FLUSHES
#define FLUSHES	1
#endif

#ifdef BUG_NO_TOKEN
#define COMPLETE	SIZE
#else
#define COMPLETE	(SIZE + TOKEN)
#endif

#define CELL(slot, offset)	cell[(slot) * SIZE + (offset)]

byte pos_seq = FIRST - 1, pos_offset = CLOSED;
byte commit[SUBBUFS], records[SUBBUFS], used[SUBBUFS], seq_of[SUBBUFS];
byte done[SUBBUFS];			/* use + 1 */
byte cell[SUBBUFS * SIZE];		/* use it was written in; 0 = not written */
byte reserved[SUBBUFS * SIZE];		/* use it was reserved in */
byte consumed = FIRST;

byte running = 0;			/* context that this CPU executes: 0 process, 1 irq, 2 nmi */
byte finished = 0;			/* writers and flushers that are done */
bool stopped = false;

/* the books */
byte attempts, lost, logged, overwritten, delivered;
byte being_read = 255;			/* slot that the reader copies, discard mode */

/* One instruction of context l. */
#define STEP(l)		(running == l) ->

inline complete(l, slot)
{
#ifdef BUG_RESET_AFTER_PUBLISH
	atomic { STEP(l) done[slot] = seq_of[slot] + 1; logged = logged + records[slot] };
	atomic { STEP(l) commit[slot] = 0 };
#else
	atomic { STEP(l) logged = logged + records[slot]; commit[slot] = 0 };
	atomic { STEP(l) done[slot] = seq_of[slot] + 1 };	/* publish */
#endif
}

inline close_subbuf(l, seq, offset, sum)
{
	atomic { STEP(l) used[(seq) % SUBBUFS] = offset };
	atomic {
		STEP(l)
#ifdef BUG_NO_TOKEN
		commit[(seq) % SUBBUFS] = commit[(seq) % SUBBUFS] + SIZE - offset;
#else
		commit[(seq) % SUBBUFS] = commit[(seq) % SUBBUFS] + SIZE - offset + TOKEN;
#endif
		sum = commit[(seq) % SUBBUFS]
	};
	if
	:: sum == COMPLETE -> complete(l, (seq) % SUBBUFS)
	:: else
	fi
}

#ifdef OVERWRITE
#define IS_FREE(seq)	(done[(seq) % SUBBUFS] == (seq) - SUBBUFS + 1)
#else
#define IS_FREE(seq)	((seq) - consumed < SUBBUFS)
#endif

/* What taking a sub-buffer into use again does to the books. */
inline forget(slot)
{
	assert(being_read != slot);
#ifdef OVERWRITE
	overwritten = overwritten + records[slot];
#endif
	records[slot] = 0;
	i = 0;
	do
	:: i < SIZE -> CELL(slot, i) = 0; reserved[(slot) * SIZE + i] = 0; i++
	:: else -> break
	od;
	i = 0
}

proctype writer(byte l)
{
	byte n, old_seq, old_offset, slot, offset, sum, before, i;
	bool got;

	do
	:: n < (l -> NESTED : EVENTS) ->
		atomic { (running < l || running == 0) -> before = running; running = l };
		atomic { STEP(l) attempts++; old_seq = pos_seq; old_offset = pos_offset };
		got = false;
		do
		:: old_offset < SIZE ->
			atomic {
				STEP(l)
				if
				:: pos_seq == old_seq && pos_offset == old_offset ->
					pos_offset++;
					slot = old_seq % SUBBUFS;
					offset = old_offset;
					assert(reserved[slot * SIZE + offset] == 0);
					reserved[slot * SIZE + offset] = old_seq;
					got = true
				:: else -> old_seq = pos_seq; old_offset = pos_offset
				fi
			};
			if
			:: got -> break
			:: else
			fi
		:: old_offset >= SIZE ->
			atomic { STEP(l) got = IS_FREE(old_seq + 1) };
			if
			:: !got -> break
			:: else -> got = false
			fi;
			atomic {
				STEP(l)
				if
				:: pos_seq == old_seq && pos_offset == old_offset ->
					pos_seq = old_seq + 1;
					pos_offset = 2;
					slot = pos_seq % SUBBUFS;
					offset = 1;
					assert(commit[slot] == 0);
					forget(slot);
					reserved[slot * SIZE + 1] = pos_seq;
					got = true
				:: else -> skip
				fi
			};
			if
			:: got ->
				atomic { STEP(l) seq_of[slot] = old_seq + 1 };
				atomic { STEP(l) commit[slot] = commit[slot] + 1 };	/* header */
				if
				:: old_offset != CLOSED -> close_subbuf(l, old_seq, old_offset, sum)
				:: else
				fi;
				break
			:: else ->
				atomic { STEP(l) old_seq = pos_seq; old_offset = pos_offset }
			fi
		od;
		if
		:: got ->
#ifndef BUG_COMMIT_BEFORE_WRITE
			atomic { STEP(l) CELL(slot, offset) = reserved[slot * SIZE + offset] };
#endif
			atomic {
				STEP(l)
				commit[slot] = commit[slot] + 1;
				records[slot]++;
				sum = commit[slot]
			};
			if
			:: sum == COMPLETE -> complete(l, slot)
			:: else
			fi;
#ifdef BUG_COMMIT_BEFORE_WRITE
			atomic { STEP(l) CELL(slot, offset) = reserved[slot * SIZE + offset] };
#endif
		:: else -> atomic { STEP(l) lost++ }
		fi;
		atomic { STEP(l) running = before; n++ }
	:: else -> break
	od;
	finished++
}

/* An IPI: hardirq context; it closes the open sub-buffer, and publishing is left to another CPU. */
proctype flusher()
{
	byte n, old_seq, old_offset, sum, before;

	do
	:: n < FLUSHES ->
		atomic { running < 1 -> before = running; running = 1;
			 old_seq = pos_seq; old_offset = pos_offset };
		do
		:: old_offset == CLOSED -> break
		:: else ->
			atomic {
				STEP(1)
				if
				:: pos_seq == old_seq && pos_offset == old_offset ->
					pos_offset = CLOSED;
					sum = 1
				:: else -> old_seq = pos_seq; old_offset = pos_offset; sum = 0
				fi
			};
			if
			:: sum -> close_subbuf(1, old_seq, old_offset, sum); break
			:: else
			fi
		od;
		atomic { STEP(1) running = before; n++ }
	:: else -> break
	od;
	finished++
}

/* When the writers have left, whoever stops the logger closes what is open. */
proctype stopper()
{
	byte old_seq, old_offset, sum;

	finished == 4;
	old_seq = pos_seq;
	old_offset = pos_offset;
	if
	:: old_offset != CLOSED ->
		pos_offset = CLOSED;
		close_subbuf(0, old_seq, old_offset, sum)
	:: else
	fi;
	stopped = true
}

proctype reader()
{
	byte given = FIRST, slot, i, end;
	byte copy[SIZE];

	do
#ifdef OVERWRITE
	:: given <= pos_seq && done[given % SUBBUFS] == given + 1 ->
		slot = given % SUBBUFS;
		end = used[slot];
		i = 1;
		do
		:: i < end -> copy[i] = CELL(slot, i); i++
		:: else -> break
		od;
		if
#ifdef BUG_NO_SECOND_LOOK
		:: true ->
#else
		:: pos_seq - given < SUBBUFS ->
#endif
			atomic {
				i = 1;
				do
				:: i < end -> assert(copy[i] == given); i++
				:: else -> break
				od
			}
#ifndef BUG_NO_SECOND_LOOK
		:: else
#endif
		fi;
		given++
	:: given + SUBBUFS <= pos_seq -> given = pos_seq - SUBBUFS + 1
#else
	:: done[given % SUBBUFS] == given + 1 ->
		slot = given % SUBBUFS;
#ifdef BUG_FREE_BEFORE_COPY
		consumed = given + 1;
#endif
		being_read = slot;
		i = 1;
		do
		:: i < used[slot] ->
			assert(CELL(slot, i) == given);
			delivered++;
			i++
		:: else -> break
		od;
		given++;
		being_read = 255;
#ifndef BUG_FREE_BEFORE_COPY
		consumed = given;
#endif
#endif
	:: stopped && (given > pos_seq) -> break
	od;
	assert(attempts == logged + lost);
#ifndef OVERWRITE
	assert(delivered == logged);
#endif
	assert(commit[0] == 0 && commit[1] == 0)
}

init
{
	atomic {
		done[0] = FIRST - SUBBUFS + 1;
		done[1] = FIRST - SUBBUFS + 2;
		seq_of[0] = 0;
		run writer(0);
		run writer(1);
		run writer(2);
		run flusher();
		run stopper();
		run reader()
	}
}
