// All that hangs on an image, with who signed it: looked at once, and kept until something of it changes.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>

#include "server/registry/page/signers.h"
#include "sigstore/store/tree.h"

namespace server::registry::page {

struct Survey {
  sigstore::store::Attachments attachments;
  SignersAnswer answer;
};

// Thread-safe.
class Surveys {
 public:
  // `env` and what the shelves point to outlive it. Signatures are judged with `keys`; there may be none.
  Surveys(const Shelves& shelves, const sigstore::Env& env, sigstore::verify::TrustedMaterial keys)
      : shelves_(shelves), env_(env), keys_(std::move(keys)) {}

  // The registry's name in `repository` is how locations in it begin. What could not be looked at, also
  // because the budget of `registry` is spent, stands in it; the image itself is not asked for.
  std::shared_ptr<const Survey> of(LocalRegistry& registry, const sigstore::oci::Repository& repository,
                                   const sigstore::oci::Digest& digest);
  [[nodiscard]] const Shelves& shelves() const { return shelves_; }
  [[nodiscard]] const sigstore::verify::TrustedMaterial& keys() const { return keys_; }

 private:
  std::shared_ptr<const Survey> remembered(const std::string& key);
  void remember(const std::string& key, const std::shared_ptr<const Survey>& survey, std::size_t weight);

  const Shelves shelves_;
  const sigstore::Env& env_;
  const sigstore::verify::TrustedMaterial keys_;
  std::counting_semaphore<> looking_{4};  // so many at once: each may read up to its budget

  std::mutex mutex_;  // of what follows
  struct Entry {
    std::shared_ptr<const Survey> survey;
    std::size_t weight;
    std::list<std::string>::iterator age;
  };
  std::map<std::string, Entry> entries_;
  std::list<std::string> ages_;  // the longest unused first
  std::size_t weight_ = 0;
};

}  // namespace server::registry::page
