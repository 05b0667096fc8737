#include "server/registry/uploads.h"

#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"

namespace server::registry {

namespace limits = sigstore::limits;

std::string Uploads::new_id() {
  std::array<std::uint8_t, 16> bytes;
  random_.fill(bytes);
  return sigstore::codec::hex::encode(bytes);
}

// One that a request works on is not idle, however long that takes.
void Uploads::drop_expired() {
  const auto now = clock_.steady();
  for (auto& [id, entry] : entries_)
    if (entry.upload.use_count() > 1) entry.touched = now;
  std::erase_if(entries_,
                [&](const auto& named) { return now - named.second.touched >= limits::upload_idle; });
}

Or<std::shared_ptr<Upload>> Uploads::begin(const std::string& repository) {
  const std::lock_guard lock(mutex_);
  drop_expired();
  if (entries_.size() >= limits::uploads)
    return refuse(429, "TOOMANYREQUESTS", "too many uploads are under way");
  auto upload = std::make_shared<Upload>();
  upload->id = new_id();
  upload->repository = repository;
  TRY(upload->writer, content_.begin());
  entries_.emplace(upload->id, Entry{upload, clock_.steady()});
  return upload;
}

std::shared_ptr<Upload> Uploads::find(const std::string& id, const std::string& repository) {
  const std::lock_guard lock(mutex_);
  drop_expired();
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.upload->repository != repository) return nullptr;
  found->second.touched = clock_.steady();
  return found->second.upload;
}

void Uploads::forget(const std::string& id) {
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
}

std::size_t Uploads::size() {
  const std::lock_guard lock(mutex_);
  drop_expired();
  return entries_.size();
}

}  // namespace server::registry
