// Handles that wait for their next request, with their kept connections. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sigstore/net/curl/internal/handle.h"

namespace sigstore::net {

// A handle serves one origin alone: connections of other TLS settings never meet in it.
class HandlePool {
 public:
  class Lease;
  // The handle of that origin that was used last, or a new one.
  Result<Lease> take(const std::string& origin);

 private:
  void give_back(std::string origin, std::unique_ptr<Handle> handle);

  std::mutex mutex_;
  std::vector<std::pair<std::string, std::unique_ptr<Handle>>> idle_;  // the last one used last
};

// A handle in use; goes back to its pool.
class HandlePool::Lease {
 public:
  Lease(HandlePool& pool, std::string origin, std::unique_ptr<Handle> handle)
      : pool_(&pool), origin_(std::move(origin)), handle_(std::move(handle)) {}
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (handle_) pool_->give_back(std::move(origin_), std::move(handle_));
  }
  Handle& operator*() const { return *handle_; }

 private:
  HandlePool* pool_;
  std::string origin_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace sigstore::net
