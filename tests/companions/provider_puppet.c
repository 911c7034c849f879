// SPDX-License-Identifier: GPL-2.0-only
/*
 * provider.ko: providers that do what they are told, and say what is asked of
 * them.
 *
 *	echo "0 register" > /sys/kernel/debug/wmitrace_provider/run
 *	cat /sys/kernel/debug/wmitrace_provider/said
 *
 * The first word is the puppet, 0 to 3; number 3 is a bare callback pointer in
 * read-only memory.  Commands:
 *
 *	register | deregister | reregister | update | action NUMBER
 *	answer MODE [COUNT]	how to answer REGINFO from now on: enum answer
 *	status NUMBER		what ENABLE_EVENTS returns from now on
 *	gate | open		callbacks wait, until `open`
 *	deregister-inside	the next ENABLE_EVENTS calls DEREGISTER
 *	message NUMBER		logs one to the handle last given
 *	query NAME		the rows of provider_query.c, with session NAME
 *	leave-registered	rmmod will not deregister
 *
 * Each command says "PUPPET COMMAND STATUS", each callback a line when it begins
 * and one when it ends.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <wmitrace/iowmi.h>
#include <wmitrace/wmitrace.h>

#include "provider_puppet.h"

#define PUPPETS		4
#define FLAGS		(TRACE_MESSAGE_GUID | TRACE_MESSAGE_TIMESTAMP | TRACE_MESSAGE_SYSTEMINFO)
#define CONTROL		(WMIREG_FLAG_TRACED_GUID | WMIREG_FLAG_TRACE_CONTROL_GUID)

/* Message numbers */
enum { IN_ENABLE = 1, IN_DISABLE = 2 };

/* 70000000-1111-4222-8333-444455556666 and up, by Data1 */
static const GUID first_guid =
	{ 0x70000000, 0x1111, 0x4222, { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };

enum answer {
	ANSWER_CONTROL,		/* COUNT control GUIDs */
	ANSWER_TOO_SMALL,	/* first BUFFER_TOO_SMALL and a size */
	ANSWER_SIZE_ONLY,	/* first SUCCESS, 4 bytes, a size */
	ANSWER_MORE,		/* always wants 8 bytes more */
	ANSWER_ABSURD,		/* wants a gigabyte */
	ANSWER_COUNT,		/* GuidCount beyond the buffer */
	ANSWER_STRING,		/* a string outside of the buffer */
	ANSWER_CHAIN,		/* one GUID a part, COUNT parts */
	ANSWER_HALF,		/* TRACE_CONTROL_GUID without TRACED_GUID */
	ANSWER_TRACED,		/* TRACED_GUID only */
	ANSWER_MIXED,		/* a control GUID, and COUNT - 1 that are only traced */
	ANSWER_EVENT,		/* neither: for consumers */
	ANSWER_REMOVE,		/* REMOVE_GUID for the first, the rest as CONTROL */
	ANSWER_LAST,		/* of COUNT control GUIDs only the last */
	ANSWER_NONE,		/* SUCCESS without any GUID */
	ANSWER_FAILURE,
};

static const char * const answers[] = {
	"control", "too-small", "size-only", "more", "absurd", "count", "string", "chain",
	"half", "traced", "mixed", "event", "remove", "last", "none", "failure"
};

static WMI_DISPATCH dispatch;

struct puppet {
	struct wmi_provider provider;
	enum answer answer;
	u32 count;
	u32 asked;			/* REGINFO calls since the last command */
	NTSTATUS status;
	TRACEHANDLE handle;
	bool gated;
	bool deregister_inside;
	struct completion gate;
};

/* All that the logger may look at in puppet 3. */
static WMI_DISPATCH * const bare = dispatch;

static struct puppet puppets[PUPPETS];
static bool leave_registered;

/* ---- what was said ---------------------------------------------------- */

static char text[128 * 1024];
static size_t used;
static DEFINE_SPINLOCK(text_lock);

void puppet_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	spin_lock(&text_lock);
	used += vscnprintf(text + used, sizeof(text) - used, format, args);
	spin_unlock(&text_lock);
	va_end(args);
}

static void puppet_clear(void)
{
	spin_lock(&text_lock);
	used = 0;
	spin_unlock(&text_lock);
}

