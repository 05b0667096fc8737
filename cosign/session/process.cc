#include "cosign/session/process.h"

#include <fcntl.h>
#include <nss.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace cosign {
namespace {

// The one thing of the process that a signal handler can reach. Set once, before the first signal counts.
sigstore::Cancel* interrupted = nullptr;

extern "C" void on_signal(int number) {
  if (interrupted->is_set()) _exit(128 + number);
  const int saved = errno;
  interrupted->set();
  errno = saved;
}

}  // namespace

void open_missing_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is `descriptor`: all below it are open. An empty root has no /dev/null.
    if (open("/dev/null", O_RDWR) == -1 && memfd_create("null", 0) == -1) _exit(1);
  }
}

void resolve_without_plugins() {
  __nss_configure_lookup("hosts", "files dns");
}

void handle_signals(sigstore::Cancel& cancel) {
  interrupted = &cancel;
  struct sigaction action = {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction before = {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;  // nohup, or a shell's background job: stays ignored
    action.sa_handler = on_signal;
    sigaction(number, &action, nullptr);
  }
}

}  // namespace cosign
