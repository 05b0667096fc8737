#include "sigstore/base/limits.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {
namespace {

// The scheme of a key reference that is no path: "awskms", "pkcs11"; else empty.
std::string scheme_of(const std::string& reference) {
  if (reference.starts_with("pkcs11:")) return "pkcs11";
  const auto end = reference.find("://");
  if (end == std::string::npos || end == 0) return {};
  return reference.substr(0, end);
}

std::unexpected<Error> unsupported_scheme(const std::string& scheme) {
  const bool is_web = scheme == "http" || scheme == "https";
  return fail(Code::unsupported,
              "keys of the kind " + scheme + (scheme == "pkcs11" ? ":" : "://") + " are not supported yet",
              {}, is_web ? "download the key, and give its file" : "give a key file, or env://NAME");
}

Error explain(const Error& error, const std::string& path) {
  if (error.code == Code::not_found)
    return {Code::not_found,
            "key file not found: " + path,
            {},
            "give the path of the key file; cosign generate-key-pair makes cosign.key and cosign.pub"};
  if (error.code == Code::too_large) return error.wrap(path + " is not a key file");
  return {error.code, "cannot read key file " + path, error.cause.empty() ? error.message : error.cause,
          error.hint};
}

Result<std::string> read_key_file(const Env& env, const std::string& reference) {
  if (reference.empty())
    return fail(Code::invalid_argument, "the name of the key is empty", {},
                "give --key FILE or --key env://NAME");
  const std::string scheme = scheme_of(reference);
  if (!scheme.empty()) return unsupported_scheme(scheme);
  auto text = env.files->read(reference, limits::key_file_bytes);
  if (!text) return fail(explain(text.error(), reference));
  return text;
}

class FileProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "file"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Env& env, const std::string& reference) override {
    TRY(const auto pem, read_key_file(env, reference));
    TRY(auto key, unlock(env, pem, reference));
    return std::make_unique<crypto::PrivateKey>(std::move(key));
  }

  Result<crypto::PublicKey> open_public(const Env& env, const std::string& reference) override {
    TRY(const auto pem, read_key_file(env, reference));
    return crypto::PublicKey::from_pem(pem, reference);
  }
};

}  // namespace

std::unique_ptr<Provider> make_file() {
  return std::make_unique<FileProvider>();
}

}  // namespace sigstore::keys
