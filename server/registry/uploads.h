// Uploads that are under way (distribution-spec, "Pushing a blob in chunks"): at most limits::uploads at
// once, each forgotten, with what it has written, after limits::upload_idle without a request. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "server/registry/failure.h"
#include "sigstore/base/env.h"
#include "sigstore/content/store.h"

namespace server::registry {

struct Upload {
  std::string id;  // a UUID
  std::string repository;
  std::unique_ptr<sigstore::content::Writer> writer;  // null once it is over; belongs to whose Turn it is

 private:
  friend class Turn;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool taken_ = false;
};

// One request at a time works on an upload. The next one waits, but not for long: one that is slow, or whose
// client is gone without a word, must not hold everybody who asks.
class Turn {
 public:
  Turn(Upload& upload, std::chrono::milliseconds patience);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();
  explicit operator bool() const { return has_; }  // false: another request is still at it

 private:
  Upload& upload_;
  bool has_ = false;
};

class Uploads {
 public:
  // All outlive this object.
  Uploads(sigstore::content::Store& content, const sigstore::Clock& clock, sigstore::Random& random)
      : content_(content), clock_(clock), random_(random) {}

  // 429 when too many are under way.
  Or<std::shared_ptr<Upload>> begin(const std::string& repository, sigstore::crypto::HashAlgorithm algorithm);
  // nullptr when there is none of this name in this repository.
  std::shared_ptr<Upload> find(const std::string& id, const std::string& repository);
  // Whoever holds it may still end; nobody finds it any more.
  void forget(const std::string& id);
  [[nodiscard]] std::size_t size();
  void sweep();  // forgets those that are due; the others of this class do so too

 private:
  struct Entry {
    std::shared_ptr<Upload> upload;
    std::chrono::steady_clock::time_point touched;
  };
  void drop_expired();
  std::string new_id();

  sigstore::content::Store& content_;
  const sigstore::Clock& clock_;
  sigstore::Random& random_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace server::registry
