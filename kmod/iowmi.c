// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other IoWMI routines (wmi-api section 13): ids; the rest exists so that
 * sources link, and says that it is not supported.
 */
#include <linux/export.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "iowmi.h"
#include "provider.h"

/* Instance ids that were given out for a GUID: for ever, or until the module goes. */
struct instance_ids {
	struct list_head node;
	GUID guid;
	u32 next;
};

static DEFINE_MUTEX(ids_mutex);
static LIST_HEAD(all_ids);

static struct instance_ids *ids_of(const GUID *guid)
{
	struct instance_ids *ids;

	list_for_each_entry(ids, &all_ids, node)
		if (IsEqualGUID(&ids->guid, guid))
			return ids;
	ids = kzalloc(sizeof(*ids), GFP_KERNEL);
	if (ids) {
		ids->guid = *guid;
		list_add(&ids->node, &all_ids);
	}
	return ids;
}

NTSTATUS IoWMIAllocateInstanceIds(GUID *Guid, ULONG InstanceCount, ULONG *FirstInstanceId)
{
	NTSTATUS status = STATUS_SUCCESS;
	struct instance_ids *ids;

	mutex_lock(&ids_mutex);
	ids = ids_of(Guid);
	if (!ids || ids->next + InstanceCount < ids->next) {
		status = STATUS_INSUFFICIENT_RESOURCES;
	} else {
		*FirstInstanceId = ids->next;
		ids->next += InstanceCount;
	}
	mutex_unlock(&ids_mutex);
	return status;
}
EXPORT_SYMBOL_GPL(IoWMIAllocateInstanceIds);

ULONG IoWMIDeviceObjectToProviderId(PDEVICE_OBJECT DeviceObject)
{
	struct wt_provider *p = wt_provider_find(DeviceObject);
	u32 id = p ? p->id : 0;

	if (p)
		wt_provider_put(p);
	return id;
}
EXPORT_SYMBOL_GPL(IoWMIDeviceObjectToProviderId);

void wt_iowmi_exit(void)
{
	struct instance_ids *ids, *next;

	list_for_each_entry_safe(ids, next, &all_ids, node)
		kfree(ids);
}

NTSTATUS IoWMISuggestInstanceName(PDEVICE_OBJECT PhysicalDeviceObject,
				  PUNICODE_STRING SymbolicLinkName, BOOLEAN CombineNames,
				  PUNICODE_STRING SuggestedInstanceName)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMISuggestInstanceName);

NTSTATUS IoWMIDeviceObjectToInstanceName(PVOID DataBlockObject, PDEVICE_OBJECT DeviceObject,
					 PUNICODE_STRING InstanceName)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMIDeviceObjectToInstanceName);

NTSTATUS IoWMIHandleToInstanceName(PVOID DataBlockObject, HANDLE FileHandle,
				   PUNICODE_STRING InstanceName)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMIHandleToInstanceName);

NTSTATUS IoWMIQueryAllData(PVOID DataBlockObject, ULONG *InOutBufferSize, PVOID OutBuffer)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMIQueryAllData);

NTSTATUS IoWMIQueryAllDataMultiple(PVOID *DataBlockObjectList, ULONG ObjectCount,
				   ULONG *InOutBufferSize, PVOID OutBuffer)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMIQueryAllDataMultiple);

NTSTATUS IoWMIQuerySingleInstance(PVOID DataBlockObject, PUNICODE_STRING InstanceName,
				  ULONG *InOutBufferSize, PVOID OutBuffer)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMIQuerySingleInstance);

NTSTATUS IoWMIQuerySingleInstanceMultiple(PVOID *DataBlockObjectList,
					  PUNICODE_STRING InstanceNames, ULONG ObjectCount,
					  ULONG *InOutBufferSize, PVOID OutBuffer)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMIQuerySingleInstanceMultiple);

NTSTATUS IoWMISetSingleInstance(PVOID DataBlockObject, PUNICODE_STRING InstanceName,
				ULONG Version, ULONG ValueBufferSize, PVOID ValueBuffer)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMISetSingleInstance);

NTSTATUS IoWMISetSingleItem(PVOID DataBlockObject, PUNICODE_STRING InstanceName, ULONG DataItemId,
			    ULONG Version, ULONG ValueBufferSize, PVOID ValueBuffer)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMISetSingleItem);

NTSTATUS IoWMIExecuteMethod(PVOID DataBlockObject, PUNICODE_STRING InstanceName, ULONG MethodId,
			    ULONG InBufferSize, PULONG OutBufferSize, PUCHAR InOutBuffer)
{
	return STATUS_NOT_SUPPORTED;
}
EXPORT_SYMBOL_GPL(IoWMIExecuteMethod);
