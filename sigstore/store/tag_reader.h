// Reads a tag that many write, as whoever adds to it must read it: what cannot be read is never "absent".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/pause.h"

namespace sigstore::store {

// Whether asking again may help: 5xx, no answer in time, no connection.
bool may_pass(Code code);

struct TagReading {
  std::optional<remote::ManifestContent> content;  // nullopt: the tag does not exist
  std::chrono::steady_clock::time_point asked;     // when the question that was answered was sent
};

class TagReader {
 public:
  // All outlive this object. `any_document`: what stands there need not be a manifest (Registry::document()).
  TagReader(remote::Registry& registry, const Env& env, const oci::Repository& repository,
            const std::string& tag, bool any_document = false)
      : registry_(registry),
        clock_(*env.clock),
        pause_(env),
        repository_(repository),
        tag_(tag),
        any_document_(any_document) {}

  // A failure is asked again, a few times; a 404 counts when a second answer in a row agrees; 401 and 403
  // count as absent when the list of tags is readable and does not name the tag.
  Result<TagReading> read();
  // What was taken for absent, and why.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  Result<TagReading> hidden(const Error& refusal, std::chrono::steady_clock::time_point asked);

  remote::Registry& registry_;
  Clock& clock_;
  Pause pause_;
  const oci::Repository& repository_;
  const std::string& tag_;
  const bool any_document_;
  std::vector<std::string> notes_;
};

}  // namespace sigstore::store
