// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names and layouts of the kernel's events (kernel-events sections 2 and 6 to
 * 8, etl-format sections 5 and 8).
 */
#include "bytes.h"
#include "events.h"
#include "private.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

/* ---- layouts that several events share ------------------------------------------ */

#define HEADER \
	"BufferSize u4,OsMajor u1,OsMinor u1,LayoutMajor u1,LayoutMinor u1,OsBuild u4,Processors u4," \
	"EndTime ft,TimerResolution u4,MaximumFileSize u4,LogFileMode x4,BuffersWritten u4," \
	"StartBuffers u4,PointerSize u4,EventsLost u4,CpuSpeedInMHz u4,-p,-p,Bias s4," \
	"StandardName w32,-16,StandardBias s4,DaylightName w32,-16,DaylightBias s4,-4,BootTime ft," \
	"PerfFreq u8,StartTime ft,ClockType u4,BuffersLost u4,LoggerName w,LogFileName w"
#define MASKS \
	"Mask0 x4,Mask1 x4,Mask2 x4,Mask3 x4,Mask4 x4,Mask5 x4,Mask6 x4,Mask7 x4,KernelEventVersion u4"
#define DISK_IO \
	"DiskNumber u4,IrpFlags x4,TransferSize u4,Reserved u4,ByteOffset u8,FileObject p,Irp p," \
	"HighResResponseTime u8,IssuingThreadId u4"
#define DISK_INIT	"Irp p,IssuingThreadId u4"
#define DISK_FLUSH	"DiskNumber u4,IrpFlags x4,HighResResponseTime u8,Irp p,IssuingThreadId u4"
#define FAULT		"VirtualAddress p,ProgramCounter p"
#define REGION		"BaseAddress p,RegionSize p,ProcessId u4,Flags x4"
#define PROCESS \
	"UniqueProcessKey p,ProcessId u4,ParentId u4,SessionId u4,ExitStatus s4,DirectoryTableBase p," \
	"Flags x4,UserSid sid,ImageFileName a,CommandLine w,PackageFullName w,ApplicationId w"
#define COUNTERS \
	"ProcessId u4,PageFaultCount u4,HandleCount u4,Reserved u4,PeakVirtualSize u8,PeakWorkingSetSize u8," \
	"PeakPagefileUsage u8,QuotaPeakPagedPoolUsage u8,QuotaPeakNonPagedPoolUsage u8,VirtualSize u8," \
	"WorkingSetSize u8,PagefileUsage u8,QuotaPagedPoolUsage u8,QuotaNonPagedPoolUsage u8,PrivatePageCount u8"
#define IMAGE2 \
	"ImageBase p,ImageSize p,ProcessId u4,ImageChecksum x4,TimeDateStamp x4,-4,DefaultBase p,-16," \
	"FileName w"
#define IMAGE3 \
	"ImageBase p,ImageSize p,ProcessId u4,ImageChecksum x4,TimeDateStamp x4,SignatureLevel u1," \
	"SignatureType u1,-2,DefaultBase p,-16,FileName w"
#define FILE_NAME	"FileObject p,FileName w"
#define FILE_OPEN \
	"Irp p,FileObject p,ThreadId u4,CreateOptions x4,FileAttributes x4,ShareAccess x4,OpenPath w"
#define FILE_IO \
	"Offset u8,Irp p,FileObject p,FileKey p,ThreadId u4,IoSize u4,IoFlags x4"
#define FILE_SIMPLE	"Irp p,FileObject p,FileKey p,ThreadId u4"
#define THREAD \
	"ProcessId u4,ThreadId u4,StackBase p,StackLimit p,UserStackBase p,UserStackLimit p,Affinity p," \
	"Win32StartAddr p,TebBase p,SubProcessTag x4,BasePriority u1,PagePriority u1,IoPriority u1," \
	"ThreadFlags x1,ThreadName w"
#define CSWITCH \
	"NewThreadId u4,OldThreadId u4,NewThreadPriority s1,OldThreadPriority s1,PreviousCState u1," \
	"SpareByte s1,OldThreadWaitReason s1,OldThreadWaitMode s1,OldThreadState s1," \
	"OldThreadWaitIdealProcessor u1,NewThreadWaitTime u4,Reserved u4"
