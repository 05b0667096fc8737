#include "sigstore/base/testing/testdata.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace sigstore::fakes {

std::string read_testdata(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::cerr << "cannot read " << path << "\n";
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> testdata_below(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

std::optional<std::string> vectors_folder() {
  const char* folder = std::getenv("SIGSTORE_VECTORS");
  return folder == nullptr ? std::nullopt : std::optional<std::string>(folder);
}

}  // namespace sigstore::fakes
