#include "sigstore/net/curl/trust.h"

#include <array>

namespace sigstore::net {
namespace {

// Debian, RHEL, newer RHEL, SUSE, Alpine.
constexpr std::array bundles = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem",
                                "/etc/ssl/cert.pem"};

Result<Trust> system_pool(const Env& env) {
  if (const auto file = env.variables->get("SSL_CERT_FILE"); file && !file->empty())
    return Trust{*file, {}, {}};
  if (const auto folder = env.variables->get("SSL_CERT_DIR"); folder && !folder->empty())
    return Trust{{}, *folder, {}};
  std::string names;
  for (const char* bundle : bundles) {
    if (env.files->exists(bundle)) return Trust{bundle, {}, {}};
    names += (names.empty() ? "" : ", ") + std::string(bundle);
  }
  return fail(Code::tls, "no certificate authorities to verify the connection with",
              "none of " + names + " is there",
              "install ca-certificates, set SSL_CERT_FILE, or pass --registry-cacert FILE");
}

Result<void> append(const Env& env, const std::string& path, std::string& text) {
  auto content = env.files->read(path, limits::ca_bundle_bytes);
  if (!content) return fail(content.error().wrap("cannot read the certificate authorities in " + path));
  text += *content + "\n";
  return {};
}

}  // namespace

Result<Trust> trust_for(const Env& env, const TlsOptions& options) {
  if (!options.verify) return Trust{};
  if (options.ca_files.size() == 1 && options.extra_ca_files.empty())
    return Trust{options.ca_files[0], {}, {}};
  if (options.ca_files.empty() && options.extra_ca_files.empty()) return system_pool(env);
  std::string text;
  for (const std::string& path : options.ca_files) TRY_OK(append(env, path, text));
  if (options.ca_files.empty()) {
    // Without a pool of the system the extra authorities are all there is.
    if (const auto pool = system_pool(env); pool && !pool->file.empty())
      TRY_OK(append(env, pool->file, text));
  }
  for (const std::string& path : options.extra_ca_files) TRY_OK(append(env, path, text));
  return Trust{{}, {}, std::make_shared<const std::string>(std::move(text))};
}

}  // namespace sigstore::net