#define PRIORITY	"ThreadId u4,OldPriority s1,NewPriority s1"
#define ENDS(ip)	"ProcessId u4,Size u4,Destination " ip ",Source " ip ",DestinationPort port,SourcePort port,"
#define TCP_SEND(ip)	ENDS(ip) "StartTime u4,EndTime u4,SequenceNumber u4,ConnectionId p"
#define TCP_OTHER(ip)	ENDS(ip) "SequenceNumber u4,ConnectionId p"
#define TCP_CONNECT(ip)	ENDS(ip) \
	"Mss u2,SackOption u2,TimestampOption u2,WindowScaleOption u2,ReceiveWindow u4," \
	"ReceiveWindowScale s2,SendWindowScale s2,SequenceNumber u4,ConnectionId p"
#define CONFIG_CPU \
	"MHz u4,NumberOfProcessors u4,MemSize u4,PageSize u4,AllocationGranularity u4," \
	"ComputerName w256,DomainName w134,HyperThreadingFlag p,HighestUserAddress p," \
	"ProcessorArchitecture u2,ProcessorLevel u2,ProcessorRevision x2,NX u1,PAE u1,MemorySpeed u4"
#define CONFIG_DISK \
	"DiskNumber u4,BytesPerSector u4,SectorsPerTrack u4,TracksPerCylinder u4,Cylinders u8,ScsiPort u4," \
	"ScsiPath u4,ScsiTarget u4,ScsiLun u4,Manufacturer w256,PartitionCount u4,WriteCacheEnabled u1,-1," \
	"BootDriveLetter w3,-4"
#define ISR		"InitialTime u8,Routine p,ReturnValue u1,Vector u2,Reserved u1"
#define DPC		"InitialTime u8,Routine p"
#define INTERVAL	"Source u4,NewInterval u4,OldInterval u4,SourceName w"
#define STACK		"EventTimeStamp u8,StackProcess u4,StackThread u4,"
#define DEBUG_ID	"ImageBase p,ProcessId u4,Guid guid,Age u4,PdbFileName a"

#define ANY		0, 0xff

/* ---- events, ascending by hook, then version ---------------------------------------- */

