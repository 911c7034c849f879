// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/wmitrace: the control ABI (include/uapi/wmitrace.h).  This file copies,
 * checks and translates; session.c does the work.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "bridge.h"
#include "consumer.h"
#include "control.h"
#include "kernel.h"
#include "map.h"
#include "provider-list.h"
#include "provider.h"
#include "session.h"

/**
 * struct control_file - an open descriptor
 * @seen: generation of the set of sessions at the last LIST
 * @queue: events that it has subscribed to
 */
struct control_file {
	int seen;
	struct wt_queue queue;
};

/* errno for a Win32 code: lossy (wmi-api 3.10). */
static int error_to_errno(u32 error)
{
	switch (error) {
	case WMITRACE_ERROR_SUCCESS:
		return 0;
	case WMITRACE_ERROR_INVALID_FUNCTION:
	case WMITRACE_ERROR_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	case WMITRACE_ERROR_ACCESS_DENIED:
		return -EACCES;
	case WMITRACE_ERROR_INVALID_HANDLE:
		return -EBADF;
	case WMITRACE_ERROR_NOT_ENOUGH_MEMORY:
		return -ENOMEM;
	case WMITRACE_ERROR_ALREADY_EXISTS:
		return -EEXIST;
	case WMITRACE_ERROR_MORE_DATA:
		return -EMSGSIZE;
	case WMITRACE_ERROR_NO_SYSTEM_RESOURCES:
		return -ENOSPC;
	case WMITRACE_ERROR_ACTIVE_CONNECTIONS:
		return -EBUSY;
	case WMITRACE_ERROR_WMI_GUID_NOT_FOUND:
	case WMITRACE_ERROR_WMI_INSTANCE_NOT_FOUND:
		return -ENOENT;
	default:
		return -EINVAL;
	}
}

/* Win32 code for what went wrong before a request reached its handler. */
static u32 errno_to_error(int err)
{
	switch (err) {
	case -ENOMEM:
		return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	case -EILSEQ:
	case -ENAMETOOLONG:
		return WMITRACE_ERROR_INVALID_NAME;
	default:
		return WMITRACE_ERROR_INVALID_PARAMETER;
	}
}

/* Reads and checks a string.  Returns a WMITRACE_ERROR_ code, or -EFAULT. */
static int get_string(const struct wmitrace_str *str, struct wt_name *name)
{
	char *utf8;
	int ret;

	/* No UTF-16 unit takes more than three bytes. */
	if (str->len > 3 * WMITRACE_NAME_MAX)
		return WMITRACE_ERROR_INVALID_NAME;
	utf8 = memdup_user(u64_to_user_ptr(str->ptr), str->len);
	if (IS_ERR(utf8) && PTR_ERR(utf8) == -EFAULT)
		return -EFAULT;
	if (IS_ERR(utf8))
		return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	ret = wt_name_init(name, utf8, str->len);
	kfree(utf8);
	return ret ? errno_to_error(ret) : 0;
}

/* Writes a string; see struct wmitrace_str.  Returns a WMITRACE_ERROR_ code, or -EFAULT. */
static int put_string(struct wmitrace_str *str, const struct wt_name *name)
{
	str->len = name->len;
	if (name->len && str->cap &&
	    copy_to_user(u64_to_user_ptr(str->ptr), name->utf8, min(name->len, str->cap)))
		return -EFAULT;
	return name->len > str->cap && str->cap ? WMITRACE_ERROR_MORE_DATA : 0;
}

static bool is_zero(const void *from, const void *to)
{
	return !memchr_inv(from, 0, to - from);
}

/* Fills in the answer about @l. */
static int answer(struct wt_logger *l, struct wmitrace_session *s)
{
	int name, file;

	wt_session_describe(l, s);
	name = put_string(&s->name, &l->name);
	file = put_string(&s->file, &l->file);
	if (name < 0 || file < 0)
		return -EFAULT;
	return name ? name : file;
}

