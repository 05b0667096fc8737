#include <algorithm>
#include <array>

#include "sigstore/keys/pkcs11/internal/key_in_token.h"
#include "sigstore/keys/pkcs11/tokens.h"

namespace sigstore::keys {
namespace {

constexpr std::array<std::string_view, 6> algorithms = {"ecdsa-p256", "ecdsa-p384", "ecdsa-p521",
                                                        "rsa-2048",   "rsa-3072",   "rsa-4096"};
constexpr std::size_t new_id_bytes = 16;

Result<TokenUri> read_uri(const Context& context, const std::string& reference) {
  TRY(auto uri, parse_token_uri(reference));
  TRY(uri.module_path, module_path(context.env, uri.module_path));
  return uri;
}

Result<std::string> algorithm_of(const NewKey& wanted) {
  if (wanted.algorithm.empty()) return std::string(algorithms.front());
  if (std::ranges::find(algorithms, wanted.algorithm) != algorithms.end()) return wanted.algorithm;
  std::string known;
  for (const auto name : algorithms) known += (known.empty() ? "" : ", ") + std::string(name);
  return fail(Code::invalid_argument, "no such kind of key: " + wanted.algorithm, {}, "one of " + known);
}

// Both halves are found by their id.
std::string new_id(Random& random) {
  Bytes id(new_id_bytes);
  random.fill(id);
  return to_text(id);
}

class Pkcs11Provider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "pkcs11"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                      const std::string& reference) override {
    TRY(auto uri, read_uri(context, reference));
    return internal::KeyInToken::open(context, std::move(uri));
  }

  Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) override {
    TRY(auto uri, read_uri(context, reference));
    return internal::KeyInToken::open_public(context, std::move(uri));
  }

  Result<crypto::PublicKey> create(const Context& context, const std::string& reference,
                                   const NewKey& wanted) override {
    TRY(auto uri, read_uri(context, reference));
    TRY(const auto algorithm, algorithm_of(wanted));
    if (uri.id.empty()) uri.id = new_id(*context.env.random);
    return internal::KeyInToken::create(context, std::move(uri), algorithm);
  }
};

}  // namespace

std::unique_ptr<Provider> make_pkcs11() {
  return std::make_unique<Pkcs11Provider>();
}

}  // namespace sigstore::keys
