// Output to a descriptor of the system: a stream of the program, or a file.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "cosign/ui/output.h"
#include "sigstore/base/env.h"

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

// --output-file: made, or emptied where it exists, at once; a pipe or device is written as it is. Owns its
// descriptor.
class FileOutput final : public Output {
 public:
  static sigstore::Result<std::unique_ptr<FileOutput>> create(const std::string& path,
                                                              const sigstore::Variables& variables);
  ~FileOutput() override;
  FileOutput(const FileOutput&) = delete;
  sigstore::Result<void> write(std::string_view text) override { return output_.write(text); }

 private:
  FileOutput(int descriptor, const std::string& path, const sigstore::Variables& variables);
  int descriptor_;
  DescriptorOutput output_;
};

}  // namespace cosign::ui
