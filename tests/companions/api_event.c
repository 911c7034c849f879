// SPDX-License-Identifier: GPL-2.0-only
/*
 * IoWMIWriteEvent: rows A104 to A137 and A221.  Events that may change owner
 * come from a slab cache of their own, with poisoning: whether one was freed
 * shows in its memory, and freeing one twice shows in the kernel log.
 */
#include <linux/kasan.h>
#include <linux/poison.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "api_rows.h"

#define EVENT_BYTES	2048
#define BAD_POINTER	0x10

static struct kmem_cache *cache;
static void *neighbour;		/* keeps the cache's memory from being given back */

/* An event with room for a payload, or for one MOF_FIELD more than is allowed */
struct event {
	EVENT_TRACE_HEADER header;
	union {
		u8 payload[320];
		MOF_FIELD field[MAX_MOF_FIELDS + 1];
	};
};

/* @id becomes Class.Version: who wrote it */
static void init_event(struct event *e, enum api_session session, u16 id, u16 payload, u32 flags)
{
	memset(e, 0, sizeof(*e));
	e->header.Size = sizeof(e->header) + payload;
	e->header.Class.Version = id;
	e->header.Guid = api_guid;
	e->header.Flags = WNODE_FLAG_TRACED_GUID | flags;
	((PWNODE_HEADER)e)->HistoricalContext = api_handle[session];
}

static void set_field(struct event *e, int i, const void *data, u32 length)
{
	e->field[i] = (MOF_FIELD){ .DataPtr = (ULONG64)(ULONG_PTR)data, .Length = length };
}

/* ---- TRACED_GUID ------------------------------------------------------- */

static void a104(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(104, 0), 0, 0);
	api_status("A104", IoWMIWriteEvent(&e), STATUS_SUCCESS, "an event on the stack");
}

static void a105(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(105, 0), 0, 0);
	e.header.Class.Type = 0xab;
	e.header.Class.Level = 0xff;
	api_status("A105", IoWMIWriteEvent(&e), STATUS_SUCCESS, "an event with type and level");
}

static void a106(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(106, 0), 13, 0);
	memcpy(e.payload, "thirteen byte", 13);
	api_status("A106", IoWMIWriteEvent(&e), STATUS_SUCCESS, "an event with 13 bytes");
}

static void a108(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(108, 0), 0, 0);
	e.header.TimeStamp.QuadPart = 0x0123456789abcdef;
	api_status("A108", IoWMIWriteEvent(&e), STATUS_SUCCESS,
		   "a time stamp without USE_TIMESTAMP");
}

static void a109(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(109, 0), 0, WNODE_FLAG_USE_TIMESTAMP);
	e.header.TimeStamp.QuadPart = 0x0123456789abcdef;
	api_status("A109", IoWMIWriteEvent(&e), STATUS_SUCCESS, "a time stamp with USE_TIMESTAMP");
	e.header.Class.Version = API_NUMBER(109, 1);
	e.header.TimeStamp.QuadPart = 0;
	api_status("A109", IoWMIWriteEvent(&e), STATUS_SUCCESS, "a time stamp of 0");
}

/* a1b2c3d4-0110-4abc-8def-000102030405 */
static const GUID other_guid = {
	0xa1b2c3d4, 0x0110, 0x4abc, { 0x8d, 0xef, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05 }
};

static void a110(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(110, 0), 0, WNODE_FLAG_USE_GUID_PTR);
	e.header.GuidPtr = (ULONG_PTR)&other_guid;
	api_status("A110", IoWMIWriteEvent(&e), STATUS_SUCCESS, "a pointer to a GUID");
}

static void a111(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(111, 0), 0, WNODE_FLAG_USE_GUID_PTR);
	e.header.GuidPtr = 0;
	api_status("A111", IoWMIWriteEvent(&e), STATUS_INVALID_PARAMETER, "a NULL GUID pointer");
}

static void a112(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(112, 0), 3 * sizeof(MOF_FIELD), WNODE_FLAG_USE_MOF_PTR);
	set_field(&e, 0, "one", 3);
	set_field(&e, 1, "two", 3);
	set_field(&e, 2, "three", 5);
	api_status("A112", IoWMIWriteEvent(&e), STATUS_SUCCESS, "three fields");
}

