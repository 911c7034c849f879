// SPDX-License-Identifier: LGPL-2.1-or-later
/* Item types: their names, and the bytes each takes in a record (wpp-tmf section 9). */
#include "tmf-private.h"

static const struct tmf_item items[] = {
	{ "ItemChar", TMF_INTEGER, 1, 'd', false },
	{ "ItemUChar", TMF_INTEGER, 1, 'u', false },
	{ "ItemCharShort", TMF_INTEGER, 1, 'd', false },
	{ "ItemShort", TMF_INTEGER, 2, 'd', false },
	{ "ItemUShort", TMF_INTEGER, 2, 'u', false },
	{ "ItemLong", TMF_INTEGER, 4, 'd', false },
	{ "ItemULong", TMF_INTEGER, 4, 'u', false },
	{ "ItemULongX", TMF_INTEGER, 4, 'x', false },
	{ "ItemLongLong", TMF_INTEGER, 8, 'd', false },
	{ "ItemULongLong", TMF_INTEGER, 8, 'u', false },
	{ "ItemLongLongX", TMF_INTEGER, 8, 'x', false },
	{ "ItemLongLongXX", TMF_INTEGER, 8, 'X', false },
	{ "ItemLongLongO", TMF_INTEGER, 8, 'o', false },
	{ "ItemPtr", TMF_POINTER, 0, 'p', false },
	{ "ItemHandle", TMF_POINTER, 0, 'p', false },
	{ "ItemDouble", TMF_DOUBLE, 8, 'g', false },
	{ "ItemString", TMF_STRING, 0, 0, false },
	{ "ItemRString", TMF_STRING, 0, 0, true },
	{ "ItemWString", TMF_WSTRING, 0, 0, false },
	{ "ItemRWString", TMF_WSTRING, 0, 0, true },
	{ "ItemPString", TMF_COUNTED, 0, 0, false },
	{ "ItemDSString", TMF_COUNTED, 0, 0, false },
	{ "ItemPWString", TMF_WCOUNTED, 0, 0, false },
	{ "ItemDSWString", TMF_WCOUNTED, 0, 0, false },
	{ "ItemHexDump", TMF_HEX, 0, 0, false },
	{ "ItemHEXDump", TMF_HEX, 0, 0, false },
	{ "ItemNTSTATUS", TMF_NTSTATUS, 4, 0, false },
	{ "ItemNTerror", TMF_NTSTATUS, 4, 0, false },
	{ "ItemNDIS_STATUS", TMF_NDIS_STATUS, 4, 0, false },
	{ "ItemHRESULT", TMF_HRESULT, 4, 0, false },
	{ "ItemWINERROR", TMF_WINERROR, 4, 0, false },
	{ "ItemMerror", TMF_WINERROR, 4, 0, false },
	{ "ItemNDIS_OID", TMF_NDIS_OID, 4, 0, false },
	{ "ItemGuid", TMF_GUID, 16, 0, false },
	{ "ItemIID", TMF_GUID, 16, 0, false },
	{ "ItemCLSID", TMF_GUID, 16, 0, false },
	{ "ItemLIBID", TMF_GUID, 16, 0, false },
	{ "ItemSid", TMF_SID, 0, 0, false },
	{ "ItemIPAddr", TMF_IPV4, 4, 0, false },
	{ "ItemIPV6Addr", TMF_IPV6, 16, 0, false },
	{ "ItemPort", TMF_PORT, 2, 0, false },
	{ "ItemMACAddr", TMF_MAC, 6, 0, false },
	{ "ItemTimestamp", TMF_TIME, 8, 0, false },
	{ "ItemWaitTime", TMF_WAIT, 8, 0, false },
	{ "ItemTimeDelta", TMF_DELTA, 8, 0, false },
	{ "ItemChar4", TMF_CHAR4, 4, 0, false },
	{ "ItemListByte", TMF_LIST, 1, 0, false },
	{ "ItemListShort", TMF_LIST, 2, 0, false },
	{ "ItemListLong", TMF_LIST, 4, 0, false },
	{ "ItemSetByte", TMF_SET, 1, 0, false },
	{ "ItemSetShort", TMF_SET, 2, 0, false },
	{ "ItemSetLong", TMF_SET, 4, 0, false },
	{ "ItemEnum", TMF_ENUM, 4, 0, false },
	{ "ItemFlagsEnum", TMF_FLAGS, 4, 0, false },
};

static const struct tmf_item unknown_item = { "", TMF_UNKNOWN, 0, 0, false };

const struct tmf_item *tmf_item_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (!strncmp(items[i].name, name, len) && !items[i].name[len])
			return &items[i];
	return &unknown_item;
}

/* ---- finding arguments ----------------------------------------------------- */

struct reader {
	const unsigned char *p;
	size_t left;
	unsigned int pointer_size;
};

/* Takes @size bytes for the value and @skip before and after it. */
static struct tmf_slice take(struct reader *r, size_t before, size_t size, size_t after)
{
	struct tmf_slice slice = { NULL, 0 };

	if (before + size + after > r->left) {
		r->left = 0;
		return slice;
	}
	slice.data = r->p + before;
	slice.size = size;
	r->p += before + size + after;
	r->left -= before + size + after;
	return slice;
}

static struct tmf_slice take_string(struct reader *r)
{
	const unsigned char *end = memchr(r->p, '\0', r->left);

	return take(r, 0, end ? (size_t)(end - r->p) : r->left, end ? 1 : 0);
}

static struct tmf_slice take_wide_string(struct reader *r)
{
	size_t size = 0;

	while (size + 2 <= r->left && get16(r->p + size))
		size += 2;
	return take(r, 0, size, size + 2 <= r->left ? 2 : 0);
}

static struct tmf_slice take_counted(struct reader *r)
{
	return take(r, 2, r->left >= 2 ? get16(r->p) : 0, 0);
}

/* What is no SID is the text that stands for a missing one. */
static struct tmf_slice take_sid(struct reader *r)
{
	if (r->left >= 2 && r->p[0] == 1)
		return take(r, 0, 8 + 4 * (size_t)r->p[1], 0);
	return take_string(r);
}

static struct tmf_slice take_item(struct reader *r, const struct tmf_item *item)
{
	switch (item->kind) {
	case TMF_POINTER:
		return take(r, 0, r->pointer_size, 0);
	case TMF_STRING:
		return take_string(r);
	case TMF_WSTRING:
		return take_wide_string(r);
	case TMF_COUNTED:
	case TMF_WCOUNTED:
	case TMF_HEX:
		return take_counted(r);
	case TMF_SID:
		return take_sid(r);
	case TMF_UNKNOWN:	/* what follows cannot be found any more */
		return take(r, 0, SIZE_MAX / 2, 0);
	default:
		return take(r, 0, item->size, 0);
	}
}

void tmf_slice_arguments(const struct etl_tmf_message *message, const struct etl_record *rec,
			 struct tmf_slice slices[TMF_ARGUMENTS_MAX])
{
	struct reader r = {
		.p = rec->payload,
		.left = rec->payload_size,
		.pointer_size = rec->pointer_size == 4 ? 4 : 8,
	};
	unsigned int i;

	for (i = 0; i < message->count; i++)
		slices[i] = r.left ? take_item(&r, message->arguments[i].item) :
				     (struct tmf_slice){ NULL, 0 };
}
