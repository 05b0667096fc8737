// A folder on disk for one test, removed with all that is in it.
#pragma once

#include <string>
#include <string_view>

namespace sigstore::fakes {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  // A file in it, with folders of its own where `name` has some; returns its path.
  std::string write(const std::string& name, std::string_view text) const;

 private:
  std::string path_;
};

}  // namespace sigstore::fakes
