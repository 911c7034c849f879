// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU's buffers as memory: whoever reads a cpuN file can map what it would
 * read, and have buffers handed out without their being copied.
 *
 * The mapping belongs to a descriptor of its own, because debugfs closes files
 * that can be mapped to everybody where the kernel is locked down (Secure
 * Boot), and those files are to be read there too.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "uapi/wmitrace.h"
#include "buffer.h"
#include "debugfs.h"
#include "map.h"
#include "reader.h"

/* A map's private_data is the open cpuN file, which holds the logger. */
static struct wt_cpu *cpu_of_map(struct file *file)
{
	return wt_debugfs_cpu(file->private_data);
}

/*
 * All of it is there at once, or mmap() fails: a page that came only when it is
 * touched could be gone with the session by then, and SIGBUS end the reader.
 */
static int map_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct wt_cpu *c = cpu_of_map(file);
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	unsigned long at;
	int ret = 0;

	for (at = vma->vm_start; !ret && at < vma->vm_end; at += PAGE_SIZE) {
		struct page *page = wt_buffer_page(c, offset);

		if (!page)
			return -ENXIO;
		ret = vm_insert_page(vma, at, page);
		put_page(page);
		offset += PAGE_SIZE;
		cond_resched();
	}
	return ret;
}

static long map_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct wmitrace_take take, __user *user = (void __user *)arg;
	int ret;

	if (cmd != WMITRACE_MAP_TAKE)
		return -ENOTTY;
	if (copy_from_user(&take, user, sizeof(take)))
		return -EFAULT;
	ret = wt_reader_take(cpu_of_map(file), &take);
	if (ret)
		return ret;
	return copy_to_user(user, &take, sizeof(take)) ? -EFAULT : 0;
}

static int map_release(struct inode *inode, struct file *file)
{
	fput(file->private_data);
	return 0;
}

static const struct file_operations map_fops = {
	.owner = THIS_MODULE,
	.mmap = map_mmap,
	.unlocked_ioctl = map_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = map_release,
	.llseek = noop_llseek,
};

/* Process context.  Return: a Win32 error code, or -errno. */
int wt_map_open(struct wmitrace_map *map)
{
	struct file *reader;
	struct wt_cpu *c;
	int fd;

	if (map->reserved)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	reader = fget(map->reader);
	if (!reader)
		return WMITRACE_ERROR_INVALID_HANDLE;
	c = wt_debugfs_cpu(reader);
	if (!c || c->logger->overwrite) {
		fput(reader);
		return c ? WMITRACE_ERROR_NOT_SUPPORTED : WMITRACE_ERROR_INVALID_PARAMETER;
	}
	fd = anon_inode_getfd("[wmitrace]", &map_fops, reader, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fput(reader);
		return fd == -ENOMEM ? WMITRACE_ERROR_NOT_ENOUGH_MEMORY : fd;
	}
	map->fd = fd;
	map->size = (u64)c->logger->subbufs * c->logger->subbuf_size;
	return WMITRACE_ERROR_SUCCESS;
}