/* Lets a new session log what it is asked to, and answers. */
static int began(struct wt_logger *l, struct wmitrace_session *s)
{
	int ret;

	if (l->id != WMITRACE_KERNEL_LOGGER)
		return answer(l, s);
	wt_logger_get(l);
	ret = wt_session_set_flags(l, s->enable_flags);
	if (ret && l->state == WMITRACE_STATE_RUNNING) {
		wt_session_stop(l);
		wt_session_release(l);
	}
	if (!ret)
		ret = answer(l, s);
	wt_logger_put(l);
	return ret;
}

static int do_start(struct file *file, struct wmitrace_session *s)
{
	struct wt_start start = { .settings = s };
	struct wt_logger *l;
	int ret;

	if (s->flags & ~WMITRACE_START_OWNED || !is_zero(&s->id, s + 1) || s->handle)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if (s->flags & WMITRACE_START_OWNED)
		start.owner = file;
	ret = get_string(&s->name, &start.name);
	if (!ret)
		ret = get_string(&s->file, &start.file);
	if (!ret)
		ret = wt_start_settle_name(&start);
	if (!ret && wt_session_is_kernel(&start) && !capable(CAP_SYS_ADMIN))
		ret = WMITRACE_ERROR_ACCESS_DENIED;
	if (!ret)
		ret = wt_session_start(&start, &l);
	if (!ret)
		ret = began(l, s);
	wt_name_free(&start.name);
	wt_name_free(&start.file);
	return ret;
}

/* Finds the session that a request addresses: the name wins (wmi-api A194). */
static int find(const struct wmitrace_str *str, u64 handle, bool stopped, struct wt_logger **out)
{
	struct wt_name name = { };
	int ret;

	if (str->len) {
		ret = get_string(str, &name);
		if (ret)
			return ret;
		*out = wt_session_by_name(&name, stopped);
		wt_name_free(&name);
	} else if (handle) {
		*out = wt_session_by_handle(handle, stopped);
	} else {
		return WMITRACE_ERROR_INVALID_PARAMETER;
	}
	if (!*out)
		return WMITRACE_ERROR_WMI_INSTANCE_NOT_FOUND;
	if ((*out)->id == WMITRACE_KERNEL_LOGGER && !capable(CAP_SYS_ADMIN))
		return WMITRACE_ERROR_ACCESS_DENIED;
	return 0;
}

static int do_update(struct wt_logger *l, struct wmitrace_session *s)
{
	struct wt_name file = { };
	int ret;

	if (l->id == WMITRACE_KERNEL_LOGGER ? s->enable_flags & ~WT_KERNEL_FLAGS : s->enable_flags)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if (s->file.len) {
		ret = get_string(&s->file, &file);
		if (ret)
			return ret;
	}
	ret = wt_session_update(l, s, &file);
	if (!ret && l->id == WMITRACE_KERNEL_LOGGER)
		ret = wt_session_set_flags(l, s->enable_flags);
	wt_name_free(&file);
	return ret;
}

static int do_session(unsigned int nr, struct wmitrace_session *s)
{
	bool stopped = (s->flags & WMITRACE_STOPPED) || nr == _IOC_NR(WMITRACE_IOC_RELEASE);
	struct wt_logger *l;
	int ret;

	if (s->flags & ~WMITRACE_STOPPED || s->reserved[0] || s->reserved[1])
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if (stopped && nr != _IOC_NR(WMITRACE_IOC_RELEASE) && nr != _IOC_NR(WMITRACE_IOC_QUERY))
		return WMITRACE_ERROR_INVALID_PARAMETER;
	ret = find(&s->name, s->handle, stopped, &l);
	if (ret)
		return ret;
	wt_logger_get(l);
	switch (nr) {
	case _IOC_NR(WMITRACE_IOC_STOP):
		ret = wt_session_is_nonstoppable(l) ? WMITRACE_ERROR_ACCESS_DENIED :
						      wt_session_stop(l);
		break;
	case _IOC_NR(WMITRACE_IOC_FLUSH):
		ret = wt_session_flush(l);
		break;
	case _IOC_NR(WMITRACE_IOC_UPDATE):
		ret = do_update(l, s);
		break;
	case _IOC_NR(WMITRACE_IOC_RELEASE):
		if (wt_session_is_live(l))
			ret = WMITRACE_ERROR_ACTIVE_CONNECTIONS;
		break;
	}
	if (!ret) {
		ret = answer(l, s);
		if (nr == _IOC_NR(WMITRACE_IOC_RELEASE))
			wt_session_release(l);
	}
	wt_logger_put(l);
	return ret;
}

