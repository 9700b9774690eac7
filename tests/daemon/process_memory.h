// What another process holds in its memory, and whether anybody may look.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace reconciler::daemon {

/// Bytes of each writable map of the process, stack and heap among them. Empty: this user may not
/// read them.
std::vector<std::string> WritableMemory(pid_t process);

/// Whether the kernel keeps all but root from looking into the process, which it also asks before
/// it writes a core: then the files in /proc are root's. Told by the group where this user is root.
bool IsClosedToOthers(pid_t process);
/// The size in bytes that a core may have, at most; -1: none is set.
long CoreLimitOf(pid_t process);

}  // namespace reconciler::daemon
