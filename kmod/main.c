// SPDX-License-Identifier: GPL-2.0-only
/* Module entry and exit. */
#include <linux/module.h>

#include "boot.h"
#include "bridge.h"
#include "consumer.h"
#include "control.h"
#include "debugfs.h"
#include "etw.h"
#include "iowmi.h"
#include "provider.h"
#include "session.h"
#include "wall-clock.h"

static int __init wmitrace_init(void)
{
	int ret = wt_wall_init();

	if (ret)
		return ret;
	ret = wt_debugfs_init();
	if (ret)
		goto err_wall;
	ret = wt_logger_init();
	if (ret)
		goto err_debugfs;
	ret = wt_consumer_init();
	if (ret)
		goto err_logger;
	ret = wt_bridge_init();
	if (ret)
		goto err_consumer;
	ret = wt_provider_init();
	if (ret)
		goto err_bridge;
	ret = wt_control_init();
	if (ret)
		goto err_provider;
	wt_boot_sessions();
	return 0;

err_provider:
	wt_provider_exit();
err_bridge:
	wt_bridge_exit();
err_consumer:
	wt_consumer_exit();
err_logger:
	wt_logger_exit();
err_debugfs:
	wt_debugfs_exit();
err_wall:
	wt_wall_exit();
	return ret;
}

/*
 * Running sessions and modules that call us hold a reference: only stopped
 * loggers can be left, and boot sessions that cannot be stopped otherwise.
 */
static void __exit wmitrace_exit(void)
{
	wt_control_exit();
	wt_provider_exit();
	wt_bridge_exit();
	wt_consumer_exit();
	wt_activity_exit();
	wt_iowmi_exit();
	wt_session_release_all();
	wt_logger_exit();
	wt_debugfs_exit();
	wt_wall_exit();
}

module_init(wmitrace_init);
module_exit(wmitrace_exit);
MODULE_DESCRIPTION("Windows event tracing (WMI/ETW) logger");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
