/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI between wmitrace.ko and user space: ioctls on /dev/wmitrace.
 *
 * Rules that hold for every call:
 * - The caller needs CAP_PERFMON or CAP_SYS_ADMIN in the initial user
 *   namespace, or be a member, other than root, of the group of the device
 *   node, other than root's.  The kernel logger (id 0) needs CAP_SYS_ADMIN,
 *   REPORT a capability.  Under the kernel's lockdown for confidentiality its flags
 *   and BRIDGE are refused to all.
 * - The size encoded in the request number versions the structure: a shorter,
 *   older structure is read as if it ended in zeros, a longer one is accepted
 *   only if what the kernel does not know is zero (else E2BIG).  Unknown
 *   request numbers give ENOTTY.
 * - Unknown flag bits and non-zero reserved fields are refused with
 *   EINVAL / ERROR_INVALID_PARAMETER.
 * - On return `win32` holds the Win32 error code (0 = success), also where the
 *   call fails with an errno; errno is its lossy translation.
 * - Strings are UTF-8 without terminator.
 */
#ifndef _UAPI_WMITRACE_H
#define _UAPI_WMITRACE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define WMITRACE_DEVICE		"/dev/wmitrace"
#define WMITRACE_DEBUGFS	"/sys/kernel/debug/wmitrace"
#define WMITRACE_LOGGERS	32	/* logger 0 is the kernel logger */
#define WMITRACE_KERNEL_LOGGER	0
#define WMITRACE_KERNEL_HANDLE	0xffffu	/* logger 0's id inside a handle */
#define WMITRACE_NAME_MAX	1024	/* UTF-16 units, session and file name */

/*
 * A string in user memory.  As input `len` bytes at `ptr` are read.  As output
 * at most `cap` bytes are written there and `len` becomes the full length: if
 * that is more than `cap` the call reports ERROR_MORE_DATA with everything
 * else filled in.
 */
struct wmitrace_str {
	__aligned_u64	ptr;
	__u32		len;
	__u32		cap;
};

/* enum wmitrace_state - what a logger slot holds */
enum wmitrace_state {
	WMITRACE_STATE_FREE	= 0,
	WMITRACE_STATE_RUNNING	= 1,
	WMITRACE_STATE_STOPPED	= 2,	/* not a session any more; buffers kept for readers */
	WMITRACE_STATE_STOPPING	= 3,	/* providers are being told; events still accepted */
};

/* wmitrace_session.flags */
#define WMITRACE_START_OWNED	0x1u	/* START: stop and release when this descriptor closes */
#define WMITRACE_STOPPED	0x2u	/* QUERY: the address may also be a stopped logger's */

/**
 * struct wmitrace_session - a session's settings and statistics
 *
 * Used by START, STOP, QUERY, UPDATE, FLUSH and RELEASE.  START reads the
 * settings; the others read only the address: `name` if its len is not 0,
 * otherwise `handle` (its low 16 bits).  Every call that finds its session
 * fills in everything.  UPDATE reads flush_timer, max_buffers (0 = unchanged),
 * file (len 0 = unchanged; a flight recorder's is where its drainer puts
 * snapshots), mode (only REAL_TIME counts) and the kernel logger's
 * enable_flags.  START and UPDATE of that return when what runs already is
 * listed in the log.
 */
