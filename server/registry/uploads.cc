#include "server/registry/uploads.h"

#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"

namespace server::registry {

namespace limits = sigstore::limits;

Turn::Turn(Upload& upload, std::chrono::milliseconds patience) : upload_(upload) {
  std::unique_lock lock(upload_.mutex_);
  has_ = upload_.ended_.wait_for(lock, patience, [&] { return !upload_.taken_; });
  if (has_) upload_.taken_ = true;
}

Turn::~Turn() {
  if (!has_) return;
  const std::lock_guard lock(upload_.mutex_);
  upload_.taken_ = false;
  upload_.ended_.notify_one();
}

// A UUID of random bits (RFC 9562, version 4).
std::string Uploads::new_id() {
  std::array<std::uint8_t, 16> bytes;
  random_.fill(bytes);
  bytes[6] = static_cast<std::uint8_t>(0x40 | (bytes[6] & 0x0f));
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
  std::string id = sigstore::codec::hex::encode(bytes);
  for (const std::size_t dash : {8, 13, 18, 23}) id.insert(dash, 1, '-');
  return id;
}

// One that a request works on is not idle, however long that takes.
void Uploads::drop_expired() {
  const auto now = clock_.steady();
  for (auto& [id, entry] : entries_)
    if (entry.upload.use_count() > 1) entry.touched = now;
  std::erase_if(entries_,
                [&](const auto& named) { return now - named.second.touched >= limits::upload_idle; });
}

Or<std::shared_ptr<Upload>> Uploads::begin(const std::string& repository,
                                           sigstore::crypto::HashAlgorithm algorithm) {
  const std::lock_guard lock(mutex_);
  drop_expired();
  if (entries_.size() >= limits::uploads)
    return refuse(429, "TOOMANYREQUESTS", "too many uploads are under way", {}, {{"Retry-After", "30"}});
  auto upload = std::make_shared<Upload>();
  upload->id = new_id();
  upload->repository = repository;
  TRY(upload->writer, content_.begin(algorithm));
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

void Uploads::sweep() {
  const std::lock_guard lock(mutex_);
  drop_expired();
}

std::size_t Uploads::size() {
  const std::lock_guard lock(mutex_);
  drop_expired();
  return entries_.size();
}

}  // namespace server::registry
