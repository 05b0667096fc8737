#include "sigstore/oci/digest.h"

#include <algorithm>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::oci {
namespace {

// Lower-case hex digits of a digest; 0 for an algorithm that is not known here.
std::size_t hex_digits(std::string_view algorithm) {
  if (algorithm == "sha256") return 64;
  if (algorithm == "sha512") return 128;
  return 0;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

std::unexpected<Error> no_digest(std::string_view text, Code code, std::string cause) {
  return fail(code, codec::json::quote(text.substr(0, 160)) + " is not a digest", std::move(cause));
}

}  // namespace

Result<Digest> Digest::parse(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos)
    return no_digest(text, Code::malformed, "it must look like sha256:0123abcd…");
  const std::string algorithm(text.substr(0, colon));
  const auto hex = text.substr(colon + 1);
  if (algorithm == "blake3") return no_digest(text, Code::unsupported, "blake3 is not supported");
  const auto wanted = hex_digits(algorithm);
  if (wanted == 0) return no_digest(text, Code::malformed, "its algorithm must be sha256 or sha512");
  const std::string rule = algorithm + " needs " + std::to_string(wanted) + " hex digits";
  if (hex.size() != wanted)
    return no_digest(text, Code::malformed, rule + ", this has " + std::to_string(hex.size()));
  if (!std::ranges::all_of(hex, is_hex)) return no_digest(text, Code::malformed, rule + " in lower case");
  return Digest(std::string(text));
}

Digest Digest::sha256(std::string_view content) {
  return Digest("sha256:" + codec::hex::encode(crypto::sha256(as_bytes(content))));
}

std::string_view Digest::algorithm() const {
  return std::string_view(text_).substr(0, text_.find(':'));
}

std::string_view Digest::hex() const {
  return text_.empty() ? std::string_view() : std::string_view(text_).substr(text_.find(':') + 1);
}

bool Digest::matches(std::string_view content) const {
  if (text_.empty()) return false;
  const auto algorithm =
      this->algorithm() == "sha512" ? crypto::HashAlgorithm::sha512 : crypto::HashAlgorithm::sha256;
  return codec::hex::encode(crypto::hash(algorithm, as_bytes(content))) == hex();
}

}  // namespace sigstore::oci
