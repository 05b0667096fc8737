#include "sigstore/net/curl/internal/ca_files.h"

#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"

namespace sigstore::net {
namespace {

// Debian, RHEL, RHEL's source of it, SUSE, Alpine.
constexpr std::array<const char*, 5> bundles = {
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

std::unexpected<Error> refuse(const std::string& place, std::string why) {
  return fail(Code::tls, "the CA certificates in " + place + " cannot be used", std::move(why),
              "a CA file holds certificates as PEM (-----BEGIN CERTIFICATE-----)");
}

Result<void> add_text(CertificatePool& pool, std::string_view text, const std::string& place) {
  const std::size_t before = pool.size();
  pool.add_pem(text, place);
  return pool.size() > before ? Result<void>() : refuse(place, "there is no certificate in it");
}

Result<void> add_file(CertificatePool& pool, Files& files, const std::string& path,
                      const std::string& place) {
  auto text = files.read(path, limits::ca_bundle_bytes);
  if (!text) return refuse(place, text.error().cause.empty() ? text.error().message : text.error().cause);
  return add_text(pool, *text, place);
}

// Every file of a folder that has certificates; the others do not matter.
void add_folder(CertificatePool& pool, Files& files, const std::string& folder) {
  for (const auto& name : files.list(folder).value_or(std::vector<std::string>()))
    if (const auto text = files.read(folder + "/" + name, limits::ca_bundle_bytes))
      pool.add_pem(*text, folder + " (SSL_CERT_DIR)");
}

void add_folders(CertificatePool& pool, Files& files, std::string_view list) {
  while (!list.empty()) {
    const auto colon = std::min(list.find(':'), list.size());
    if (colon != 0) add_folder(pool, files, std::string(list.substr(0, colon)));
    list.remove_prefix(std::min(colon + 1, list.size()));
  }
}

}  // namespace

Result<std::shared_ptr<CertificatePool>> load_pool(Files& files, const std::vector<std::string>& paths) {
  auto pool = std::make_shared<CertificatePool>();
  for (const auto& path : paths) TRY_OK(add_file(*pool, files, path, path));
  return pool;
}

Result<void> add_given(CertificatePool& pool, const TlsPem* pem) {
  if (pem == nullptr || pem->authorities.text.empty()) return {};
  return add_text(pool, pem->authorities.text.reveal(), pem->authorities.place);
}

Result<std::shared_ptr<CertificatePool>> load_system_pool(const Env& env) {
  auto pool = std::make_shared<CertificatePool>();
  const std::string file = env.variables->get("SSL_CERT_FILE").value_or("");
  const std::string folders = env.variables->get("SSL_CERT_DIR").value_or("");
  if (file.empty() && folders.empty()) {
    for (const char* bundle : bundles)
      if (add_file(*pool, *env.files, bundle, bundle)) break;
    return pool;
  }
  if (!file.empty()) TRY_OK(add_file(*pool, *env.files, file, file + " (SSL_CERT_FILE)"));
  add_folders(*pool, *env.files, folders);
  if (pool->empty()) return refuse(folders + " (SSL_CERT_DIR)", "there is no certificate in it");
  return pool;
}

Error no_authorities() {
  std::string places;
  for (const char* bundle : bundles) places += (places.empty() ? "" : ", ") + std::string(bundle);
  return {Code::tls, "no certificate authorities to verify the connection with",
          "SSL_CERT_FILE and SSL_CERT_DIR are not set, and there are none in " + places,
          "install ca-certificates, set SSL_CERT_FILE, or pass --registry-cacert FILE"};
}

}  // namespace sigstore::net
