#include "sigstore/net/server/internal/tls.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>

namespace sigstore::net {
namespace {

std::unexpected<Error> refuse(const std::string& what, const std::string& file) {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  return fail(Code::tls, what + " in " + file + " cannot be used", reason ? reason : "");
}

// An encrypted key fails instead of asking at a terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

Result<void> ask_clients(SSL_CTX* context, const std::string& ca_file) {
  if (ca_file.empty()) return {};
  if (SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) return refuse("the CA certificate", ca_file);
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(ca_file.c_str()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

}  // namespace

Result<SslContext> make_server_tls(const ListenerOptions& options) {
  if (options.certificate_file.empty()) return SslContext();
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  ERR_clear_error();
  SslContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return fail(Code::internal, "TLS cannot be set up");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_default_passwd_cb(context.get(), no_password);
  if (SSL_CTX_use_certificate_chain_file(context.get(), options.certificate_file.c_str()) != 1)
    return refuse("the certificate", options.certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1)
    return refuse("the private key", options.key_file);
  TRY_OK(ask_clients(context.get(), options.client_ca_file));
  const std::string_view session = "cosign";
  SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char*>(session.data()),
                                 session.size());
  return context;
}

bool TlsFiles::Stamp::operator==(const Stamp& other) const {
  return device == other.device && inode == other.inode && size == other.size &&
         changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec;
}

TlsFiles::Stamps TlsFiles::look() const {
  Stamps stamps{};
  const std::string* const names[] = {&options_->certificate_file, &options_->key_file,
                                      &options_->client_ca_file};
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    struct stat status{};
    if (names[i]->empty() || stat(names[i]->c_str(), &status) != 0) continue;
    stamps[i] = {status.st_dev, status.st_ino, status.st_size, status.st_ctim};
  }
  return stamps;
}

Result<TlsFiles> TlsFiles::open(const ListenerOptions& options) {
  TlsFiles files(options);
  files.used_ = files.look();
  TRY(files.context_, make_server_tls(options));
  return files;
}

// A certificate and its key are replaced one after the other: between the two they do not fit, which is
// nobody's fault yet.
SslContext TlsFiles::current() {
  const auto now = std::chrono::steady_clock::now();
  if (!context_ || now - looked_ < std::chrono::seconds(1)) return context_;
  looked_ = now;
  const Stamps stamps = look();
  if (stamps == used_ || stamps == told_) return context_;
  auto made = make_server_tls(*options_);
  if (made) {
    context_ = std::move(*made);
    used_ = stamps;
  } else if (stamps == failed_) {
    told_ = stamps;
    if (options_->trouble) options_->trouble("the certificate stays as it was: " + made.error().text());
  }
  failed_ = stamps;
  return context_;
}

std::string client_name(const SSL* ssl) {
  constexpr int longest = 256;
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return {};
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size < 0) return {};
  std::string name(reinterpret_cast<const char*>(text),
                   static_cast<std::size_t>(std::min(size, longest + 1)));
  OPENSSL_free(text);
  const bool readable =
      std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return size <= longest && readable ? name : std::string();
}

}  // namespace sigstore::net