static int do_list(struct control_file *cf, struct wmitrace_list *list)
{
	u32 __user *out = u64_to_user_ptr(list->ids);
	u32 id, count = 0;

	if (list->flags & ~WMITRACE_LIST_STOPPED)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	WRITE_ONCE(cf->seen, atomic_read(&wt_session_generation));
	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		struct wt_logger *l = wt_slots[id];

		if (!l || (!wt_session_is_live(l) && !(list->flags & WMITRACE_LIST_STOPPED)))
			continue;
		if (count < list->cap && put_user(id, out + count))
			return -EFAULT;
		count++;
	}
	list->count = count;
	if (!list->cap)
		return WMITRACE_ERROR_INVALID_PARAMETER;	/* A207 */
	return count > list->cap ? WMITRACE_ERROR_MORE_DATA : 0;
}

static int do_report(struct wmitrace_report *report)
{
	struct wt_logger *l = wt_session_by_handle(report->handle, true);

	if (!perfmon_capable())		/* who drains reads debugfs as well */
		return WMITRACE_ERROR_ACCESS_DENIED;
	if (!l)
		return WMITRACE_ERROR_WMI_INSTANCE_NOT_FOUND;
	mutex_lock(&l->settings_mutex);
	l->report = *report;
	mutex_unlock(&l->settings_mutex);
	return 0;
}

/* Carries out what concerns the registry.  With wt_control_mutex. */
static int change_enabled(unsigned int nr, const struct wmitrace_enable *e, const GUID *guid,
			  struct wt_enablement *how)
{
	struct wt_logger *l;
	int ret = find(&e->name, e->handle, false, &l);

	if (ret)
		return ret;
	if (l->id == WMITRACE_KERNEL_LOGGER || wt_session_is_global(l))	/* A212 */
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if (l->state == WMITRACE_STATE_STOPPING)
		return WMITRACE_ERROR_ACTIVE_CONNECTIONS;
	how->id = l->id;
	if (nr == _IOC_NR(WMITRACE_IOC_ENABLE))
		return wt_enable(guid, how);
	if (nr == _IOC_NR(WMITRACE_IOC_DISABLE))
		wt_disable(l->id, guid);
	return WMITRACE_ERROR_SUCCESS;
}

/* ENABLE, DISABLE, CAPTURE_STATE: returns when the providers know. */
static int do_enable(unsigned int nr, struct wmitrace_enable *e)
{
	struct wt_enablement how = { .level = e->level, .any = e->any, .all = e->all };
	GUID guid;
	int ret;

	if (e->flags || e->reserved || e->level > U8_MAX || !memchr_inv(e->guid, 0, sizeof(guid)))
		return WMITRACE_ERROR_INVALID_PARAMETER;
	memcpy(&guid, e->guid, sizeof(guid));
	mutex_lock(&wt_control_mutex);
	ret = change_enabled(nr, e, &guid, &how);
	mutex_unlock(&wt_control_mutex);
	if (ret)
		return ret;
	/* Callbacks: no locks. */
	if (nr == _IOC_NR(WMITRACE_IOC_CAPTURE_STATE))
		return wt_capture_state(&guid, &how);
	wt_guid_deliver(&guid);
	return WMITRACE_ERROR_SUCCESS;
}

static int do_providers(struct wmitrace_providers *list)
{
	if (list->flags || list->reserved || !list->row_size)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	return wt_providers_copy(list);
}

