// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver framework's WMI objects (wmi-api section 12): providers and
 * instances of a device, over IoWMIRegistrationControl.
 *
 * Handles are addresses, but are looked up before they are used: one that is no
 * object of the right kind is reported with its caller and does no harm.  A
 * device lives from WdfWmiDeviceCreate to WdfWmiDeviceDelete, its providers and
 * instances as long.  wdf_lock guards the list and what changes in objects;
 * it is a spinlock because most calls may come at DISPATCH_LEVEL.  Handles are
 * looked up under RCU: asking for state and tracing handle takes no lock.
 */
#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "wdf.h"
#include "wmitrace/iowmi.h"
#include "wmitrace/wdfwmi.h"
#include "wmitrace/wmitrace.h"

enum type { DEVICE, PROVIDER, INSTANCE };

static const char * const type_names[] = { "WDFDEVICE", "WDFWMIPROVIDER", "WDFWMIINSTANCE" };

/* What all objects begin with. */
struct object {
	struct list_head node;
	struct hlist_node hash;
	struct rcu_head rcu;
	enum type type;
};

/**
 * struct wdf_wmi_device - a device
 * @object: in the list of objects
 * @provider: what it registers
 * @owner: the driver
 * @started: registered
 * @update: registers what has changed, where the caller could not
 */
struct wdf_wmi_device {
	struct object object;
	struct wmi_provider provider;
	struct module *owner;
	bool started;
	struct work_struct update;
};

struct wdf_wmi_provider {
	struct object object;
	struct wdf_wmi_device *device;
	WDF_WMI_PROVIDER_CONFIG config;
	bool enabled[WdfWmiInstanceControl + 1];	/* by WDF_WMI_PROVIDER_CONTROL */
	u64 handle;
};

struct wdf_wmi_instance {
	struct object object;
	struct wdf_wmi_provider *provider;
	WDF_WMI_INSTANCE_CONFIG config;
	bool registered;
};

static DEFINE_SPINLOCK(wdf_lock);
static LIST_HEAD(objects);	/* oldest first: a device before what belongs to it */
static DEFINE_HASHTABLE(handles, 6);

/* ---- handles ------------------------------------------------------------ */

/* With wdf_lock. */
static void add_locked(struct object *o, enum type type)
{
	o->type = type;
	list_add_tail(&o->node, &objects);
	hash_add_rcu(handles, &o->hash, (unsigned long)o);
}

static void add_object(struct object *o, enum type type)
{
	unsigned long flags;

	spin_lock_irqsave(&wdf_lock, flags);
	add_locked(o, type);
	spin_unlock_irqrestore(&wdf_lock, flags);
}

/* Any context. */
static bool exists(const void *handle, enum type type)
{
	struct object *o;
	bool found = false;

	rcu_read_lock();
	hash_for_each_possible_rcu(handles, o, hash, (unsigned long)handle)
		if (o == handle && o->type == type)
			found = true;
	rcu_read_unlock();
	return found;
}

/* A bad handle is a bug check on Windows. */
static bool valid(const void *handle, enum type type, const void *caller)
{
	return !WARN(!exists(handle, type), "%pS: %p is no %s\n", caller, handle,
		     type_names[type]);
}

#define VALID(handle, type)	valid((handle), (type), __builtin_return_address(0))

/* With wdf_lock. */
static struct wdf_wmi_provider *find_locked(struct wdf_wmi_device *d, const GUID *guid)
{
	struct wdf_wmi_provider *p;

	list_for_each_entry(p, &objects, object.node)
		if (p->object.type == PROVIDER && p->device == d &&
		    IsEqualGUID(&p->config.Guid, guid))
			return p;
	return NULL;
}

static struct wdf_wmi_provider *find_provider(struct wdf_wmi_device *d, const GUID *guid)
{
	struct wdf_wmi_provider *p;
	unsigned long flags;

	spin_lock_irqsave(&wdf_lock, flags);
	p = find_locked(d, guid);
	spin_unlock_irqrestore(&wdf_lock, flags);
	return p;
}

