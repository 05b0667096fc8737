#include "sigstore/credentials/flags/flags_source.h"

namespace sigstore::credentials {
namespace {

class FlagsSource final : public remote::CredentialSource {
 public:
  explicit FlagsSource(Flags flags) : flags_(std::move(flags)) {}

  Result<std::optional<remote::Credential>> find(const oci::Repository&) override {
    remote::Credential credential;
    credential.source = flags_.source;
    if (!flags_.username.empty() && !flags_.password.empty()) {
      credential.username = flags_.username;
      credential.password = flags_.password.clone();
    } else if (!flags_.registry_token.empty()) {
      credential.registry_token = flags_.registry_token.clone();
    } else {
      return std::nullopt;
    }
    return credential;
  }

 private:
  const Flags flags_;
};

}  // namespace

std::unique_ptr<remote::CredentialSource> make_flags_source(Flags flags) {
  return std::make_unique<FlagsSource>(std::move(flags));
}

}  // namespace sigstore::credentials
