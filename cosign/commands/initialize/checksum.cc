#include "cosign/commands/initialize/checksum.h"

#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"

namespace cosign::initialize {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::crypto::HashAlgorithm;

namespace {

struct Checksum {
  HashAlgorithm algorithm = HashAlgorithm::sha256;
  sigstore::Bytes digest;
};

std::unexpected<sigstore::Error> no_checksum(std::string why) {
  return fail(Code::invalid_argument, "--root-checksum is no checksum", std::move(why),
              "sha256sum FILE, or sha512: and what sha512sum FILE says");
}

Result<Checksum> parse(std::string_view text) {
  Checksum checksum;
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    const auto name = text.substr(0, colon);
    if (name != "sha256" && name != "sha512")
      return no_checksum("it begins with neither sha256: nor sha512:");
    if (name == "sha512") checksum.algorithm = HashAlgorithm::sha512;
    text.remove_prefix(colon + 1);
  }
  auto digest = sigstore::codec::hex::decode(text);
  if (!digest) return no_checksum("it is not hexadecimal");
  const std::size_t size = sigstore::crypto::size_of(checksum.algorithm);
  if (digest->size() != size)
    return no_checksum("it has " + std::to_string(digest->size()) + " bytes, and " +
                       std::string(sigstore::crypto::name(checksum.algorithm)) + " has " +
                       std::to_string(size));
  checksum.digest = std::move(*digest);
  return checksum;
}

}  // namespace

Result<void> compare_checksum(std::string_view wanted, std::string_view content, const std::string& what) {
  TRY(const auto checksum, parse(wanted));
  const auto found = sigstore::crypto::hash(checksum.algorithm, sigstore::as_bytes(content));
  if (found == checksum.digest) return {};
  return fail(Code::mismatch, what + " does not have the checksum that was given",
              "it is " + std::string(sigstore::crypto::name(checksum.algorithm)) + ":" +
                  sigstore::codec::hex::encode(found),
              "do not use it: have the root again, from somebody you trust");
}

}  // namespace cosign::initialize