static void a113(void)
{
	struct event e;
	int i;

	init_event(&e, PLAIN, API_NUMBER(113, 0), 16 * sizeof(MOF_FIELD), WNODE_FLAG_USE_MOF_PTR);
	for (i = 0; i < 17; i++)
		set_field(&e, i, &"0123456789abcdefg"[i], 1);
	api_status("A113", IoWMIWriteEvent(&e), STATUS_SUCCESS, "16 fields");
	e.header.Size += sizeof(MOF_FIELD);
	api_status("A113", IoWMIWriteEvent(&e), STATUS_ARRAY_BOUNDS_EXCEEDED,
		   "17 fields are refused");
}

static void a114(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(114, 0), 0, WNODE_FLAG_USE_MOF_PTR);
	api_status("A114", IoWMIWriteEvent(&e), STATUS_SUCCESS, "no fields");
}

static void a115(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(115, 0), sizeof(MOF_FIELD) + 12, WNODE_FLAG_USE_MOF_PTR);
	set_field(&e, 0, "whole", 5);
	set_field(&e, 1, (void *)BAD_POINTER, 4);
	api_status("A115", IoWMIWriteEvent(&e), STATUS_SUCCESS, "a field and most of another");
	init_event(&e, PLAIN, API_NUMBER(115, 1), 15, WNODE_FLAG_USE_MOF_PTR);
	set_field(&e, 0, (void *)BAD_POINTER, 4);
	api_status("A115", IoWMIWriteEvent(&e), STATUS_SUCCESS, "most of a field alone");
}

static void a116(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(116, 0), 3 * sizeof(MOF_FIELD), WNODE_FLAG_USE_MOF_PTR);
	set_field(&e, 0, "ab", 2);
	set_field(&e, 1, (void *)BAD_POINTER, 0);
	set_field(&e, 2, "cd", 2);
	api_status("A116", IoWMIWriteEvent(&e), STATUS_SUCCESS,
		   "an empty field with a bad pointer");
}

static void a117(void)
{
	struct event e;

	init_event(&e, BIG, API_NUMBER(117, 0), 2 * sizeof(MOF_FIELD), WNODE_FLAG_USE_MOF_PTR);
	set_field(&e, 0, (void *)BAD_POINTER, 0xffffffff);
	set_field(&e, 1, (void *)BAD_POINTER, 9);
	api_status("A117", IoWMIWriteEvent(&e), STATUS_BUFFER_OVERFLOW,
		   "lengths whose 32-bit sum would be 8");
	set_field(&e, 0, e.payload, 8);
	set_field(&e, 1, (void *)BAD_POINTER, 65536 - 48 - 8);
	api_status("A117", IoWMIWriteEvent(&e), STATUS_BUFFER_OVERFLOW, "an event of 65536 bytes");
}

static void a118(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(118, 0), 2 * sizeof(MOF_FIELD), WNODE_FLAG_USE_MOF_PTR);
	set_field(&e, 0, "ab", 2);
	set_field(&e, 1, "cd", 2);
	e.field[0].DataType = 0xffffffff;
	e.field[1].DataType = 7;
	api_status("A118", IoWMIWriteEvent(&e), STATUS_SUCCESS, "fields with data types");
}

static void a119(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(119, 0), sizeof(MOF_FIELD),
		   WNODE_FLAG_USE_MOF_PTR | WNODE_FLAG_USE_GUID_PTR);
	e.header.GuidPtr = (ULONG_PTR)&other_guid;
	set_field(&e, 0, "both", 4);
	api_status("A119", IoWMIWriteEvent(&e), STATUS_SUCCESS, "a GUID pointer and a field");
}

static void a120(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(120, 0), 0, 0);
	e.header.Size = 47;
	api_status("A120", IoWMIWriteEvent(&e), STATUS_INVALID_PARAMETER, "a Size of 47");
	e.header.Size = 0;
	api_status("A120", IoWMIWriteEvent(&e), STATUS_INVALID_PARAMETER, "a Size of 0");
}

static void a121(void)
{
	struct event e, before;

	init_event(&e, PLAIN, API_NUMBER(121, 0), 4, 0);
	e.header.HeaderType = 0x5a;
	e.header.MarkerFlags = 0xa5;
	before = e;
	api_status("A121", IoWMIWriteEvent(&e), STATUS_SUCCESS, "a buffer used once");
	api_check("A121", !memcmp(&e, &before, sizeof(e)), "is what it was");
	api_status("A121", IoWMIWriteEvent(&e), STATUS_SUCCESS, "and can be used again");
}

