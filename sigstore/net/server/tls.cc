#include "sigstore/net/server/internal/tls.h"

#include <openssl/err.h>

namespace sigstore::net {
namespace {

std::unexpected<Error> refuse(const std::string& what, const std::string& file) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
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
  SslContext context(SSL_CTX_new(TLS_server_method()));
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

}  // namespace sigstore::net
