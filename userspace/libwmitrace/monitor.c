// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "monitor.h"

/* Layout of WNODE_HEADER and WNODE_SINGLE_INSTANCE, wmi-api 4.1 and 4.4. */
#define WNODE_PROVIDER_ID	4
#define WNODE_GUID		24
#define WNODE_FLAGS		44
#define WNODE_SIZE		48
#define INSTANCE_INDEX		52
#define INSTANCE_DATA_OFFSET	56
#define INSTANCE_DATA_SIZE	60
#define INSTANCE_SIZE		64
#define FLAG_SINGLE_INSTANCE	0x2u

int monitor_subscribe(int device, const uint8_t guid[16], uint32_t *win32)
{
	struct wmitrace_subscribe subscribe = { .win32 = 0 };
	int err;

	memcpy(subscribe.guid, guid, sizeof(subscribe.guid));
	err = ioctl(device, WMITRACE_IOC_SUBSCRIBE, &subscribe) < 0 ? -errno : 0;
	*win32 = subscribe.win32;
	return err;
}

/* Kernel and driver are of this machine: no bytes to swap. */
static uint32_t word(const uint8_t *wnode, size_t offset)
{
	uint32_t value;

	memcpy(&value, wnode + offset, sizeof(value));
	return value;
}

/* What the driver says of its data must lie within the event. */
static void take_instance(const uint8_t *wnode, uint32_t size, struct monitor_event *event)
{
	uint32_t offset, length;

	if (!(event->flags & FLAG_SINGLE_INSTANCE) || size < INSTANCE_SIZE)
		return;
	offset = word(wnode, INSTANCE_DATA_OFFSET);
	length = word(wnode, INSTANCE_DATA_SIZE);
	if (offset > size || length > size - offset)
		return;
	event->instance = word(wnode, INSTANCE_INDEX);
	event->data = wnode + offset;
	event->size = length;
}

int monitor_next(const uint8_t *buffer, size_t size, size_t *at, struct monitor_event *event)
{
	struct wmitrace_event header;
	const uint8_t *wnode;

	if (*at == size)
		return 0;
	if (size - *at < sizeof(header))
		return -EINVAL;
	memcpy(&header, buffer + *at, sizeof(header));
	if (header.wnode_size < WNODE_SIZE || header.size > size - *at ||
	    header.wnode_size > header.size - sizeof(header))
		return -EINVAL;
	wnode = buffer + *at + sizeof(header);
	*at += header.size;
	memset(event, 0, sizeof(*event));
	event->time = header.time;
	event->lost = header.lost;
	memcpy(event->guid, wnode + WNODE_GUID, sizeof(event->guid));
	event->flags = word(wnode, WNODE_FLAGS);
	event->provider_id = word(wnode, WNODE_PROVIDER_ID);
	event->data = wnode + WNODE_SIZE;
	event->size = header.wnode_size - WNODE_SIZE;
	take_instance(wnode, header.wnode_size, event);
	return 1;
}
