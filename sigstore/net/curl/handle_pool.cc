#include "sigstore/net/curl/internal/handle_pool.h"

#include <algorithm>

namespace sigstore::net {
namespace {

// Many redirects to ever new hosts must not keep ever more connections.
constexpr std::size_t most_idle = 64;

}  // namespace

Result<HandlePool::Lease> HandlePool::take(const std::string& origin) {
  {
    const std::lock_guard lock(mutex_);
    const auto same = [&](const auto& entry) { return entry.first == origin; };
    if (const auto found = std::find_if(idle_.rbegin(), idle_.rend(), same); found != idle_.rend()) {
      Lease lease(*this, origin, std::move(found->second));
      idle_.erase(std::next(found).base());
      return lease;
    }
  }
  TRY(auto made, Handle::make());
  return Lease(*this, origin, std::move(made));
}

void HandlePool::give_back(std::string origin, std::unique_ptr<Handle> handle) {
  handle->reset();
  std::unique_ptr<Handle> oldest;  // closed without the lock
  const std::lock_guard lock(mutex_);
  idle_.emplace_back(std::move(origin), std::move(handle));
  if (idle_.size() <= most_idle) return;
  oldest = std::move(idle_.front().second);
  idle_.erase(idle_.begin());
}

}  // namespace sigstore::net