static const struct event_info events[] = {
	{ 0x0000, ANY, "Header", HEADER },
	{ 0x0005, ANY, "Extension", MASKS },
	{ 0x0008, ANY, "RundownComplete", "" },
	{ 0x0020, ANY, "EndExtension", MASKS },
	{ 0x0030, ANY, "RundownBegin", NULL },
	{ 0x0031, ANY, "RundownEnd", NULL },
	{ 0x0040, ANY, "DbgIdRSDS", "Guid guid,Age u4,PdbFileName a" },
	{ 0x0041, ANY, "DbgIdNB10", NULL },
	{ 0x0042, ANY, "BuildLab", "BuildLab a" },
	{ 0x0043, ANY, "BinaryPath", NULL },
	{ 0x0050, ANY, "PartitionInfo",
	  "InfoVersion u2,-2,PartitionType u4,QpcOffsetFromRoot u8,PartitionId guid,ParentId guid" },
	{ 0x0052, ANY, "LastDroppedTimes", "CpuCount u4,-4,Time u8*" },

	{ 0x010a, 3, 3, "Read", DISK_IO },
	{ 0x010b, 3, 3, "Write", DISK_IO },
	{ 0x010c, 3, 3, "ReadInit", DISK_INIT },
	{ 0x010d, 3, 3, "WriteInit", DISK_INIT },
	{ 0x010e, 3, 3, "FlushBuffers", DISK_FLUSH },
	{ 0x010f, 3, 3, "FlushInit", DISK_INIT },

	{ 0x020a, 2, 2, "TransitionFault", FAULT },
	{ 0x020b, 2, 2, "DemandZeroFault", FAULT },
	{ 0x020c, 2, 2, "CopyOnWrite", FAULT },
	{ 0x020d, 2, 2, "GuardPageFault", FAULT },
	{ 0x020e, 2, 2, "HardPageFault", FAULT },
	{ 0x020f, 2, 2, "AccessViolation", FAULT },
	{ 0x0220, 2, 2, "HardFault",
	  "InitialTime u8,ReadOffset x8,VirtualAddress p,FileObject p,ThreadId u4,ByteCount u4" },
	{ 0x0262, 2, 2, "VirtualAlloc", REGION },
	{ 0x0263, 2, 2, "VirtualFree", REGION },

	{ 0x0301, 4, 4, "Start", PROCESS },
	{ 0x0302, 4, 4, "End", PROCESS },
	{ 0x0303, 4, 4, "DCStart", PROCESS },
	{ 0x0304, 4, 4, "DCEnd", PROCESS },
	{ 0x030a, 2, 2, "Load", IMAGE2 },
	{ 0x030a, 3, 3, "Load", IMAGE3 },
	{ 0x030b, ANY, "Terminate", NULL },
	{ 0x0320, 2, 2, "PerfCounter", COUNTERS },
	{ 0x0321, 2, 2, "PerfCounterRundown", COUNTERS },
	{ 0x0327, 4, 5, "Defunct", PROCESS },

	{ 0x0400, 2, 2, "Name", FILE_NAME },
	{ 0x0420, 2, 2, "FileCreate", FILE_NAME },
	{ 0x0423, 2, 2, "FileDelete", FILE_NAME },
	{ 0x0424, 2, 2, "FileRundown", FILE_NAME },
	{ 0x0440, 3, 3, "Create", FILE_OPEN },
	{ 0x0441, 3, 3, "Cleanup", FILE_SIMPLE },
	{ 0x0442, 3, 3, "Close", FILE_SIMPLE },
	{ 0x0443, 3, 3, "Read", FILE_IO },
	{ 0x0444, 3, 3, "Write", FILE_IO },
	{ 0x0449, 3, 3, "Flush", FILE_SIMPLE },
	{ 0x044c, 3, 3, "OperationEnd", "Irp p,ExtraInfo p,Status x4" },

	{ 0x0501, 3, 3, "Start", THREAD },
	{ 0x0502, 3, 3, "End", THREAD },
	{ 0x0503, 3, 3, "DCStart", THREAD },
	{ 0x0504, 3, 3, "DCEnd", THREAD },
	{ 0x0524, 2, 0xff, "CSwitch", CSWITCH },
	{ 0x0525, ANY, "CompactCSwitch", NULL },
	{ 0x0530, ANY, "SetPriority", PRIORITY },
	{ 0x0531, ANY, "SetBasePriority", PRIORITY },
	{ 0x0532, 2, 0xff, "ReadyThread",
	  "ThreadId u4,AdjustReason u1,AdjustIncrement s1,Flags x1,Reserved u1" },
	{ 0x0535, ANY, "SetAffinity", NULL },
	{ 0x053d, ANY, "Migration", NULL },
	{ 0x0540, ANY, "WorkerItemStart", NULL },
	{ 0x0541, ANY, "WorkerItemEnd", NULL },
	{ 0x0548, 2, 2, "SetName", "ProcessId u4,ThreadId u4,ThreadName w" },

	{ 0x060a, 2, 2, "SendIPv4", TCP_SEND("ip4") },
	{ 0x060b, 2, 2, "ReceiveIPv4", TCP_OTHER("ip4") },
	{ 0x060c, 2, 2, "ConnectIPv4", TCP_CONNECT("ip4") },
	{ 0x060d, 2, 2, "DisconnectIPv4", TCP_OTHER("ip4") },
	{ 0x060e, 2, 2, "RetransmitIPv4", TCP_OTHER("ip4") },
	{ 0x060f, 2, 2, "AcceptIPv4", TCP_CONNECT("ip4") },
	{ 0x0610, 2, 2, "ReconnectIPv4", TCP_OTHER("ip4") },
	{ 0x061a, 2, 2, "SendIPv6", TCP_SEND("ip6") },
	{ 0x061b, 2, 2, "ReceiveIPv6", TCP_OTHER("ip6") },
	{ 0x061c, 2, 2, "ConnectIPv6", TCP_CONNECT("ip6") },
	{ 0x061d, 2, 2, "DisconnectIPv6", TCP_OTHER("ip6") },
	{ 0x061e, 2, 2, "RetransmitIPv6", TCP_OTHER("ip6") },
	{ 0x061f, 2, 2, "AcceptIPv6", TCP_CONNECT("ip6") },
	{ 0x0620, 2, 2, "ReconnectIPv6", TCP_OTHER("ip6") },

	{ 0x080a, 2, 2, "SendIPv4", TCP_OTHER("ip4") },
	{ 0x080b, 2, 2, "ReceiveIPv4", TCP_OTHER("ip4") },
	{ 0x081a, 2, 2, "SendIPv6", TCP_OTHER("ip6") },
	{ 0x081b, 2, 2, "ReceiveIPv6", TCP_OTHER("ip6") },

	{ 0x0b0a, 3, 3, "CPU", CONFIG_CPU },
	{ 0x0b0b, 2, 2, "PhysicalDisk", CONFIG_DISK },
	{ 0x0b0c, ANY, "LogicalDisk", NULL },
	{ 0x0b0d, ANY, "NIC", NULL },
	{ 0x0b0f, ANY, "Service", NULL },
	{ 0x0b10, ANY, "Power", NULL },
	{ 0x0b11, ANY, "Network", NULL },
	{ 0x0b12, ANY, "OpticalDisk", NULL },
	{ 0x0b15, ANY, "IRQ", NULL },
	{ 0x0b16, ANY, "PnP", NULL },
	{ 0x0b17, ANY, "IDEChannel", NULL },
	{ 0x0b18, ANY, "NumaNode", NULL },
	{ 0x0b19, ANY, "Platform", "Vendor w,Product w,BiosDate w,BiosVersion w" },
	{ 0x0b1a, ANY, "ProcessorGroup", NULL },
	{ 0x0b1b, ANY, "ProcessorNumber", NULL },
	{ 0x0b1c, ANY, "DPI", NULL },
	{ 0x0b1d, ANY, "CodeIntegrity", NULL },
	{ 0x0b1e, ANY, "MachineId", NULL },

	{ 0x0f22, ANY, "Mark", "Text a" },
	{ 0x0f2e, 2, 2, "Sample", "InstructionPointer p,ThreadId u4,Count u2,Flags x1,Rank u1" },
	{ 0x0f32, 2, 0xff, "ISR-MSI", ISR ",MessageNumber u4" },
	{ 0x0f33, 2, 0xff, "SysCallEnter", "SysCallAddress p" },
	{ 0x0f34, 2, 0xff, "SysCallExit", "SysCallStatus x4" },
	{ 0x0f42, 2, 0xff, "ThreadedDPC", DPC },
	{ 0x0f43, 2, 0xff, "ISR", ISR },
	{ 0x0f44, 2, 0xff, "DPC", DPC },
	{ 0x0f45, 2, 0xff, "TimerDPC", DPC },
	{ 0x0f48, 3, 3, "SetInterval", INTERVAL },
	{ 0x0f49, 3, 3, "CollectionStart", INTERVAL },
	{ 0x0f4a, 3, 3, "CollectionEnd", INTERVAL },
	{ 0x0f4f, ANY, "ClockInterrupt", "Time u8,Flags s2" },
	{ 0x0f5b, ANY, "IPI", NULL },
	{ 0x0f64, ANY, "DPCEnqueue", "Key p,QueueDepth u4,QueueCount u4,Cpu u4,Importance u1,-3" },

	{ 0x1233, ANY, "PerfStateChange", "Type u4,NewState u4,OldState u4,Result u4,Processors x8" },
	{ 0x1239, ANY, "IdleStateEnter", "State u4,Flags x4,ExpectedDuration u8" },
	{ 0x123a, ANY, "IdleStateExit", "State u4,Status u4" },

	{ 0x1402, 2, 2, "Unload", IMAGE2 },
	{ 0x1402, 3, 3, "Unload", IMAGE3 },
	{ 0x1403, 2, 2, "DCStart", IMAGE2 },
	{ 0x1403, 3, 3, "DCStart", IMAGE3 },
	{ 0x1404, 2, 2, "DCEnd", IMAGE2 },
	{ 0x1404, 3, 3, "DCEnd", IMAGE3 },
	{ 0x140a, 2, 2, "Load", IMAGE2 },
	{ 0x140a, 3, 3, "Load", IMAGE3 },
	{ 0x1421, 2, 2, "KernelBase", "ImageBase p" },
	{ 0x1422, ANY, "HypercallPage", NULL },

	{ 0x1820, 2, 2, "Stack", STACK "Frame p*" },
	{ 0x1822, ANY, "KeyCreate", "StackKey p,Frame p*" },
	{ 0x1823, ANY, "KeyDelete", "StackKey p,Frame p*" },
	{ 0x1824, ANY, "KeyRundown", "StackKey p,Frame p*" },
	{ 0x1825, ANY, "KeyKernel", STACK "StackKey p" },
	{ 0x1826, ANY, "KeyUser", STACK "StackKey p" },

	{ 0xf000, 2, 2, "ImageId", "ImageBase p,ImageSize p,ProcessId u4,TimeDateStamp x4,OriginalFileName w" },
	{ 0xf024, 2, 2, "DbgIdRSDS", DEBUG_ID },
	{ 0xf025, 2, 2, "DbgIdILRSDS", DEBUG_ID },
	{ 0xf040, ANY, "FileVersion", "ImageSize u4,TimeDateStamp x4,Text w*" },

	{ 0xf120, ANY, "BuildInfo", "InstallTime ft,BuildLab w,ProductName w" },
	{ 0xf121, ANY, "SystemPaths", "SystemDirectory w,WindowsDirectory w" },
	{ 0xf122, ANY, "VolumeName", "NtPath w,DosPath w" },
	{ 0xf123, ANY, "VolumeName", "NtPath w,DosPath w" },

	{ 0xf220, ANY, "EventInfo", NULL },
	{ 0xf221, ANY, "EventMap", NULL },

	{ 0xf320, ANY, "LostEvent", "" },
	{ 0xf321, ANY, "LostBuffer", "" },
	{ 0xf322, ANY, "LostFile", "" },
};

