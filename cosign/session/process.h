// What the process itself must have before anything else runs.
#pragma once

#include "sigstore/base/cancel.h"

namespace cosign {

// Opens /dev/null (an unnamed empty file where there is none) for each of the descriptors 0, 1 and 2 that is
// closed, so that no file of ours gets its number.
void open_missing_streams();

// Host names come from /etc/hosts and DNS alone, whatever nsswitch.conf says: its other services are shared
// objects that a static program must not load. Users and groups are never looked up.
void resolve_without_plugins();

// SIGINT and SIGTERM set `cancel`; the second one ends the process at once. A closed pipe is an error of
// write(), not a signal. `cancel` lives as long as the process.
void handle_signals(sigstore::Cancel& cancel);

}  // namespace cosign