/* Started by a thread that is not its process's first. */
static void a122(void)
{
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(122, 0), 0, 0);
	((PWNODE_HEADER)&e)->HistoricalContext |= 0x7777777700330000;
	api_status("A122", IoWMIWriteEvent(&e), STATUS_SUCCESS, "an event with a full handle");
	api_check("A122", current->pid != current->tgid,
		  "thread and process id differ in this test");
	api_fact("A122.tid", current->pid);
	api_fact("A122.pid", current->tgid);
}

struct context_event {
	struct event event;
	NTSTATUS status;
};

static void write_in_context(void *arg)
{
	struct context_event *e = arg;

	e->status = IoWMIWriteEvent(&e->event);
}

static void a124(void)
{
	struct context_event *e = kmalloc(sizeof(*e), GFP_KERNEL);
	enum api_context c;
	char text[64];

	for (c = PROCESS_CONTEXT; e && c < API_CONTEXTS; c++) {
		init_event(&e->event, PLAIN, API_NUMBER(124, c), 4, 0);
		memcpy(e->event.payload, "A124", 4);
		snprintf(text, sizeof(text), "works with %s", api_context_names[c]);
		e->status = STATUS_UNSUCCESSFUL;
		api_check("A124", api_in_context(c, write_in_context, e) &&
			  e->status == STATUS_SUCCESS, text);
	}
	api_check("A124", e, "memory for the event");
	kfree(e);
}

static void a126(void)
{
	/* 00000126-... is registered nowhere */
	static const GUID nobody = { 0x126, 0, 0, { 9, 8, 7, 6, 5, 4, 3, 2 } };
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(126, 0), 0, 0);
	e.header.Guid = nobody;
	api_status("A126", IoWMIWriteEvent(&e), STATUS_SUCCESS, "a GUID that nobody registered");
}

static void a127(void)
{
	NTSTATUS status = STATUS_SUCCESS;
	struct event e;
	int tried;

	init_event(&e, FULL, API_NUMBER(127, 0), 256, 0);
	for (tried = 0; status == STATUS_SUCCESS && tried < 100000; tried++)
		status = IoWMIWriteEvent(&e);
	api_status("A127", status, STATUS_NO_MEMORY, "an event where all buffers are full");
}

/* A buffer of 4 KB holds an event of 4096 - 72 bytes. */
static void event_sizes(void)
{
	static u8 data[4096];
	struct event e;

	memset(data, 0x91, sizeof(data));
	init_event(&e, TINY, API_NUMBER(91, 1), sizeof(MOF_FIELD), WNODE_FLAG_USE_MOF_PTR);
	set_field(&e, 0, data, 4096 - 72 - 48);
	api_status("9.1", IoWMIWriteEvent(&e), STATUS_SUCCESS, "an event as large as a buffer");
	e.header.Class.Version = API_NUMBER(91, 2);
	set_field(&e, 0, data, 4096 - 72 - 48 + 1);
	api_status("9.1", IoWMIWriteEvent(&e), STATUS_BUFFER_OVERFLOW,
		   "an event of one byte more is refused");
}

static void a128(void)
{
	GUID guid = other_guid;
	char data[8] = "original";
	struct event e;

	init_event(&e, PLAIN, API_NUMBER(128, 0), sizeof(MOF_FIELD),
		   WNODE_FLAG_USE_MOF_PTR | WNODE_FLAG_USE_GUID_PTR);
	e.header.GuidPtr = (ULONG_PTR)&guid;
	set_field(&e, 0, data, sizeof(data));
	api_status("A128", IoWMIWriteEvent(&e), STATUS_SUCCESS, "an event that changes afterwards");
	memset(&guid, 0xee, sizeof(guid));
	memset(data, 0xee, sizeof(data));
	memset(&e, 0xee, sizeof(e));
}

/* ---- events that change owner ------------------------------------------ */

/* An event of @bytes with its WNODE_HEADER; @id lies where Class.Version does. */
static PWNODE_HEADER alloc_wnode(enum api_session session, u16 id, u32 bytes, u32 flags)
{
	PWNODE_HEADER w = kmem_cache_zalloc(cache, GFP_KERNEL);

	if (!w)
		return NULL;
	w->BufferSize = bytes;
	w->ProviderId = (u32)id << 16;
	w->HistoricalContext = api_handle[session];
	w->Guid = api_guid;
	w->Flags = flags;
	return w;
}

