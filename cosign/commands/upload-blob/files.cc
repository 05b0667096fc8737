#include "cosign/commands/upload-blob/files.h"

#include <algorithm>

#include "sigstore/base/limits.h"

namespace cosign::upload_blob {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Platform;

// An operating system alone is enough for the original; one with an architecture is read as everywhere.
Result<Platform> parse_platform(std::string_view text) {
  if (text.contains('/')) return Platform::parse(text);
  TRY(auto platform, Platform::parse(std::string(text) + "/any"));
  platform.architecture.clear();
  return platform;
}

Result<File> parse_file(const std::string& word, sigstore::Files& files) {
  const auto colon = word.rfind(':');
  if (colon == std::string::npos || files.exists(word)) return File{word, {}};
  auto platform = parse_platform(std::string_view(word).substr(colon + 1));
  if (!platform) return fail(platform.error().wrap("cannot read the platform in " + word));
  return File{word.substr(0, colon), std::move(*platform)};
}

}  // namespace

Result<std::vector<File>> parse_files(const std::vector<std::string>& words, sigstore::Files& files) {
  if (words.empty()) return fail(Code::invalid_argument, "there is nothing to upload", {}, "--files FILE");
  if (words.size() > sigstore::limits::blobs)
    return fail(Code::too_large, "these are too many files", std::to_string(words.size()));
  std::vector<File> found;
  for (const std::string& word : words) {
    TRY(auto file, parse_file(word, files));
    if (words.size() > 1 && !file.platform)
      return fail(Code::invalid_argument,
                  "each file must include a unique platform, " + file.path + " had no platform", {},
                  "--files " + file.path + ":linux/amd64");
    if (std::ranges::any_of(found, [&](const File& other) { return other.platform == file.platform; }))
      return fail(Code::invalid_argument, "each file must include a unique platform",
                  file.path + " has that of another one");
    found.push_back(std::move(file));
  }
  return found;
}

}  // namespace cosign::upload_blob
