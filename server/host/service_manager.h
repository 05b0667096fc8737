// What systemd, or whoever acts like it, and this process say to each other: sockets that listen already
// (sd_listen_fds(3)), and when the service works (sd_notify(3)). Without a library: both are a few variables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"

namespace server::host {

struct PassedSocket {
  int descriptor;
  std::string name;  // FileDescriptorName= of its unit; may be empty
};

// The sockets that were passed to this process; none when LISTEN_PID names another. The variables are
// forgotten, so that no child believes they are for it, and the descriptors are not passed on. Once, before
// there are threads. Code::invalid_argument for variables that make no sense.
sigstore::Result<std::vector<PassedSocket>> take_passed_sockets(const sigstore::Variables& variables);

// Messages for the manager; without NOTIFY_SOCKET they go nowhere.
class Notifier {
 public:
  // Takes the variable, and forgets it as above.
  explicit Notifier(const sigstore::Variables& variables);
  void ready() const { send("READY=1"); }
  void stopping() const { send("STOPPING=1"); }

 private:
  void send(std::string_view message) const;
  std::string path_;
};

}  // namespace server::host