/* Enables or disables a trace event. */
static int do_bridge(unsigned int nr, const struct wmitrace_bridge *request)
{
	struct wt_logger *l;
	int ret;

	mutex_lock(&wt_control_mutex);
	ret = find(&request->name, request->handle, false, &l);
	if (!ret)
		wt_logger_get(l);
	mutex_unlock(&wt_control_mutex);
	if (ret)
		return ret;
	if (nr == _IOC_NR(WMITRACE_IOC_BRIDGE))
		ret = wt_bridge_enable(l, request);
	else
		ret = wt_bridge_disable(l, request);
	wt_logger_put(l);
	return ret;
}

static int do_bridges(struct wmitrace_providers *list)
{
	if (list->flags || list->reserved || !list->row_size)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	return wt_bridge_list(list);
}

static int do_subscribe(struct control_file *cf, struct wmitrace_subscribe *s)
{
	GUID guid;

	if (s->flags & ~WMITRACE_UNSUBSCRIBE)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	memcpy(&guid, s->guid, sizeof(guid));
	if (s->flags & WMITRACE_UNSUBSCRIBE)
		return wt_queue_unsubscribe(&cf->queue, &guid);
	return wt_queue_subscribe(&cf->queue, &guid);
}

union request {
	u32 win32;
	struct wmitrace_session session;
	struct wmitrace_list list;
	struct wmitrace_report report;
	struct wmitrace_enable enable;
	struct wmitrace_providers providers;
	struct wmitrace_subscribe subscribe;
	struct wmitrace_map map;
	struct wmitrace_bridge bridge;
};

/* What the kernel's structure for a request is; 0 for an unknown request. */
static size_t request_size(unsigned int nr)
{
	switch (nr) {
	case _IOC_NR(WMITRACE_IOC_START):
	case _IOC_NR(WMITRACE_IOC_STOP):
	case _IOC_NR(WMITRACE_IOC_QUERY):
	case _IOC_NR(WMITRACE_IOC_UPDATE):
	case _IOC_NR(WMITRACE_IOC_FLUSH):
	case _IOC_NR(WMITRACE_IOC_RELEASE):
		return sizeof(struct wmitrace_session);
	case _IOC_NR(WMITRACE_IOC_LIST):
		return sizeof(struct wmitrace_list);
	case _IOC_NR(WMITRACE_IOC_REPORT):
		return sizeof(struct wmitrace_report);
	case _IOC_NR(WMITRACE_IOC_ENABLE):
	case _IOC_NR(WMITRACE_IOC_DISABLE):
	case _IOC_NR(WMITRACE_IOC_CAPTURE_STATE):
		return sizeof(struct wmitrace_enable);
	case _IOC_NR(WMITRACE_IOC_PROVIDERS):
		return sizeof(struct wmitrace_providers);
	case _IOC_NR(WMITRACE_IOC_BRIDGES):
		return sizeof(struct wmitrace_providers);
	case _IOC_NR(WMITRACE_IOC_SUBSCRIBE):
		return sizeof(struct wmitrace_subscribe);
	case _IOC_NR(WMITRACE_IOC_MAP):
		return sizeof(struct wmitrace_map);
	case _IOC_NR(WMITRACE_IOC_BRIDGE):
	case _IOC_NR(WMITRACE_IOC_UNBRIDGE):
		return sizeof(struct wmitrace_bridge);
	}
	return 0;
}

static int dispatch_session(struct file *file, unsigned int nr, union request *r)
{
	int ret;

	mutex_lock(&wt_control_mutex);
	switch (nr) {
	case _IOC_NR(WMITRACE_IOC_START):
		ret = do_start(file, &r->session);
		break;
	case _IOC_NR(WMITRACE_IOC_LIST):
		ret = do_list(file->private_data, &r->list);
		break;
	case _IOC_NR(WMITRACE_IOC_REPORT):
		ret = do_report(&r->report);
		break;
	default:
		ret = do_session(nr, &r->session);
	}
	mutex_unlock(&wt_control_mutex);
	return ret;
}