#ifdef CONFIG_KASAN_GENERIC
/* What is freed is kept for a while, as it is; its shadow says that it may not be read. */
static __no_sanitize_address bool is_freed(PWNODE_HEADER w)
{
	return *(const s8 *)kasan_mem_to_shadow(w) < 0;
}
#else
/* The cache poisons what is freed; nobody else allocates from it. */
static bool is_freed(PWNODE_HEADER w)
{
	const u8 *p = (const u8 *)w;

	return p[EVENT_BYTES - 1] == POISON_END && p[EVENT_BYTES - 2] == POISON_FREE;
}
#endif

/* Writes @w and checks status and owner; frees what is still ours. */
static void write_wnode(const char *row, PWNODE_HEADER w, NTSTATUS want, bool taken,
			const char *text)
{
	NTSTATUS status;
	bool freed;

	if (!w) {
		api_check(row, false, "memory for the event");
		return;
	}
	status = IoWMIWriteEvent(w);
	freed = is_freed(w);
	api_status(row, status, want, text);
	api_check(row, freed == taken,
		  taken ? "the block is freed" : "the block stays the caller's");
	if (!freed)
		kmem_cache_free(cache, w);
}

static void a123(void)
{
	PWNODE_HEADER w = alloc_wnode(STOPPED, API_NUMBER(123, 0), 48, WNODE_FLAG_TRACED_GUID);

	write_wnode("A123", w, STATUS_INVALID_HANDLE, false, "an unknown handle");
	w = alloc_wnode(PAGED, API_NUMBER(103, 1), 48, WNODE_FLAG_TRACED_GUID);
	write_wnode("A103", w, STATUS_NOT_SUPPORTED, false, "an event to a paged-memory session");
}

static void a125(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(125, 0), 48,
				      WNODE_FLAG_TRACED_GUID | WNODE_FLAG_LOG_WNODE);

	write_wnode("A125", w, STATUS_SUCCESS, false, "TRACED_GUID and LOG_WNODE");
	w = alloc_wnode(PLAIN, API_NUMBER(125, 1), 48, WNODE_FLAG_TRACED_GUID);
	write_wnode("A104", w, STATUS_SUCCESS, false, "TRACED_GUID with allocated memory");
}

static void a130(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(130, 0), 48 + 6, WNODE_FLAG_LOG_WNODE);

	if (w)
		memcpy(w + 1, "logged", 6);
	write_wnode("A130", w, STATUS_SUCCESS, true, "LOG_WNODE alone");
}

static void a131(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(131, 0), 47, WNODE_FLAG_LOG_WNODE);

	write_wnode("A131", w, STATUS_INVALID_PARAMETER, false, "a BufferSize of 47");
}

static void a132(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(132, 0), 64,
				      WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_SINGLE_INSTANCE);

	write_wnode("A132", w, STATUS_SUCCESS, true, "an event for consumers, with none");
}

static void a133(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(133, 0), 1024,
				      WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_SINGLE_INSTANCE);

	write_wnode("A133", w, STATUS_SUCCESS, true, "an event of 1024 bytes");
	w = alloc_wnode(PLAIN, API_NUMBER(133, 1), 1025,
			WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_SINGLE_INSTANCE);
	write_wnode("A133", w, STATUS_BUFFER_OVERFLOW, false, "an event of 1025 bytes");
	w = alloc_wnode(PLAIN, API_NUMBER(133, 2), 0x10000 + 48, WNODE_FLAG_LOG_WNODE);
	write_wnode("A133", w, STATUS_BUFFER_OVERFLOW, false,
		    "an event whose size has 48 in its lower half only");
}

/* After A91 or A127 filled that session. */
static void a134(void)
{
	PWNODE_HEADER w = alloc_wnode(FULL, API_NUMBER(134, 0), 512, WNODE_FLAG_LOG_WNODE);

	write_wnode("A134", w, STATUS_SUCCESS, true, "LOG_WNODE with a full log");
	w = alloc_wnode(STOPPED, API_NUMBER(134, 1), 512, WNODE_FLAG_LOG_WNODE);
	write_wnode("A134", w, STATUS_SUCCESS, true, "LOG_WNODE with no session");
}