struct wmitrace_session {
	__u32	win32;			/* out */
	__u32	flags;			/* in; out: WMITRACE_START_OWNED if its owner drains it */
	__aligned_u64 handle;		/* in/out: low 16 bits: logger id (0xffff: kernel logger) */
	struct wmitrace_str name;	/* in/out: session name, unique without regard to case */
	struct wmitrace_str file;	/* in/out: log file name, which the daemon opens */
	__u8	guid[16];		/* in/out: session GUID; zero = generated */
	__u32	buffer_size;		/* in/out: KB */
	__u32	min_buffers;		/* in/out: whole session */
	__u32	max_buffers;		/* in/out: whole session */
	__u32	flush_timer;		/* in/out: s, or ms with USE_MS_FLUSH_TIMER; 0 = none */
	__u32	mode;			/* in/out: EVENT_TRACE_* log file mode */
	__u32	clock;			/* in/out: 0, 1 perf. counter, 2 system time, 3 cycles */
	__u32	max_file_size;		/* in/out: MB (USE_KBYTES_FOR_SIZE: KB); 0 = no limit */
	__u32	enable_flags;		/* in/out: kernel logger only */
	/* from here on: out */
	__u32	id;			/* logger number, 0-31 */
	__u32	state;			/* enum wmitrace_state */
	__u32	cpus;			/* CPUs with a buffer file */
	__u32	number_of_buffers;	/* allocated, all CPUs */
	__u32	free_buffers;		/* of these, neither written to nor waiting for a reader */
	__u32	logger_tid;		/* thread that drains the session; 0 = none */
	__s32	owner_pid;		/* process that started it */
	__u32	file_uid;		/* whose file it is: who named it, START or UPDATE */
	__u32	file_gid;
	__u32	unlogged_flags;		/* of enable_flags: what this kernel has no events of */
	__u32	reserved[2];
	__aligned_u64 attempts;		/* logged + lost, always, at a quiet moment */
	__aligned_u64 logged;		/* events committed to a buffer */
	__aligned_u64 lost;		/* events lost = lost_full + lost_size + lost_nested */
	__aligned_u64 lost_full;	/* no free buffer */
	__aligned_u64 lost_size;	/* larger than a buffer can hold, or than 64 KB */
	__aligned_u64 lost_nested;	/* flight recorder: the ring was lapped inside one write */
	__aligned_u64 overwritten;	/* flight recorder: events whose buffer was overwritten */
	__aligned_u64 rejected;		/* malformed calls (bad arguments): never events */
	__aligned_u64 buffers_delivered;/* buffers handed to readers */
	__aligned_u64 buffers_written;	/* as reported by the daemon, header buffer included */
	__aligned_u64 buffers_lost;	/* as reported by the daemon: could not be written */
	__aligned_u64 realtime_buffers_lost;
	__aligned_u64 start_time;	/* FILETIME */
	__aligned_u64 stop_time;	/* FILETIME; 0 while running */
	__aligned_u64 perf_freq;	/* Hz of clock 1 */
};

/* wmitrace_list.flags */
#define WMITRACE_LIST_STOPPED	0x1u	/* also stopped loggers whose buffers are kept */

/**
 * struct wmitrace_list - LIST: ids of all sessions, ascending
 *
 * At most `cap` ids are stored; `count` is the true number, and the call
 * reports ERROR_MORE_DATA if it is more than `cap`, ERROR_INVALID_PARAMETER if
 * `cap` is 0.  A LIST clears the
 * EPOLLPRI condition of its descriptor, which says that the set of sessions,
 * or the state or file of one, changed since.
 */
struct wmitrace_list {
	__u32	win32;			/* out */
	__u32	flags;
	__aligned_u64 ids;		/* __u32[cap] */
	__u32	cap;
	__u32	count;			/* out */
};

/**
 * struct wmitrace_report - REPORT: what the drainer of a session did with it
 *
 * Absolute numbers since the session started; shown by QUERY and used for
 * nothing else.  `logger_tid` 0 withdraws the drainer.
 */
struct wmitrace_report {
	__u32	win32;			/* out */
	__u32	logger_tid;
	__aligned_u64 handle;
	__aligned_u64 buffers_written;
	__aligned_u64 buffers_lost;
	__aligned_u64 realtime_buffers_lost;
};

/**
 * struct wmitrace_enable - ENABLE, DISABLE, CAPTURE_STATE: a provider's control GUID, for
 *	a session
 *
 * The session is addressed as in struct wmitrace_session.  The GUID need not be
 * known: a provider that registers it later is told then.  Changing level or
 * flags of a GUID that no provider has registered reports
 * ERROR_INVALID_FUNCTION.  A classic provider serves the session that enabled
 * it last, one of the newer kind up to WMITRACE_ENABLED_MAX
 * (ERROR_NO_SYSTEM_RESOURCES).  Some 4096 unknown GUIDs are remembered
 * (ERROR_NOT_ENOUGH_MEMORY).
 *
 * CAPTURE_STATE asks providers of the newer kind, enabled for the session
 * already (else ERROR_INVALID_FUNCTION; not registered:
 * ERROR_WMI_GUID_NOT_FOUND), to log what state they are in; `level`, `any` and
 * `all` are passed on to them.
 *
 * The calls return when the providers' callbacks have; their results do not
 * matter.  Not for the kernel logger, nor for the GlobalLogger, which providers
 * look for themselves (ERROR_INVALID_PARAMETER).
 */
