#include "sigstore/keys/file/internal/read_file.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {
namespace {

using internal::read_key_file;

class FileProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "file"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                      const std::string& reference) override {
    TRY(const auto pem, read_key_file(context.env, reference));
    TRY(auto key, unlock(context.env, pem, reference));
    return std::make_unique<crypto::PrivateKey>(std::move(key));
  }

  Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) override {
    TRY(const auto pem, read_key_file(context.env, reference));
    return crypto::PublicKey::from_pem(pem, reference);
  }
};

}  // namespace

std::unique_ptr<Provider> make_file() {
  return std::make_unique<FileProvider>();
}

}  // namespace sigstore::keys