/* Adds @p unless its device has the GUID already. */
static bool add_provider(struct wdf_wmi_provider *p)
{
	unsigned long flags;
	bool is_new;

	spin_lock_irqsave(&wdf_lock, flags);
	is_new = !find_locked(p->device, &p->config.Guid);
	if (is_new)
		add_locked(&p->object, PROVIDER);
	spin_unlock_irqrestore(&wdf_lock, flags);
	return is_new;
}

/* ---- the device's callback ---------------------------------------------- */

/* With wdf_lock. */
static u32 count_instances(struct wdf_wmi_provider *p)
{
	struct wdf_wmi_instance *i;
	u32 count = 0;

	list_for_each_entry(i, &objects, object.node)
		count += i->object.type == INSTANCE && i->provider == p && i->registered;
	return count;
}

static u32 registration_flags(const struct wdf_wmi_provider *p)
{
	u32 flags = 0;

	if (p->config.Flags & WdfWmiProviderTracing)
		flags |= WMIREG_FLAG_TRACED_GUID | WMIREG_FLAG_TRACE_CONTROL_GUID;
	if (p->config.Flags & WdfWmiProviderEventOnly)
		flags |= WMIREG_FLAG_EVENT_ONLY_GUID;
	if (p->config.Flags & WdfWmiProviderExpensive)
		flags |= WMIREG_FLAG_EXPENSIVE;
	return flags;
}

static void put_provider(struct wdf_wmi_provider *p, WMIREGGUIDW *to)
{
	to->Guid = p->config.Guid;
	to->Flags = registration_flags(p);
	to->InstanceCount = count_instances(p);
}

static NTSTATUS reginfo(struct wdf_wmi_device *d, u32 length, WMIREGINFOW *info, PULONG used)
{
	u32 room = (length - sizeof(*info)) / sizeof(WMIREGGUIDW), count = 0;
	struct wdf_wmi_provider *p;
	unsigned long flags;

	spin_lock_irqsave(&wdf_lock, flags);
	list_for_each_entry(p, &objects, object.node) {
		if (p->object.type != PROVIDER || p->device != d)
			continue;
		if (count < room)
			put_provider(p, &info->WmiRegGuid[count]);
		count++;
	}
	spin_unlock_irqrestore(&wdf_lock, flags);
	info->BufferSize = struct_size(info, WmiRegGuid, count);
	info->GuidCount = count;
	*used = info->BufferSize;
	if (count > room)	/* the size is at the start of the buffer */
		*used = sizeof(u32);
	return STATUS_SUCCESS;
}

/* State and handle are there before the driver hears of them (A168, A169). */
static NTSTATUS control(struct wdf_wmi_provider *p, enum _WDF_WMI_PROVIDER_CONTROL control,
			bool enable, u64 handle)
{
	NTSTATUS status = STATUS_SUCCESS;

	WRITE_ONCE(p->enabled[control], enable);
	if (control == WdfWmiEventControl)
		WRITE_ONCE(p->handle, handle);
	if (p->config.EvtWmiProviderFunctionControl)
		status = p->config.EvtWmiProviderFunctionControl(p, control, enable);
	if (status == STATUS_PENDING)
		status = STATUS_UNSUCCESSFUL;
	if (!NT_SUCCESS(status)) {
		WRITE_ONCE(p->enabled[control], false);
		WRITE_ONCE(p->handle, 0);
	}
	return status;
}