static bool suits(const struct event_info *info, uint16_t version)
{
	return version >= info->version && version <= info->last_version;
}

const struct event_info *etl_event_find(unsigned int hook, uint16_t version)
{
	const struct event_info *best;
	size_t low = 0, high = COUNT(events);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (events[middle].hook < hook)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == COUNT(events) || events[low].hook != hook)
		return NULL;
	best = &events[low];
	while (!suits(best, version) && best + 1 < events + COUNT(events) && best[1].hook == hook)
		best++;
	return best;
}

/* ---- groups and classes ------------------------------------------------------------------ */

static const char *const group_names[] = {
	[0x00] = "EventTrace",
	[0x01] = "DiskIo",
	[0x02] = "PageFault",
	[0x03] = "Process",
	[0x04] = "FileIo",
	[0x05] = "Thread",
	[0x06] = "TcpIp",
	[0x07] = "Job",
	[0x08] = "UdpIp",
	[0x09] = "Registry",
	[0x0a] = "DbgPrint",
	[0x0b] = "SystemConfig",
	[0x0d] = "Wnf",
	[0x0e] = "Pool",
	[0x0f] = "PerfInfo",
	[0x10] = "Heap",
	[0x11] = "Object",
	[0x12] = "Power",
	[0x14] = "Image",
	[0x15] = "Dpc",
	[0x16] = "CacheManager",
	[0x17] = "CriticalSection",
	[0x18] = "StackWalk",
	[0x19] = "Ums",
	[0x1a] = "Alpc",
	[0x1b] = "SplitIo",
	[0x1c] = "ThreadPool",
};

