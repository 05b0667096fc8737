#include "server/host/log_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace server::host {
namespace {

class AppendedFile {
 public:
  explicit AppendedFile(int descriptor) : descriptor_(descriptor) {}
  AppendedFile(const AppendedFile&) = delete;
  AppendedFile& operator=(const AppendedFile&) = delete;
  ~AppendedFile() { close(descriptor_); }
  // A log that cannot be written must not stop the service.
  void write(std::string_view line) const {
    static_cast<void>(!::write(descriptor_, line.data(), line.size()));
  }

 private:
  int descriptor_;
};

}  // namespace

sigstore::Result<AccessLog::Sink> open_log_file(const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor < 0)
    return sigstore::fail(sigstore::Code::io, "cannot write the log " + path,
                          std::generic_category().message(errno));
  return [file = std::make_shared<AppendedFile>(descriptor)](std::string_view line) { file->write(line); };
}

}  // namespace server::host