static NTSTATUS dispatch(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength, PVOID Buffer,
			 PVOID Context, PULONG Size)
{
	struct wdf_wmi_device *d = container_of(Context, struct wdf_wmi_device, provider);
	bool events = MinorFunction == IRP_MN_ENABLE_EVENTS ||
		      MinorFunction == IRP_MN_DISABLE_EVENTS;
	bool enable = MinorFunction == IRP_MN_ENABLE_EVENTS ||
		      MinorFunction == IRP_MN_ENABLE_COLLECTION;
	const WNODE_HEADER *w = Buffer;
	struct wdf_wmi_provider *p;

	if (MinorFunction == IRP_MN_REGINFO)
		return reginfo(d, BufferLength, Buffer, Size);
	if (!events && MinorFunction != IRP_MN_ENABLE_COLLECTION &&
	    MinorFunction != IRP_MN_DISABLE_COLLECTION)
		return STATUS_INVALID_DEVICE_REQUEST;
	p = find_provider(d, DataPath);
	if (!p)
		return STATUS_WMI_GUID_NOT_FOUND;
	if (!events)
		return control(p, WdfWmiInstanceControl, enable, 0);
	if (BufferLength < sizeof(*w))
		return STATUS_INVALID_PARAMETER;
	return control(p, WdfWmiEventControl, enable, w->HistoricalContext);
}

/* ---- devices ------------------------------------------------------------- */

static void update_device(struct work_struct *work)
{
	struct wdf_wmi_device *d = container_of(work, struct wdf_wmi_device, update);

	wmitrace_registration_control(&d->provider, WMIREG_ACTION_UPDATE_GUIDS, d->owner);
}

/* Has the device registered anew: soon, where the caller may not sleep or is a callback. */
static void changed(struct wdf_wmi_device *d)
{
	if (!READ_ONCE(d->started))
		return;
	if (!preemptible() ||
	    wmitrace_registration_control(&d->provider, WMIREG_ACTION_UPDATE_GUIDS, d->owner) ==
	    STATUS_INVALID_DEVICE_REQUEST)
		schedule_work(&d->update);
}

/* WdfWmiDeviceCreate with the module that calls it; see there. */
NTSTATUS wmitrace_wdf_device_create(const char *name, struct module *owner, WDFDEVICE *device)
{
	struct wdf_wmi_device *d = kzalloc(sizeof(*d), GFP_KERNEL);

	*device = d;
	if (!d)
		return STATUS_INSUFFICIENT_RESOURCES;
	d->provider.dispatch = dispatch;
	d->provider.name = name;
	d->owner = owner;
	INIT_WORK(&d->update, update_device);
	add_object(&d->object, DEVICE);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(wmitrace_wdf_device_create);

NTSTATUS WdfWmiDeviceStart(WDFDEVICE Device)
{
	NTSTATUS status;

	if (!VALID(Device, DEVICE))
		return STATUS_INVALID_HANDLE;
	/* Before REGINFO: what is created from then on is in the answer, or causes an update. */
	WRITE_ONCE(Device->started, true);
	status = wmitrace_registration_control(&Device->provider, WMIREG_ACTION_REGISTER,
					       Device->owner);
	if (!NT_SUCCESS(status) && status != STATUS_OBJECT_NAME_COLLISION)
		WRITE_ONCE(Device->started, false);
	return status;
}
EXPORT_SYMBOL_GPL(WdfWmiDeviceStart);

/* Takes all objects of @d off the list. */
static void take_objects(struct wdf_wmi_device *d, struct list_head *gone)
{
	struct object *o, *next;
	unsigned long flags;

	spin_lock_irqsave(&wdf_lock, flags);
	list_for_each_entry_safe(o, next, &objects, node) {
		struct wdf_wmi_provider *p = container_of(o, struct wdf_wmi_provider, object);
		struct wdf_wmi_instance *i = container_of(o, struct wdf_wmi_instance, object);

		if (o == &d->object || (o->type == PROVIDER && p->device == d) ||
		    (o->type == INSTANCE && i->provider->device == d)) {
			list_move(&o->node, gone);
			hash_del_rcu(&o->hash);
		}
	}
	spin_unlock_irqrestore(&wdf_lock, flags);
}

static void delete_device(struct wdf_wmi_device *d)
{
	struct object *o, *next;
	LIST_HEAD(gone);

	WRITE_ONCE(d->started, false);
	cancel_work_sync(&d->update);
	wmitrace_registration_control(&d->provider, WMIREG_ACTION_DEREGISTER, d->owner);
	take_objects(d, &gone);
	list_for_each_entry_safe(o, next, &gone, node)
		kfree_rcu(o, rcu);	/* the first member of each */
}

VOID WdfWmiDeviceDelete(WDFDEVICE Device)
{
	if (VALID(Device, DEVICE))
		delete_device(Device);
}
EXPORT_SYMBOL_GPL(WdfWmiDeviceDelete);

static struct wdf_wmi_device *device_of_module(struct module *module)
{
	struct wdf_wmi_device *d, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&wdf_lock, flags);
	list_for_each_entry(d, &objects, object.node)
		if (d->object.type == DEVICE && d->owner == module)
			found = d;
	spin_unlock_irqrestore(&wdf_lock, flags);
	return found;
}