static int dispatch(struct file *file, unsigned int nr, union request *r)
{
	switch (nr) {
	case _IOC_NR(WMITRACE_IOC_ENABLE):
	case _IOC_NR(WMITRACE_IOC_DISABLE):
	case _IOC_NR(WMITRACE_IOC_CAPTURE_STATE):
		return do_enable(nr, &r->enable);
	case _IOC_NR(WMITRACE_IOC_PROVIDERS):
		return do_providers(&r->providers);
	case _IOC_NR(WMITRACE_IOC_SUBSCRIBE):
		return do_subscribe(file->private_data, &r->subscribe);
	case _IOC_NR(WMITRACE_IOC_MAP):
		return wt_map_open(&r->map);
	case _IOC_NR(WMITRACE_IOC_BRIDGE):
	case _IOC_NR(WMITRACE_IOC_UNBRIDGE):
		return do_bridge(nr, &r->bridge);
	case _IOC_NR(WMITRACE_IOC_BRIDGES):
		return do_bridges(&r->providers);
	}
	return dispatch_session(file, nr, r);
}

/*
 * Who has a capability in the initial user namespace, or is in the group that
 * the node was given to (wmi-api 18, A216).  Root's group is not such a group,
 * and root without capabilities, as in a container, gets nothing by his groups.
 */
static bool may_control(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (perfmon_capable())
		return true;
	return (inode->i_mode & 0060) == 0060 && !gid_eq(inode->i_gid, GLOBAL_ROOT_GID) &&
	       !uid_eq(current_euid(), GLOBAL_ROOT_UID) && in_group_p(inode->i_gid);
}

static long control_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;
	size_t theirs = _IOC_SIZE(cmd), ours = request_size(_IOC_NR(cmd));
	union request *r;
	int ret;

	if (_IOC_TYPE(cmd) != 'W' || !ours || theirs < sizeof(u32) ||
	    _IOC_DIR(cmd) != (_IOC_READ | _IOC_WRITE))
		return -ENOTTY;
	if (!may_control(file)) {
		if (put_user(WMITRACE_ERROR_ACCESS_DENIED, (u32 __user *)user))
			return -EFAULT;
		return -EACCES;
	}
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r) {
		if (put_user(WMITRACE_ERROR_NOT_ENOUGH_MEMORY, (u32 __user *)user))
			return -EFAULT;
		return -ENOMEM;
	}
	ret = copy_struct_from_user(r, ours, user, theirs);
	if (ret)
		goto out;
	ret = dispatch(file, _IOC_NR(cmd), r);
	if (ret < 0)
		goto out;
	r->win32 = ret;
	ret = error_to_errno(ret);
	if (copy_to_user(user, r, min(theirs, ours)))
		ret = -EFAULT;
out:
	kfree(r);
	return ret;
}

static int control_open(struct inode *inode, struct file *file)
{
	struct control_file *cf = kzalloc(sizeof(*cf), GFP_KERNEL);

	if (!cf)
		return -ENOMEM;
	cf->seen = atomic_read(&wt_session_generation) - 1;
	wt_queue_init(&cf->queue);
	file->private_data = cf;
	return 0;
}

static int control_release(struct inode *inode, struct file *file)
{
	struct control_file *cf = file->private_data;

	wt_session_close_owner(file);
	wt_queue_destroy(&cf->queue);
	kfree(cf);
	return 0;
}

static __poll_t control_poll(struct file *file, poll_table *wait)
{
	struct control_file *cf = file->private_data;

	poll_wait(file, &wt_session_wait, wait);
	return wt_queue_poll(&cf->queue, file, wait) |
	       (READ_ONCE(cf->seen) != atomic_read(&wt_session_generation) ? EPOLLPRI : 0);
}

/* Events of the GUIDs subscribed to. */
static ssize_t control_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct control_file *cf = file->private_data;

	return wt_queue_read(&cf->queue, buf, len, !(file->f_flags & O_NONBLOCK));
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = control_open,
	.release = control_release,
	.unlocked_ioctl = control_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = control_poll,
	.read = control_read,
	.llseek = noop_llseek,
};

static struct miscdevice control_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "wmitrace",
	.mode = 0660,
	.fops = &control_fops,
};

int wt_control_init(void)
{
	return misc_register(&control_device);
}

void wt_control_exit(void)
{
	misc_deregister(&control_device);
}
