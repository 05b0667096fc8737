#include "server/host/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>

namespace server::host {
namespace {

using std::chrono::steady_clock;

constexpr auto look_again = std::chrono::milliseconds(500);

int open_to_append(const std::string& path) {
  return open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
}

class AppendedFile {
 public:
  AppendedFile(int descriptor, const sigstore::Clock& clock, std::string path)
      : descriptor_(descriptor), clock_(clock), path_(std::move(path)), next_look_(clock.steady()) {}
  AppendedFile(const AppendedFile&) = delete;
  AppendedFile& operator=(const AppendedFile&) = delete;
  ~AppendedFile() { close(descriptor_); }

  // A log that cannot be written must not stop the service.
  void write(std::string_view line) {
    const auto now = clock_.steady();
    auto due = next_look_.load(std::memory_order_relaxed);
    if (now >= due && next_look_.compare_exchange_strong(due, now + look_again)) follow_name();
    static_cast<void>(!::write(descriptor_, line.data(), line.size()));
  }

 private:
  // The new file takes the old one's descriptor in one step: other threads go on writing to it meanwhile.
  void follow_name() const {
    struct stat open_one{}, named{};
    if (fstat(descriptor_, &open_one) != 0 || !S_ISREG(open_one.st_mode)) return;
    const bool there = stat(path_.c_str(), &named) == 0;
    if (there && named.st_ino == open_one.st_ino && named.st_dev == open_one.st_dev) return;
    const int fresh = open_to_append(path_);
    if (fresh < 0) return;
    dup3(fresh, descriptor_, O_CLOEXEC);
    close(fresh);
  }

  const int descriptor_;
  const sigstore::Clock& clock_;
  const std::string path_;
  std::atomic<steady_clock::time_point> next_look_;
};

}  // namespace

sigstore::Result<AccessLog::Sink> open_log_file(const sigstore::Clock& clock, const std::string& path) {
  const int descriptor = open_to_append(path);
  if (descriptor < 0)
    return sigstore::fail(sigstore::Code::io, "cannot write the log " + path,
                          std::generic_category().message(errno));
  return [file = std::make_shared<AppendedFile>(descriptor, clock, path)](std::string_view line) {
    file->write(line);
  };
}

}  // namespace server::host