/* A module that forgot to delete its devices. */
void wt_wdf_module_gone(struct module *module)
{
	struct wdf_wmi_device *d;

	while ((d = device_of_module(module))) {
		pr_warn("%s goes without deleting device '%s': done for it\n", module->name,
			d->provider.name);
		delete_device(d);
	}
}

/* ---- providers ----------------------------------------------------------- */

static NTSTATUS check_config(const WDF_WMI_PROVIDER_CONFIG *c)
{
	static const GUID none;

	if (c->Size != sizeof(*c))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (c->Flags & ~(u32)(WdfWmiProviderEventOnly | WdfWmiProviderExpensive |
			      WdfWmiProviderTracing))
		return STATUS_INVALID_PARAMETER;
	if ((c->Flags & WdfWmiProviderTracing) && c->Flags != WdfWmiProviderTracing)
		return STATUS_INVALID_PARAMETER;
	if (c->EvtWmiProviderFunctionControl &&
	    !(c->Flags & (WdfWmiProviderTracing | WdfWmiProviderExpensive)))
		return STATUS_INVALID_PARAMETER;
	if (IsEqualGUID(&c->Guid, &none))
		return STATUS_INVALID_PARAMETER;
	return STATUS_SUCCESS;
}

static NTSTATUS create_provider(struct wdf_wmi_device *d, const WDF_WMI_PROVIDER_CONFIG *config,
				WDFWMIPROVIDER *out)
{
	struct wdf_wmi_provider *p;
	NTSTATUS status = check_config(config);

	*out = NULL;
	if (status)
		return status;
	p = kzalloc(sizeof(*p), wmitrace_pool_gfp());
	if (!p)
		return STATUS_INSUFFICIENT_RESOURCES;
	p->device = d;
	p->config = *config;
	if (!add_provider(p)) {
		kfree(p);
		return STATUS_OBJECT_NAME_EXISTS;	/* A166 */
	}
	*out = p;
	return STATUS_SUCCESS;
}

NTSTATUS WdfWmiProviderCreate(WDFDEVICE Device, PWDF_WMI_PROVIDER_CONFIG WmiProviderConfig,
			      PWDF_OBJECT_ATTRIBUTES ProviderAttributes,
			      WDFWMIPROVIDER *WmiProvider)
{
	WDFWMIPROVIDER unused;
	NTSTATUS status;

	if (!VALID(Device, DEVICE))
		return STATUS_INVALID_HANDLE;
	status = create_provider(Device, WmiProviderConfig, WmiProvider ? WmiProvider : &unused);
	if (status == STATUS_SUCCESS)
		changed(Device);
	return status;
}
EXPORT_SYMBOL_GPL(WdfWmiProviderCreate);

WDFDEVICE WdfWmiProviderGetDevice(WDFWMIPROVIDER WmiProvider)
{
	return VALID(WmiProvider, PROVIDER) ? WmiProvider->device : NULL;
}
EXPORT_SYMBOL_GPL(WdfWmiProviderGetDevice);

