#include "sigstore/base/testing/temporary_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace sigstore::fakes {
namespace {

void require(bool done, const std::string& path) {
  if (done) return;
  std::cerr << "cannot write " << path << "\n";
  std::exit(1);
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(std::filesystem::temp_directory_path() / "sigstore-test.XXXXXX") {
  require(mkdtemp(path_.data()) != nullptr, path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, std::string_view text) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  require(out.good(), path);
  return path;
}

}  // namespace sigstore::fakes
