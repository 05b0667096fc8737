#include "cosign/commands/registry-serve/operation.h"

#include "cosign/session/session.h"
#include "server/host/log_file.h"

namespace cosign::serve {
namespace {

using sigstore::Result;
using Sink = server::host::AccessLog::Sink;

Result<Sink> open_log(Session& session, const std::string& path) {
  if (path != "-") return server::host::open_log_file(path);
  return [&session](std::string_view line) { session.note(line.substr(0, line.find('\n'))); };
}

}  // namespace

server::host::Observers Operation::observers() const {
  server::host::Observers all;
  if (log) all.push_back(log.get());
  return all;
}

void OperationFlags::declare(FlagSet& flags) {
  flags.text("log", &log, "FILE", "a JSON line per request goes here; - is stderr");
}

Result<Operation> OperationFlags::open(Session& session) const {
  Operation operation;
  if (!log.empty()) {
    TRY(auto sink, open_log(session, log));
    operation.log = std::make_unique<server::host::AccessLog>(*session.env().clock, std::move(sink));
  }
  return operation;
}

}  // namespace cosign::serve
