#include "cosign/ui/descriptor_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "sigstore/base/system/system_error.h"

namespace cosign::ui {

using sigstore::Result;
using sigstore::system::Descriptor;
using sigstore::system::fail_errno;

namespace {

bool allows_colour(const sigstore::Variables& variables) {
  const auto no_colour = variables.get("NO_COLOR");  // no-color.org: set and not empty
  return (!no_colour || no_colour->empty()) && variables.get("TERM").value_or("") != "dumb";
}

// The mode of the file that may take the place of the one at `path`; nullopt where it must be written
// straight.
std::optional<unsigned> replaceable(const std::string& path) {
  if (path.starts_with("/dev/") || path.starts_with("/proc/")) return std::nullopt;
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return std::nullopt;
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
  }
  // A pipe is not even opened: its reader would see an end.
  if (!S_ISREG(status.st_mode) || access(path.c_str(), W_OK) != 0) return std::nullopt;
  const bool same = status.st_nlink == 1 && status.st_uid == geteuid() && status.st_gid == getegid();
  if (!same) return std::nullopt;
  return status.st_mode & 07777;
}

}  // namespace

DescriptorOutput::DescriptorOutput(int descriptor, std::string name, const sigstore::Variables& variables)
    : descriptor_(descriptor),
      name_(std::move(name)),
      terminal_(isatty(descriptor) == 1),
      colour_(terminal_ && allows_colour(variables)) {}

Result<void> DescriptorOutput::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno(errno, "cannot write to " + name_);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> FileOutput::write_straight(int flags) {
  descriptor_ = Descriptor(open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666));
  if (!descriptor_) return fail_errno(errno, "cannot write to " + path_);
  straight_.emplace(descriptor_.get(), path_, variables_);
  return {};
}

Result<std::unique_ptr<FileOutput>> FileOutput::create(sigstore::Files& files, const std::string& path,
                                                       const sigstore::Variables& variables) {
  std::unique_ptr<FileOutput> output(new FileOutput(path, variables));
  if (const auto mode = replaceable(path)) {
    auto beside = files.create(path, *mode);
    if (beside) output->beside_ = std::move(*beside);
  }
  if (output->beside_ == nullptr) TRY_OK(output->write_straight(O_TRUNC));
  return output;
}

Result<void> FileOutput::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (beside_ != nullptr) return beside_->write(sigstore::as_bytes(text));
  if (!straight_) TRY_OK(write_straight(O_APPEND));
  return straight_->write(text);
}

Result<void> FileOutput::commit() {
  const std::lock_guard lock(mutex_);
  if (beside_ == nullptr) return {};
  auto done = beside_->commit();
  beside_.reset();
  return done;
}

}  // namespace cosign::ui