struct wmitrace_enable {
	__u32	win32;			/* out */
	__u32	flags;			/* in: 0 */
	__aligned_u64 handle;		/* in: session, unless `name` is given */
	struct wmitrace_str name;	/* in: session */
	__u8	guid[16];		/* in: control GUID */
	__u32	level;			/* in: 0-255 */
	__u32	reserved;
	__aligned_u64 any;		/* in: flags (low 32 bits), or keywords */
	__aligned_u64 all;		/* in: keywords that events must all have; newer kind */
};

#define WMITRACE_ENABLED_MAX	8

/* enum wmitrace_provider_kind - how a provider's GUID is enabled */
enum wmitrace_provider_kind {
	WMITRACE_PROVIDER_CLASSIC	= 0,	/* control GUID, for one session */
	WMITRACE_PROVIDER_MULTI		= 1,	/* for several sessions */
	WMITRACE_PROVIDER_EVENT		= 2,	/* while it has consumers */
	WMITRACE_PROVIDER_NONE		= 3,	/* not: its control GUID is */
	WMITRACE_PROVIDER_WAITING	= 4,	/* enabled or subscribed to, not registered */
};

/* What a session has enabled a GUID with. */
struct wmitrace_enabled {
	__u32	id;
	__u32	level;
	__aligned_u64 any;
	__aligned_u64 all;
};

/**
 * struct wmitrace_provider - a GUID of a provider
 */
struct wmitrace_provider {
	__u8	guid[16];
	__u32	kind;			/* enum wmitrace_provider_kind */
	__u32	flags;			/* WMIREG_FLAG_*, as registered */
	__u32	provider_id;		/* the same for all GUIDs of one provider; 0 = WAITING */
	__u32	consumers;
	__u32	enabled_count;
	__u32	reserved;
	struct wmitrace_enabled enabled[WMITRACE_ENABLED_MAX];
	char	module[64];		/* NUL-terminated; empty = WAITING, or part of the kernel */
	char	name[64];		/* NUL-terminated */
};

/**
 * struct wmitrace_providers - PROVIDERS: all GUIDs of all providers
 *
 * At most `cap` rows of `row_size` bytes are stored, each shortened or filled
 * with zeros if this kernel's have another size; `count` is the true number,
 * and the call reports ERROR_MORE_DATA if it is more than `cap`.
 */
struct wmitrace_providers {
	__u32	win32;			/* out */
	__u32	flags;			/* in: 0 */
	__aligned_u64 rows;		/* in: struct wmitrace_provider[cap] */
	__u32	row_size;		/* in */
	__u32	cap;			/* in */
	__u32	count;			/* out */
	__u32	reserved;
};

/* wmitrace_subscribe.flags */
#define WMITRACE_UNSUBSCRIBE	0x1u

#define WMITRACE_EVENT_SIZE_MAX	(1024u * 1024u)	/* of a WNODE that consumers get */

/**
 * struct wmitrace_subscribe - SUBSCRIBE: events of a GUID for this descriptor
 *
 * read() then gives whole events, struct wmitrace_event and a WNODE each; it
 * waits for the first unless O_NONBLOCK is set, and fails with EMSGSIZE if that
 * one does not fit and with EINVAL before any subscription.  poll() gives
 * POLLIN.  At most 1024 events wait; newer ones are lost and counted.  The GUID
 * need not be registered.  ERROR_ALREADY_EXISTS: subscribed to already;
 * ERROR_WMI_GUID_NOT_FOUND: not subscribed to.
 */
struct wmitrace_subscribe {
	__u32	win32;			/* out */
	__u32	flags;			/* in: WMITRACE_UNSUBSCRIBE */
	__u8	guid[16];		/* in */
};