BOOLEAN WdfWmiProviderIsEnabled(WDFWMIPROVIDER WmiProvider,
				WDF_WMI_PROVIDER_CONTROL ProviderControl)
{
	if (!VALID(WmiProvider, PROVIDER) ||
	    (u32)ProviderControl >= ARRAY_SIZE(WmiProvider->enabled))
		return FALSE;
	return READ_ONCE(WmiProvider->enabled[ProviderControl]);
}
EXPORT_SYMBOL_GPL(WdfWmiProviderIsEnabled);

ULONGLONG WdfWmiProviderGetTracingHandle(WDFWMIPROVIDER WmiProvider)
{
	return VALID(WmiProvider, PROVIDER) ? READ_ONCE(WmiProvider->handle) : 0;
}
EXPORT_SYMBOL_GPL(WdfWmiProviderGetTracingHandle);

/* ---- instances ----------------------------------------------------------- */

static NTSTATUS register_instance(struct wdf_wmi_instance *i)
{
	NTSTATUS status = STATUS_SUCCESS;
	unsigned long flags;

	if (i->provider->config.Flags & WdfWmiProviderTracing)
		return STATUS_INVALID_DEVICE_REQUEST;
	spin_lock_irqsave(&wdf_lock, flags);
	if (i->registered)
		status = STATUS_INVALID_DEVICE_REQUEST;
	i->registered = true;
	spin_unlock_irqrestore(&wdf_lock, flags);
	if (!status)
		changed(i->provider->device);
	return status;
}

static NTSTATUS provider_for(struct wdf_wmi_device *d, const WDF_WMI_INSTANCE_CONFIG *config,
			     struct wdf_wmi_provider **out)
{
	NTSTATUS status;

	*out = config->Provider;
	if (*out)
		return STATUS_SUCCESS;
	status = create_provider(d, config->ProviderConfig, out);
	if (status == STATUS_OBJECT_NAME_EXISTS)
		*out = find_provider(d, &config->ProviderConfig->Guid);
	return NT_SUCCESS(status) ? STATUS_SUCCESS : status;
}

static NTSTATUS check_instance(const WDF_WMI_INSTANCE_CONFIG *c)
{
	if (c->Size != sizeof(*c))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (!c->Provider == !c->ProviderConfig)
		return STATUS_INVALID_PARAMETER;
	return STATUS_SUCCESS;
}

static bool has_callbacks(const WDF_WMI_INSTANCE_CONFIG *c)
{
	return c->UseContextForQuery || c->EvtWmiInstanceQueryInstance ||
	       c->EvtWmiInstanceSetInstance || c->EvtWmiInstanceSetItem ||
	       c->EvtWmiInstanceExecuteMethod;
}

static void delete_instance(struct wdf_wmi_instance *i)
{
	unsigned long flags;

	spin_lock_irqsave(&wdf_lock, flags);
	list_del(&i->object.node);
	hash_del_rcu(&i->object.hash);
	spin_unlock_irqrestore(&wdf_lock, flags);
	kfree_rcu(i, object.rcu);
}

NTSTATUS WdfWmiInstanceCreate(WDFDEVICE Device, PWDF_WMI_INSTANCE_CONFIG InstanceConfig,
			      PWDF_OBJECT_ATTRIBUTES InstanceAttributes, WDFWMIINSTANCE *Instance)
{
	struct wdf_wmi_provider *p = NULL;
	struct wdf_wmi_instance *i;
	NTSTATUS status;

	if (Instance)
		*Instance = NULL;
	if (!VALID(Device, DEVICE) ||
	    (InstanceConfig->Provider && !VALID(InstanceConfig->Provider, PROVIDER)))
		return STATUS_INVALID_HANDLE;
	status = check_instance(InstanceConfig);
	if (!status)
		status = provider_for(Device, InstanceConfig, &p);
	if (status)
		return status;
	if ((p->config.Flags & WdfWmiProviderEventOnly) && has_callbacks(InstanceConfig))
		return STATUS_INVALID_PARAMETER;
	i = kzalloc(sizeof(*i), wmitrace_pool_gfp());
	if (!i)
		return STATUS_INSUFFICIENT_RESOURCES;
	i->provider = p;
	i->config = *InstanceConfig;
	add_object(&i->object, INSTANCE);
	if (InstanceConfig->Register)
		status = register_instance(i);
	if (status)
		delete_instance(i);
	else if (Instance)
		*Instance = i;
	return status;
}
EXPORT_SYMBOL_GPL(WdfWmiInstanceCreate);

