// SPDX-License-Identifier: GPL-2.0-only
/*
 * REGINFO: asking a provider for its GUIDs and checking what it says (wmi-api
 * 6.3).  The answer is another module's: nothing outside of what it says it
 * used is read.
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "provider.h"

#define ANSWER_FIRST	4096u		/* bytes offered at first */
#define ANSWER_MAX	65536u		/* that a provider may ask for */
#define ATTEMPTS	4

/*
 * Whether the provider wants a larger buffer, and how large: the documented
 * way is BUFFER_TOO_SMALL, shipped code says SUCCESS with a used size of 4
 * (A31, A32).
 */
static bool wants_more(NTSTATUS status, u32 used, const void *buffer, u32 *size)
{
	if (status != STATUS_BUFFER_TOO_SMALL &&
	    !(status == STATUS_SUCCESS && used == sizeof(u32)))
		return false;
	memcpy(size, buffer, sizeof(*size));
	return true;
}

/* Asks until the answer fits.  On success @answer is the caller's to free. */
static NTSTATUS ask(struct wt_provider *p, uintptr_t why, u8 **answer, u32 *used)
{
	u32 size = ANSWER_FIRST, wanted;
	NTSTATUS status;
	int i;

	for (i = 0; i < ATTEMPTS; i++) {
		u8 *buffer = kzalloc(size, GFP_KERNEL);

		if (!buffer)
			return STATUS_INSUFFICIENT_RESOURCES;
		status = wt_provider_call(p, IRP_MN_REGINFO, (void *)why, size, buffer, used);
		if (!wants_more(status, *used, buffer, &wanted)) {
			if (NT_SUCCESS(status) && *used <= size) {
				*answer = buffer;
				return STATUS_SUCCESS;
			}
			kfree(buffer);
			return NT_SUCCESS(status) ? STATUS_INVALID_PARAMETER : status;
		}
		kfree(buffer);
		if (wanted <= size || wanted > ANSWER_MAX)
			break;
		size = wanted;
	}
	return STATUS_INVALID_PARAMETER;	/* A33 */
}

/* A counted string at @offset lies within @size bytes; 0 = none. */
static bool string_fits(const u8 *info, u32 offset, u32 size)
{
	u16 length;

	if (!offset)
		return true;
	if (offset < sizeof(WMIREGINFOW) || offset > size - sizeof(length))
		return false;
	memcpy(&length, info + offset, sizeof(length));
	return length <= size - sizeof(length) - offset;
}

/* Checks one WMIREGINFO of at most @room bytes. */
static bool part_is_sound(const u8 *at, u32 room, WMIREGINFOW *info)
{
	if (room < sizeof(*info))
		return false;
	memcpy(info, at, sizeof(*info));
	return info->BufferSize >= sizeof(*info) && info->BufferSize <= room &&
	       info->GuidCount <= (info->BufferSize - sizeof(*info)) / sizeof(WMIREGGUIDW) &&
	       string_fits(at, info->RegistryPath, info->BufferSize) &&
	       string_fits(at, info->MofResourceName, info->BufferSize) &&
	       (!info->NextWmiRegInfo || (info->NextWmiRegInfo >= sizeof(*info) &&
					  info->NextWmiRegInfo < room));
}

/* At most one way of naming instances (wmi-api 6.3). */
static bool flags_are_sound(u32 flags)
{
	flags &= WMIREG_FLAG_INSTANCE_LIST | WMIREG_FLAG_INSTANCE_BASENAME |
		 WMIREG_FLAG_INSTANCE_PDO;
	return !(flags & (flags - 1));
}

/* Collects the GUIDs of all parts of a chain (A36).  @guids has room for what @used can hold. */
static bool collect(const u8 *answer, u32 used, WMIREGGUIDW *guids, u32 *count)
{
	WMIREGINFOW info;
	u32 at = 0, i;

	*count = 0;
	do {
		if (!part_is_sound(answer + at, used - at, &info))
			return false;
		for (i = 0; i < info.GuidCount; i++) {
			const u8 *from = answer + at + sizeof(info) + i * sizeof(*guids);

			/* Parts of a hostile chain may overlap. */
			if (*count == used / sizeof(*guids))
				return false;
			memcpy(&guids[*count], from, sizeof(*guids));
			if (!flags_are_sound(guids[(*count)++].Flags))
				return false;
		}
		at += info.NextWmiRegInfo;
	} while (info.NextWmiRegInfo);
	return true;
}

/**
 * wt_reginfo_ask() - ask a provider for its GUIDs
 * @p: with its turn
 * @why: WMIREGISTER or WMIUPDATE
 * @guids: the answer, the caller's to free
 * @count: how many
 *
 * Return: a failure is the provider's own, or INVALID_PARAMETER for an answer
 * that makes no sense.
 */
NTSTATUS wt_reginfo_ask(struct wt_provider *p, uintptr_t why, WMIREGGUIDW **guids, u32 *count)
{
	NTSTATUS status;
	u8 *answer;
	u32 used;

	status = ask(p, why, &answer, &used);
	if (!NT_SUCCESS(status))
		return status;
	*guids = kmalloc(max_t(size_t, used, sizeof(**guids)), GFP_KERNEL);
	if (!*guids) {
		status = STATUS_INSUFFICIENT_RESOURCES;
	} else if (!collect(answer, used, *guids, count)) {
		kfree(*guids);
		status = STATUS_INVALID_PARAMETER;
	}
	kfree(answer);
	return status;
}
