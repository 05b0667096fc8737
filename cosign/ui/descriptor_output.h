// Output to a descriptor of the system: a stream of the program, or a file.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cosign/ui/output.h"
#include "sigstore/base/env.h"
#include "sigstore/base/system/system_error.h"

namespace cosign::ui {

class DescriptorOutput final : public Output {
 public:
  // Does not own `descriptor`. `name` is how errors call it: "standard output".
  DescriptorOutput(int descriptor, std::string name, const sigstore::Variables& variables);
  sigstore::Result<void> write(std::string_view text) override;
  [[nodiscard]] bool terminal() const override { return terminal_; }
  [[nodiscard]] bool colour() const override { return colour_; }

 private:
  int descriptor_;
  std::string name_;
  bool terminal_;
  bool colour_;
  std::mutex mutex_;
};

// --output-file. A regular file keeps what it holds until commit() puts all that was written in its place;
// without commit() it stays as it is. A pipe or device is written as it is, at once; so is a file that cannot
// be replaced (a folder that is not writable, other names, another owner or group), emptied first.
class FileOutput final : public Output {
 public:
  // `files` outlives it. To be called before there are threads: the umask is read.
  static sigstore::Result<std::unique_ptr<FileOutput>> create(sigstore::Files& files, const std::string& path,
                                                              const sigstore::Variables& variables);
  FileOutput(const FileOutput&) = delete;
  sigstore::Result<void> write(std::string_view text) override;
  // What is written after this is added to the file, at once.
  sigstore::Result<void> commit();

 private:
  FileOutput(std::string path, const sigstore::Variables& variables)
      : path_(std::move(path)), variables_(variables) {}
  sigstore::Result<void> write_straight(int flags);

  const std::string path_;
  const sigstore::Variables& variables_;
  std::mutex mutex_;
  std::unique_ptr<sigstore::AtomicFile> beside_;  // until commit()
  sigstore::system::Descriptor descriptor_;
  std::optional<DescriptorOutput> straight_;
};

}  // namespace cosign::ui
