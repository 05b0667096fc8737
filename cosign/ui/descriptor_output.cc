#include "cosign/ui/descriptor_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "sigstore/base/system/system_error.h"

namespace cosign::ui {

using sigstore::Result;
using sigstore::system::fail_errno;

namespace {

bool allows_colour(const sigstore::Variables& variables) {
  const auto no_colour = variables.get("NO_COLOR");  // no-color.org: set and not empty
  return (!no_colour || no_colour->empty()) && variables.get("TERM").value_or("") != "dumb";
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

Result<std::unique_ptr<FileOutput>> FileOutput::create(const std::string& path,
                                                       const sigstore::Variables& variables) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return fail_errno(errno, "cannot write to " + path);
  return std::unique_ptr<FileOutput>(new FileOutput(descriptor, path, variables));
}

FileOutput::FileOutput(int descriptor, const std::string& path, const sigstore::Variables& variables)
    : descriptor_(descriptor), output_(descriptor, path, variables) {}

FileOutput::~FileOutput() {
  close(descriptor_);
}

}  // namespace cosign::ui