static int said_show(struct seq_file *m, void *unused)
{
	spin_lock(&text_lock);
	seq_write(m, text, used);
	spin_unlock(&text_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(said);

/* ---- answers to REGINFO ------------------------------------------------ */

static const void *block_of(u32 n)
{
	return n == PUPPETS - 1 ? (const void *)&bare : &puppets[n].provider;
}

static GUID guid_number(u32 n)
{
	GUID guid = first_guid;

	guid.Data1 += n;
	return guid;
}

static u32 flags_of(const struct puppet *p, u32 i)
{
	switch (p->answer) {
	case ANSWER_HALF:
		return WMIREG_FLAG_TRACE_CONTROL_GUID;
	case ANSWER_TRACED:
		return WMIREG_FLAG_TRACED_GUID;
	case ANSWER_MIXED:
		return i ? WMIREG_FLAG_TRACED_GUID : CONTROL;
	case ANSWER_EVENT:
		return 0;
	case ANSWER_REMOVE:
		return i ? CONTROL : CONTROL | WMIREG_FLAG_REMOVE_GUID;
	default:
		return CONTROL;
	}
}

static u32 fill_part(const struct puppet *p, WMIREGINFOW *info, u32 first, u32 count)
{
	u32 i;

	info->BufferSize = sizeof(*info) + count * sizeof(WMIREGGUIDW);
	info->GuidCount = count;
	for (i = 0; i < count; i++) {
		info->WmiRegGuid[i].Guid = guid_number(first + i);
		info->WmiRegGuid[i].Flags = flags_of(p, first + i);
	}
	return info->BufferSize;
}

static u32 fill_chain(const struct puppet *p, u8 *buffer)
{
	u32 i, at = 0;

	for (i = 0; i < p->count; i++) {
		WMIREGINFOW *info = (WMIREGINFOW *)(buffer + at);
		u32 size = fill_part(p, info, i, 1);

		if (i + 1 < p->count)
			info->NextWmiRegInfo = size;
		at += size;
	}
	return at;
}

/* The provider wants @size bytes, in one of the two ways. */
static NTSTATUS want(void *buffer, u32 size, NTSTATUS status, PULONG Size)
{
	*(u32 *)buffer = size;
	*Size = sizeof(u32);
	return status;
}

static NTSTATUS reginfo(struct puppet *p, u32 length, void *buffer, PULONG Size)
{
	WMIREGINFOW *info = buffer;

	p->asked++;
	switch (p->answer) {
	case ANSWER_FAILURE:
		return STATUS_UNSUCCESSFUL;
	case ANSWER_TOO_SMALL:
		if (length < 20000)
			return want(buffer, 20000, STATUS_BUFFER_TOO_SMALL, Size);
		break;
	case ANSWER_SIZE_ONLY:
		if (length < 20000)
			return want(buffer, 20000, STATUS_SUCCESS, Size);
		break;
	case ANSWER_MORE:
		return want(buffer, length + 8, STATUS_BUFFER_TOO_SMALL, Size);
	case ANSWER_ABSURD:
		return want(buffer, 1u << 30, STATUS_BUFFER_TOO_SMALL, Size);
	case ANSWER_CHAIN:
		*Size = fill_chain(p, buffer);
		return STATUS_SUCCESS;
	case ANSWER_NONE:
		*Size = fill_part(p, info, 0, 0);
		return STATUS_SUCCESS;
	case ANSWER_LAST:
		*Size = fill_part(p, info, p->count - 1, 1);
		return STATUS_SUCCESS;
	default:
		break;
	}
	*Size = fill_part(p, info, 0, p->count);
	if (p->answer == ANSWER_COUNT)
		info->GuidCount = 0x08000001;	/* times 32 is 32 in 32 bits */
	if (p->answer == ANSWER_STRING)
		info->RegistryPath = *Size - 1;
	return STATUS_SUCCESS;
}

/* ---- the callback ------------------------------------------------------ */

static struct puppet *puppet_of(const void *context, u32 *n)
{
	for (*n = 0; *n < PUPPETS; (*n)++)
		if (context == block_of(*n))
			return &puppets[*n];
	return NULL;
}

static NTSTATUS log_number(u64 handle, u16 number, u32 n)
{
	return WmiTraceMessage(handle, FLAGS, &first_guid, number, &n, sizeof(n), NULL, 0);
}

static NTSTATUS enable(struct puppet *p, u32 n, bool on, const WNODE_HEADER *w)
{
	NTSTATUS logged = log_number(w->HistoricalContext, on ? IN_ENABLE : IN_DISABLE, n);

	puppet_say("%u logged %#x\n", n, logged);
	if (on && p->deregister_inside) {
		p->deregister_inside = false;
		puppet_say("%u deregister-inside %#x\n", n,
			   IoWMIRegistrationControl(block_of(n), WMIREG_ACTION_DEREGISTER));
	}
	p->handle = on ? w->HistoricalContext : 0;
	return on ? p->status : STATUS_SUCCESS;
}

/* Says what it was called with.  May sleep, and does, so that a debug kernel would object. */
static NTSTATUS dispatch(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength, PVOID Buffer,
			 PVOID Context, PULONG Size)
{
	NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
	const WNODE_HEADER *w = Buffer;
	struct puppet *p;
	u32 n;

	p = puppet_of(Context, &n);
	if (!p) {
		puppet_say("? context %px\n", Context);
		return STATUS_INVALID_PARAMETER;
	}
	if (MinorFunction == IRP_MN_REGINFO)
		puppet_say("%u begin reginfo path=%lu length=%u\n", n, (unsigned long)DataPath,
			   BufferLength);
	else
		puppet_say("%u begin %s path=%pUl length=%u size=%u flags=%#x handle=%#llx guid=%pUl\n",
			   n, MinorFunction == IRP_MN_ENABLE_EVENTS ? "enable" : "disable",
			   DataPath, BufferLength, w->BufferSize, w->Flags,
			   w->HistoricalContext, &w->Guid);
	if (!in_task() || irqs_disabled())
		puppet_say("%u context is not a process's\n", n);
	if (p->gated)
		wait_for_completion(&p->gate);
	else
		usleep_range(100, 200);
	if (MinorFunction == IRP_MN_REGINFO)
		status = reginfo(p, BufferLength, Buffer, Size);
	else if (MinorFunction == IRP_MN_ENABLE_EVENTS || MinorFunction == IRP_MN_DISABLE_EVENTS)
		status = enable(p, n, MinorFunction == IRP_MN_ENABLE_EVENTS, w);
	puppet_say("%u end %#x\n", n, status);
	return status;
}

/* ---- commands ---------------------------------------------------------- */

static NTSTATUS control(u32 n, u32 action)
{
	if (n == PUPPETS - 1)
		action |= WMIREG_FLAG_CALLBACK | WMIREG_FLAG_TRACE_PROVIDER;
	puppets[n].asked = 0;
	return IoWMIRegistrationControl((PDEVICE_OBJECT)block_of(n), action);
}

static void set_answer(u32 n, const char *mode, u32 count)
{
	int i = match_string(answers, ARRAY_SIZE(answers), mode);

	if (i >= 0)
		puppets[n].answer = i;
	puppets[n].count = count;
	puppet_say("%u answer %s\n", n, i >= 0 ? mode : "?");
}

static void command(u32 n, const char *word, const char *argument, u32 count)
{
	struct puppet *p = &puppets[n];
	unsigned long number = simple_strtoul(argument, NULL, 0);

	if (!strcmp(word, "register"))
		puppet_say("%u register %#x\n", n, control(n, WMIREG_ACTION_REGISTER));
	else if (!strcmp(word, "deregister"))
		puppet_say("%u deregister %#x\n", n, control(n, WMIREG_ACTION_DEREGISTER));
	else if (!strcmp(word, "reregister"))
		puppet_say("%u reregister %#x\n", n, control(n, WMIREG_ACTION_REREGISTER));
	else if (!strcmp(word, "update"))
		puppet_say("%u update %#x\n", n, control(n, WMIREG_ACTION_UPDATE_GUIDS));
	else if (!strcmp(word, "action"))
		puppet_say("%u action %#x\n", n, control(n, number));
	else if (!strcmp(word, "answer"))
		set_answer(n, argument, count);
	else if (!strcmp(word, "status"))
		p->status = number;
	else if (!strcmp(word, "gate"))
		p->gated = true;
	else if (!strcmp(word, "open"))
		complete(&p->gate);
	else if (!strcmp(word, "deregister-inside"))
		p->deregister_inside = true;
	else if (!strcmp(word, "message"))
		puppet_say("%u message %#x\n", n, log_number(p->handle, number, n));
	else if (!strcmp(word, "query"))
		puppet_query(argument, p->handle);
	else if (!strcmp(word, "leave-registered"))
		leave_registered = true;
	else if (!strcmp(word, "clear"))
		puppet_clear();
	else
		puppet_say("%u what is '%s'?\n", n, word);
	if (!strcmp(word, "open"))
		p->gated = false;
}

static ssize_t run_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char line[160], word[24] = "", argument[64] = "";
	u32 n = 0, count = 1;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "%u %23s %63s %u", &n, word, argument, &count) < 2 || n >= PUPPETS)
		return -EINVAL;
	command(n, word, argument, count);
	return len;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = run_write,
};

static struct dentry *dir;

static int __init provider_init(void)
{
	static const char * const names[] = { "puppet0", "puppet1", "puppet2" };
	u32 n;

	for (n = 0; n < PUPPETS; n++) {
		puppets[n].provider.dispatch = dispatch;
		puppets[n].provider.name = n < ARRAY_SIZE(names) ? names[n] : NULL;
		puppets[n].count = 1;
		init_completion(&puppets[n].gate);
	}
	dir = debugfs_create_dir("wmitrace_provider", NULL);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("said", 0400, dir, NULL, &said_fops);
	return 0;
}
module_init(provider_init);

static void __exit provider_exit(void)
{
	u32 n;

	debugfs_remove(dir);
	for (n = 0; n < PUPPETS && !leave_registered; n++)
		control(n, WMIREG_ACTION_DEREGISTER);
}
module_exit(provider_exit);

MODULE_DESCRIPTION("wmitrace: providers on strings, for tests");
MODULE_LICENSE("GPL");
