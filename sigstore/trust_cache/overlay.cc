#include "sigstore/trust_cache/internal/overlay.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/percent.h"
#include "sigstore/trust_cache/cache.h"

namespace sigstore::trust_cache {
namespace {

std::unexpected<Error> nothing(const std::string& file) {
  return fail(Code::not_found, "there is no " + file);
}

}  // namespace

Result<std::string> Shelf::read_path(const std::string& path, std::size_t max) const {
  if (folder_.empty()) return nothing(path);
  if (const auto newer = unfinished_.find(path); newer != unfinished_.end()) {
    if (!newer->second || newer->second->size() > max) return nothing(path);
    return *newer->second;
  }
  auto text = files_.read(folder_ + "/" + path, max);
  if (text || text.error().code == Code::cancelled) return text;
  return nothing(path);
}

Result<std::string> Shelf::read(const std::string& file, std::size_t max) const {
  return read_path(name_ + "/" + file, max);
}

Result<std::string> Shelf::read_beside(const std::string& ending, std::size_t max) const {
  return read_path(name_ + ending, max);
}

Result<std::string> Overlay::read(const std::string& file, std::size_t max) {
  const auto changed = changes_.find(file);
  if (changed == changes_.end()) return shelf_ == nullptr ? nothing(file) : shelf_->read(file, max);
  if (!changed->second) return nothing(file);
  if (changed->second->size() > max) return fail(Code::too_large, file + " is too large");
  return *changed->second;
}

Result<void> Overlay::write(const std::string& file, std::string_view text) {
  const auto kept = shelf_ == nullptr ? nothing(file) : shelf_->read(file, text.size());
  if (kept && *kept == text)
    changes_.erase(file);
  else
    changes_[file] = text;
  return {};
}

Result<void> Overlay::remove(const std::string& file) {
  changes_[file] = std::nullopt;
  return {};
}

Result<std::string> read_committed(Files& files, const std::string& folder, const std::string& path,
                                   std::size_t max) {
  const auto changes = unfinished(files, folder).value_or(Changes{});
  const auto newer = changes.find(path);
  if (newer == changes.end()) return files.read(folder + "/" + path, max);
  if (!newer->second) return nothing(path);
  if (newer->second->size() > max) return fail(Code::too_large, path + " is too large");
  return *newer->second;
}

std::string kept_target(std::string_view path) {
  return "targets/" + codec::percent_encode(path, "$&+=:@");
}

}  // namespace sigstore::trust_cache