/* What precedes each WNODE. */
struct wmitrace_event {
	__u32	size;			/* to the next event: this, the WNODE, zeros */
	__u32	wnode_size;
	__aligned_u64 time;		/* FILETIME at which the driver wrote it */
	__aligned_u64 lost;		/* events that this descriptor has lost so far */
};

/**
 * struct wmitrace_map - MAP: a CPU's buffers as memory
 *
 * Returns in `fd` a descriptor whose first `size` bytes can be mapped for
 * reading, and for which WMITRACE_MAP_TAKE hands out buffers in place of
 * read() on `reader`: an open cpuN file of a session that is no flight
 * recorder.  The reader stays open as long as the descriptor does.
 *
 * What mmap() has returned can be read until it is unmapped, also when the
 * session has been released.  mmap() fails with ENXIO after the release, and
 * beyond `size`.
 */
struct wmitrace_map {
	__u32	win32;			/* out */
	__s32	reader;			/* in */
	__s32	fd;			/* out; close-on-exec */
	__u32	reserved;		/* 0 */
	__aligned_u64 size;		/* out: of the ring, in bytes */
};

/**
 * struct wmitrace_take - MAP_TAKE: the next buffers of the CPU, in place
 *
 * As a read() does, it acknowledges what earlier calls delivered: that memory
 * may change from now on.  `bytes` of 0: nothing is complete now.  With `most`
 * of 0 it only acknowledges.
 */
struct wmitrace_take {
	__aligned_u64 offset;		/* out: of the first buffer in the mapping */
	__aligned_u64 bytes;		/* out: of whole buffers in a row */
	__aligned_u64 most;		/* in: bytes wanted, rounded up to whole buffers */
};

/* enum wmitrace_bridge_kind - how a field gets from a trace record into a payload */
enum wmitrace_bridge_kind {
	WMITRACE_BRIDGE_COPY		= 0,	/* size bytes as they are */
	WMITRACE_BRIDGE_TEXT		= 1,	/* at most size bytes, up to a NUL; then a NUL */
	WMITRACE_BRIDGE_BINARY		= 2,	/* a 16-bit size, then size bytes */
	/* At the offset lies a word: offset in the record | bytes << 16. */
	WMITRACE_BRIDGE_DYNAMIC_TEXT	= 3,	/* a 16-bit length, text without NUL */
	WMITRACE_BRIDGE_DYNAMIC_ARRAY	= 4,	/* a 16-bit count, elements of size bytes */
	WMITRACE_BRIDGE_DYNAMIC_BINARY	= 5,	/* a 16-bit size, bytes */
};

#define WMITRACE_BRIDGE_RELATIVE	0x100	/* the word's offset counts from its end */

struct wmitrace_bridge_op {
	__u16	kind;			/* enum wmitrace_bridge_kind */
	__u16	offset;			/* in the record, which begins with the common fields */
	__u16	size;
	__u16	reserved;
};

#define WMITRACE_BRIDGE_OPS_MAX		128
#define WMITRACE_BRIDGE_BLOB_MAX	16384	/* bytes of traits, and of schema */
#define WMITRACE_BRIDGE_NAME_MAX	64	/* of system and event, with NUL */

/**
 * struct wmitrace_bridge - BRIDGE and UNBRIDGE: a trace event of Linux, for a session
 *
 * BRIDGE logs the event as TraceLogging events from now on until UNBRIDGE, the
 * end of the session, or the unloading of the module that has it; it replaces
 * what an earlier one said.  UNBRIDGE reads session, system and event only.
 * ERROR_WMI_GUID_NOT_FOUND: there is no such event, or it is not bridged;
 * ERROR_INVALID_PARAMETER also if `id` is not the event's any more.
 */
struct wmitrace_bridge {
	__u32	win32;			/* out */
	__u32	flags;			/* in: 0 */
	__aligned_u64 handle;		/* in: session, unless `name` is given */
	struct wmitrace_str name;	/* in: session */
	char	system[WMITRACE_BRIDGE_NAME_MAX];	/* in: NUL-terminated */
	char	event[WMITRACE_BRIDGE_NAME_MAX];
	__u32	id;			/* in: from the event's file `id` */
	__u32	level;			/* in: 0-255 */
	__aligned_u64 keyword;		/* in */
	__u8	guid[16];		/* in: provider */
	__aligned_u64 traits;		/* in: traits; their first 16 bits are their size */
	__aligned_u64 schema;		/* in: event metadata, the same */
	__aligned_u64 ops;		/* in: struct wmitrace_bridge_op[op_count] */
	__u32	op_count;
	__u32	reserved;
};

