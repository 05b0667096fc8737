// A content digest, `algorithm:hex` (OCI image-spec, descriptor.md#digests).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::oci {

class Digest {
 public:
  Digest() = default;  // no digest at all: empty text, matches nothing
  // sha256 and sha512, lower-case hex of the right length. Code::malformed otherwise, Code::unsupported for
  // an algorithm that is registered but not known here.
  static Result<Digest> parse(std::string_view text);
  static Digest sha256(std::string_view content);

  [[nodiscard]] const std::string& text() const { return text_; }  // "sha256:…"
  [[nodiscard]] std::string_view algorithm() const;                // "sha256"
  [[nodiscard]] std::string_view hex() const;
  // Whether `content` has this digest.
  [[nodiscard]] bool matches(std::string_view content) const;

  friend auto operator<=>(const Digest&, const Digest&) = default;

 private:
  explicit Digest(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sigstore::oci
