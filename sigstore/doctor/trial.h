// Single steps in a registry: repeated where that may help, and remembered, so that all can be undone.
// Private to this room.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/doctor/findings.h"
#include "sigstore/doctor/scratch.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::doctor {

class Trial {
 public:
  // All outlive this object.
  Trial(remote::Registry& registry, const Env& env, const oci::Repository& repository)
      : registry_(registry), clock_(*env.clock), repository_(repository) {}

  // `work` until it succeeds or fails for good.
  template <typename Work>
  auto again(const Work& work) -> decltype(work());

  Result<void> push_blob(std::string_view content);
  // For the blob that others have as well.
  Result<void> push_shared_blob(std::string_view content);
  Result<remote::PutResult> push(const std::string& tag_or_digest, const Piece& piece,
                                 const remote::Precondition& condition = {});
  Result<remote::ManifestContent> read(const std::string& tag_or_digest);
  // Whether the tag names this piece now; asked again for a while where it does not.
  Result<bool> shows(const std::string& tag, const Piece& piece);
  // Whether nothing is given under that name any more; asked again for a while.
  Result<bool> gone(const std::string& tag_or_digest);
  Result<bool> blob_gone(const oci::Descriptor& blob);

  // Deletes all that was pushed; what stays is returned as Examination::left has it: all that may, where the
  // run was interrupted.
  std::vector<std::string> clean_up();

  // False: the run was interrupted.
  bool pause(int times);
  [[nodiscard]] bool interrupted() const { return interrupted_; }
  [[nodiscard]] remote::Registry& registry() { return registry_; }
  [[nodiscard]] const oci::Repository& repository() const { return repository_; }

 private:
  [[nodiscard]] std::vector<std::string> all_that_may_be_there() const;
  std::vector<std::string> delete_manifests();
  std::size_t delete_blobs();

  remote::Registry& registry_;
  Clock& clock_;
  const oci::Repository& repository_;
  bool interrupted_ = false;
  std::vector<oci::Digest> manifests_;  // in the order they were pushed
  std::set<std::string> tags_;
  std::set<oci::Digest> blobs_;
};

// What an error means for a check whose step the registry did not do.
Finding finding_of(const Error& error);

template <typename Work>
auto Trial::again(const Work& work) -> decltype(work()) {
  constexpr int tries = 5;
  for (int failures = 1;; ++failures) {
    auto done = work();
    if (done) return done;
    interrupted_ = interrupted_ || done.error().code == Code::cancelled;
    const bool may_pass = finding_of(done.error()) == Finding::failed && !interrupted_;
    if (!may_pass || failures == tries || !pause(failures)) return done;
  }
}

}  // namespace sigstore::doctor