static void a135(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(135, 0), 48,
				      WNODE_FLAG_LOG_WNODE | WNODE_FLAG_USE_TIMESTAMP);

	if (w)
		w->TimeStamp.QuadPart = 0x01d5000000000135;
	write_wnode("A135", w, STATUS_SUCCESS, true, "LOG_WNODE with USE_TIMESTAMP");
	w = alloc_wnode(PLAIN, API_NUMBER(135, 1), 48, WNODE_FLAG_LOG_WNODE);
	if (w)
		w->TimeStamp.QuadPart = 0x01d5000000000135;
	write_wnode("A135", w, STATUS_SUCCESS, true, "LOG_WNODE without USE_TIMESTAMP");
}

static void a136(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(136, 0), 64,
				      WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_SINGLE_INSTANCE |
				      WNODE_FLAG_USE_GUID_PTR);
	u64 bad = BAD_POINTER;
	NTSTATUS status;

	if (!w) {
		api_check("A136", false, "memory for the event");
		return;
	}
	memcpy(&w->Guid, &bad, sizeof(bad));
	status = IoWMIWriteEvent(w);
	api_check("A136", is_freed(w) == NT_SUCCESS(status),
		  "a bad GUID pointer without a trace flag is not followed");
	if (!is_freed(w))
		kmem_cache_free(cache, w);
}

/* Makes the logger warn, once: only run where the kernel log may have that. */
static void a137(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(137, 0), 64,
				      WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_SINGLE_INSTANCE);
	NTSTATUS status;

	if (!w) {
		api_check("A137", false, "memory for the event");
		return;
	}
	local_irq_disable();
	status = IoWMIWriteEvent(w);
	local_irq_enable();
	api_status("A137", status, STATUS_UNSUCCESSFUL,
		   "an event for consumers with interrupts off is refused");
	api_check("A137", !is_freed(w), "the block stays the caller's");
	if (!is_freed(w))
		kmem_cache_free(cache, w);
}

static void a221(void)
{
	PWNODE_HEADER w = alloc_wnode(PLAIN, API_NUMBER(221, 0), 48, WNODE_FLAG_LOG_WNODE);

	if (w)
		w->ProviderId |= 0x0521;	/* type 0x21, level 5 */
	write_wnode("A221", w, STATUS_SUCCESS, true, "LOG_WNODE with a class");
	w = alloc_wnode(PLAIN, API_NUMBER(221, 1), 48 + 4,
			WNODE_FLAG_LOG_WNODE | WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_SINGLE_INSTANCE);
	if (w)
		memcpy(w + 1, "A221", 4);
	write_wnode("A221", w, STATUS_SUCCESS, true, "LOG_WNODE with a provider id");
}

const struct api_row api_event_rows[] = {
	{ "A104", a104 }, { "A105", a105 }, { "A106", a106 }, { "A108", a108 }, { "A109", a109 },
	{ "A110", a110 }, { "A111", a111 }, { "A112", a112 }, { "A113", a113 }, { "A114", a114 },
	{ "A115", a115 }, { "A116", a116 }, { "A117", a117 }, { "A118", a118 }, { "A119", a119 },
	{ "A120", a120 }, { "A121", a121 }, { "A122", a122 }, { "A123", a123 }, { "A124", a124 },
	{ "A125", a125 }, { "A126", a126 }, { "A127", a127 }, { "9.1", event_sizes },
	{ "A128", a128 }, { "A130", a130 },
	{ "A131", a131 }, { "A132", a132 }, { "A133", a133 }, { "A134", a134 }, { "A135", a135 },
	{ "A136", a136 }, { "A137", a137 }, { "A221", a221 },
	{ }
};

int api_event_init(void)
{
	cache = kmem_cache_create("wmitrace_api_events", EVENT_BYTES, 0,
				  SLAB_POISON | SLAB_CONSISTENCY_CHECKS, NULL);
	if (!cache)
		return -ENOMEM;
	neighbour = kmem_cache_alloc(cache, GFP_KERNEL);
	if (!neighbour) {
		kmem_cache_destroy(cache);
		return -ENOMEM;
	}
	return 0;
}

void api_event_exit(void)
{
	kmem_cache_free(cache, neighbour);
	kmem_cache_destroy(cache);
}