static const struct {
	unsigned int number;
	const char *name;
	unsigned char guid[16];
} classes[] = {
	{ CLASS_IMAGE_ID, "KernelTraceControl",
	  { 0xd7, 0x75, 0xe6, 0xb3, 0x54, 0x25, 0x18, 0x4f, 0x83, 0x0b, 0x27, 0x62, 0x73, 0x25, 0x60, 0xde } },
	{ CLASS_SYSTEM_FACTS, "KernelTraceControl",
	  { 0x91, 0xee, 0x79, 0x9b, 0xfd, 0xb5, 0xc0, 0x41, 0xa2, 0x43, 0x42, 0x48, 0xe2, 0x66, 0xe9, 0xd0 } },
	{ CLASS_EVENT_SCHEMA, "EventSchema",
	  { 0xc1, 0xf6, 0xcc, 0xbb, 0xd1, 0x6c, 0xc4, 0x48, 0x80, 0xff, 0x83, 0x94, 0x82, 0xe3, 0x76, 0x71 } },
	{ CLASS_LOST_EVENT, "LostEvent",
	  { 0xe0, 0x9a, 0x39, 0x6a, 0xc6, 0x4b, 0xe9, 0x4d, 0x87, 0x0b, 0x36, 0x57, 0xf8, 0x94, 0x7e, 0x7e } },
};

const char *etl_group_name(unsigned int group)
{
	size_t i;

	if (group < COUNT(group_names))
		return group_names[group];
	for (i = 0; i < COUNT(classes); i++)
		if (classes[i].number == group)
			return classes[i].name;
	return NULL;
}

int etl_guid_group(const unsigned char guid[16])
{
	unsigned int group;
	size_t i;

	for (group = 0; group < COUNT(group_names); group++) {
		const unsigned char *of_group = etl_group_guid(group);

		if (of_group && !memcmp(of_group, guid, 16))
			return (int)group;
	}
	for (i = 0; i < COUNT(classes); i++)
		if (!memcmp(classes[i].guid, guid, 16))
			return (int)classes[i].number;
	return -1;
}

const char *etl_class_name(const unsigned char guid[16])
{
	int group = etl_guid_group(guid);

	return group < 0 ? NULL : etl_group_name((unsigned int)group);
}
