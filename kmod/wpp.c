// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the macros of <wmitrace/wpp.h> have in common: control GUIDs as
 * providers, message GUIDs.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <linux/string.h>

#include "wmitrace/iowmi.h"
#include "wmitrace/wpp-control.h"

/* ---- control GUIDs -------------------------------------------------------- */

static NTSTATUS put_reginfo(const struct wpp_control *control, void *buffer, u32 length, u32 *used)
{
	const u32 need = sizeof(WMIREGINFOW) + sizeof(WMIREGGUIDW);
	WMIREGINFOW *info = buffer;

	if (length < need) {
		*(u32 *)buffer = need;
		*used = sizeof(u32);
		return STATUS_BUFFER_TOO_SMALL;
	}
	info->BufferSize = need;
	info->GuidCount = 1;
	info->WmiRegGuid[0].Guid = control->Guid;
	info->WmiRegGuid[0].Flags = WMIREG_FLAG_TRACE_CONTROL_GUID | WMIREG_FLAG_TRACED_GUID;
	*used = need;
	return STATUS_SUCCESS;
}

/*
 * Statements read flags first: while the handle changes these are 0, so that
 * none that sees the new flags takes the old handle for long; one that did is
 * turned away by its logger id, or logged by the session it asked for.
 */
static void set(struct wpp_control *control, u64 handle)
{
	control->Flags[0] = 0;
	smp_wmb();	/* pairs with the order of volatile reads in statements */
	control->Logger = handle;
	control->Level = WmiGetLoggerEnableLevel(handle);
	smp_wmb();	/* the same */
	control->Flags[0] = WmiGetLoggerEnableFlags(handle);
}

NTSTATUS wmitrace_wpp_dispatch(UCHAR minor, PVOID path, ULONG length, PVOID buffer, PVOID context,
			       PULONG used)
{
	struct wpp_control *control = context;

	*used = 0;
	switch (minor) {
	case IRP_MN_REGINFO:
		return put_reginfo(control, buffer, length, used);
	case IRP_MN_ENABLE_EVENTS:
	case IRP_MN_DISABLE_EVENTS:
		if (!IsEqualGUID((const GUID *)path, &control->Guid))
			return STATUS_WMI_GUID_NOT_FOUND;
		if (length < sizeof(WNODE_HEADER))
			return STATUS_INVALID_PARAMETER;
		set(control, minor == IRP_MN_ENABLE_EVENTS ?
			     ((PWNODE_HEADER)buffer)->HistoricalContext : 0);
		return STATUS_SUCCESS;
	default:
		return STATUS_INVALID_DEVICE_REQUEST;
	}
}
EXPORT_SYMBOL_GPL(wmitrace_wpp_dispatch);

NTSTATUS wmitrace_wpp_register(struct wpp_control *controls, u32 count, struct module *owner)
{
	NTSTATUS status;
	u32 i;

	for (i = 0; i < count; i++) {
		status = wmitrace_registration_control(&controls[i].provider,
						       WMIREG_ACTION_REGISTER |
						       WMIREG_FLAG_TRACE_PROVIDER, owner);
		if (!NT_SUCCESS(status)) {
			wmitrace_wpp_unregister(controls, i, owner);
			return status;
		}
	}
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(wmitrace_wpp_register);

void wmitrace_wpp_unregister(struct wpp_control *controls, u32 count, struct module *owner)
{
	while (count--) {
		wmitrace_registration_control(&controls[count].provider,
					      WMIREG_ACTION_DEREGISTER, owner);
		set(&controls[count], 0);
	}
}
EXPORT_SYMBOL_GPL(wmitrace_wpp_unregister);

/* ---- message GUIDs --------------------------------------------------------- */

static const char *srcversion_of(const struct module *owner)
{
#ifdef CONFIG_MODULES
	if (owner && owner->srcversion)
		return owner->srcversion;
#endif
	return "";
}

/*
 * Any context.  Whoever comes at the same time writes the same bytes, so no
 * writer has to wait for another, be it one that it interrupted.
 */
const GUID *wmitrace_wpp_guid(struct wpp_file *file)
{
	const char *module = (const char *)file + file->head.names;
	const char *base = module + strlen(module) + 1;
	u8 guid[16];

	wpp_file_guid(module, base, srcversion_of(file->owner), guid);
	memcpy(file->head.guid, guid, sizeof(guid));
	smp_store_release(&file->head.ready, 1);	/* pairs with wpp_message_guid() */
	return (const GUID *)file->head.guid;
}
EXPORT_SYMBOL_GPL(wmitrace_wpp_guid);