NTSTATUS WdfWmiInstanceRegister(WDFWMIINSTANCE WmiInstance)
{
	if (!VALID(WmiInstance, INSTANCE))
		return STATUS_INVALID_HANDLE;
	return register_instance(WmiInstance);
}
EXPORT_SYMBOL_GPL(WdfWmiInstanceRegister);

VOID WdfWmiInstanceDeregister(WDFWMIINSTANCE WmiInstance)
{
	unsigned long flags;
	bool was;

	if (!VALID(WmiInstance, INSTANCE))
		return;
	spin_lock_irqsave(&wdf_lock, flags);
	was = WmiInstance->registered;
	WmiInstance->registered = false;
	spin_unlock_irqrestore(&wdf_lock, flags);
	if (was)
		changed(WmiInstance->provider->device);
}
EXPORT_SYMBOL_GPL(WdfWmiInstanceDeregister);

WDFDEVICE WdfWmiInstanceGetDevice(WDFWMIINSTANCE WmiInstance)
{
	return VALID(WmiInstance, INSTANCE) ? WmiInstance->provider->device : NULL;
}
EXPORT_SYMBOL_GPL(WdfWmiInstanceGetDevice);

WDFWMIPROVIDER WdfWmiInstanceGetProvider(WDFWMIINSTANCE WmiInstance)
{
	return VALID(WmiInstance, INSTANCE) ? WmiInstance->provider : NULL;
}
EXPORT_SYMBOL_GPL(WdfWmiInstanceGetProvider);

/* The instance's place among the registered ones of its provider. */
static u32 instance_index(struct wdf_wmi_instance *instance)
{
	struct wdf_wmi_instance *i;
	unsigned long flags;
	u32 index = 0;

	spin_lock_irqsave(&wdf_lock, flags);
	list_for_each_entry(i, &objects, object.node) {
		if (i == instance)
			break;
		index += i->object.type == INSTANCE && i->provider == instance->provider &&
			 i->registered;
	}
	spin_unlock_irqrestore(&wdf_lock, flags);
	return index;
}

/* The data stay the caller's (A171). */
NTSTATUS WdfWmiInstanceFireEvent(WDFWMIINSTANCE WmiInstance, ULONG EventDataSize, PVOID EventData)
{
	u32 size;
	WNODE_SINGLE_INSTANCE *w;
	NTSTATUS status;

	if (!VALID(WmiInstance, INSTANCE))
		return STATUS_INVALID_HANDLE;
	if (!EventData)
		EventDataSize = 0;
	if (check_add_overflow((u32)sizeof(*w), EventDataSize, &size))
		return STATUS_INTEGER_OVERFLOW;
	w = kzalloc(size, GFP_KERNEL);
	if (!w)
		return STATUS_INSUFFICIENT_RESOURCES;
	w->WnodeHeader.BufferSize = size;
	w->WnodeHeader.ProviderId =
		IoWMIDeviceObjectToProviderId(&WmiInstance->provider->device->provider);
	w->WnodeHeader.Guid = WmiInstance->provider->config.Guid;
	w->WnodeHeader.Flags = WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_EVENT_ITEM |
			       WNODE_FLAG_STATIC_INSTANCE_NAMES;
	KeQuerySystemTime(&w->WnodeHeader.TimeStamp);
	w->InstanceIndex = instance_index(WmiInstance);
	w->DataBlockOffset = sizeof(*w);
	w->SizeDataBlock = EventDataSize;
	memcpy(w->VariableData, EventData, EventDataSize);
	status = IoWMIWriteEvent(w);
	if (!NT_SUCCESS(status))
		kfree(w);
	return status;
}
EXPORT_SYMBOL_GPL(WdfWmiInstanceFireEvent);