/* What is bridged, for a session. */
struct wmitrace_bridged {
	char	system[WMITRACE_BRIDGE_NAME_MAX];
	char	event[WMITRACE_BRIDGE_NAME_MAX];
	__u32	id;
	__u32	logger;
};

#define WMITRACE_IOC_START	_IOWR('W', 0x01, struct wmitrace_session)
#define WMITRACE_IOC_STOP	_IOWR('W', 0x02, struct wmitrace_session)
#define WMITRACE_IOC_QUERY	_IOWR('W', 0x03, struct wmitrace_session)
#define WMITRACE_IOC_UPDATE	_IOWR('W', 0x04, struct wmitrace_session)
#define WMITRACE_IOC_FLUSH	_IOWR('W', 0x05, struct wmitrace_session)
#define WMITRACE_IOC_RELEASE	_IOWR('W', 0x06, struct wmitrace_session)
#define WMITRACE_IOC_LIST	_IOWR('W', 0x07, struct wmitrace_list)
#define WMITRACE_IOC_REPORT	_IOWR('W', 0x08, struct wmitrace_report)
#define WMITRACE_IOC_ENABLE	_IOWR('W', 0x09, struct wmitrace_enable)
#define WMITRACE_IOC_DISABLE	_IOWR('W', 0x0a, struct wmitrace_enable)
#define WMITRACE_IOC_PROVIDERS	_IOWR('W', 0x0b, struct wmitrace_providers)
#define WMITRACE_IOC_SUBSCRIBE	_IOWR('W', 0x0c, struct wmitrace_subscribe)
#define WMITRACE_IOC_MAP	_IOWR('W', 0x0d, struct wmitrace_map)
#define WMITRACE_IOC_CAPTURE_STATE _IOWR('W', 0x0e, struct wmitrace_enable)
#define WMITRACE_IOC_BRIDGE	_IOWR('W', 0x0f, struct wmitrace_bridge)
#define WMITRACE_IOC_UNBRIDGE	_IOWR('W', 0x10, struct wmitrace_bridge)
/* All that are bridged, as struct wmitrace_bridged; counted as in struct wmitrace_providers. */
#define WMITRACE_IOC_BRIDGES	_IOWR('W', 0x11, struct wmitrace_providers)

/* On the descriptor that MAP returns; fails with an errno only. */
#define WMITRACE_MAP_TAKE	_IOWR('W', 0x40, struct wmitrace_take)

/* Win32 error codes that answers carry. */
#define WMITRACE_ERROR_SUCCESS			0
#define WMITRACE_ERROR_INVALID_FUNCTION		1
#define WMITRACE_ERROR_ACCESS_DENIED		5
#define WMITRACE_ERROR_INVALID_HANDLE		6
#define WMITRACE_ERROR_NOT_ENOUGH_MEMORY	8
#define WMITRACE_ERROR_BAD_LENGTH		24
#define WMITRACE_ERROR_NOT_SUPPORTED		50
#define WMITRACE_ERROR_INVALID_PARAMETER	87
#define WMITRACE_ERROR_DISK_FULL		112
#define WMITRACE_ERROR_INVALID_NAME		123
#define WMITRACE_ERROR_BAD_PATHNAME		161
#define WMITRACE_ERROR_ALREADY_EXISTS		183
#define WMITRACE_ERROR_MORE_DATA		234
#define WMITRACE_ERROR_NO_SYSTEM_RESOURCES	1450
#define WMITRACE_ERROR_TIMEOUT			1460
#define WMITRACE_ERROR_LOG_FILE_FULL		1502
#define WMITRACE_ERROR_ACTIVE_CONNECTIONS	2402
#define WMITRACE_ERROR_WMI_GUID_NOT_FOUND	4200
#define WMITRACE_ERROR_WMI_INSTANCE_NOT_FOUND	4201

#endif /* _UAPI_WMITRACE_H */
