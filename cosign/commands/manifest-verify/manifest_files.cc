#include "cosign/commands/manifest-verify/manifest_files.h"

#include <algorithm>
#include <array>

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

constexpr std::size_t most_files = 4096;
constexpr int most_levels = 16;  // of folders: a link may lead in circles

bool is_manifest(std::string_view name) {
  static constexpr std::array<std::string_view, 3> endings = {".yaml", ".yml", ".json"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

class Search {
 public:
  explicit Search(sigstore::Files& files) : files_(files) {}

  Result<void> argument(const std::string& path) {
    if (path == "-" && std::ranges::find(found_, "-") != found_.end())
      return fail(Code::invalid_argument, "- stands twice", "stdin can be read once");
    if (path == "-" || !files_.is_directory(path)) return add(path);
    const auto before = found_.size();
    TRY_OK(folder(path, most_levels));
    if (found_.size() > before) return {};
    return fail(Code::not_found, "no manifests in " + path, "no file in it ends in .yaml, .yml or .json");
  }

  [[nodiscard]] std::vector<std::string> take() { return std::move(found_); }

 private:
  Result<void> folder(const std::string& path, int levels_left) {
    if (levels_left == 0)
      return fail(Code::too_large, "more than " + std::to_string(most_levels) + " levels of folders",
                  path + " is too deep, or links lead in circles");
    TRY(const auto names, files_.list(path));
    for (const std::string& name : names) {
      if (name.starts_with('.')) continue;
      TRY_OK(entry(path + (path.ends_with('/') ? "" : "/") + name, levels_left));
    }
    return {};
  }

  Result<void> entry(const std::string& path, int levels_left) {
    if (files_.is_directory(path)) return folder(path, levels_left - 1);
    return is_manifest(path) ? add(path) : Result<void>();
  }

  Result<void> add(const std::string& path) {
    if (found_.size() >= most_files)
      return fail(Code::too_large, "more than " + std::to_string(most_files) + " manifests");
    found_.push_back(path);
    return {};
  }

  sigstore::Files& files_;
  std::vector<std::string> found_;
};

}  // namespace

Result<std::vector<std::string>> manifest_files(sigstore::Files& files,
                                                const std::vector<std::string>& arguments) {
  Search search(files);
  for (const std::string& argument : arguments) TRY_OK(search.argument(argument));
  return search.take();
}

}  // namespace cosign
