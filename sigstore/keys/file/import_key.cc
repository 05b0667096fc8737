#include "sigstore/keys/file/import_key.h"

#include "sigstore/keys/file/internal/password.h"
#include "sigstore/keys/file/internal/read_file.h"

namespace sigstore::keys {
namespace {

constexpr const char* variable = "COSIGN_IMPORT_PASSWORD";  // of Env::variables

}  // namespace

Result<crypto::ForeignKey> read_foreign_key(const Env& env, const std::string& path) {
  TRY(auto text, internal::read_key_file(env, path));
  auto key = crypto::ForeignKey::parse(text, path);
  wipe(text);
  return key;
}

Result<crypto::PrivateKey> unlock_foreign_key(const Env& env, const crypto::ForeignKey& key,
                                              const std::string& path) {
  if (!key.encrypted()) return key.open(Secret());
  TRY(const auto password, internal::Password::of(env, variable, "Enter password for " + path + ": "));
  return password.try_with([&](const Secret& one) { return key.open(one); });
}

}  // namespace sigstore::keys
