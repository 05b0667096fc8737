#include "sigstore/net/curl/internal/tls_observer.h"

#include <algorithm>
#include <span>

namespace sigstore::net {
namespace {

CertificatePtr share(X509* certificate) {
  if (certificate != nullptr) X509_up_ref(certificate);
  return CertificatePtr(certificate);
}

int on_verification(int good, X509_STORE_CTX* chain) {
  TlsObserver* observer = TlsObserver::of(chain);
  if (observer == nullptr) return good;
  if (!observer->server) observer->server = share(X509_STORE_CTX_get0_cert(chain));
  if (good != 1 && observer->verify_error == 0) {
    observer->verify_error = X509_STORE_CTX_get_error(chain);
    observer->complained = share(X509_STORE_CTX_get_current_cert(chain));
  }
  return good;
}

void on_message(int sent, int, int kind, const void* data, std::size_t size, SSL*, void* watching) {
  if (sent != 0) return;
  auto* observer = static_cast<TlsObserver*>(watching);
  const std::span bytes(static_cast<const std::uint8_t*>(data), size);
  auto& first = observer->first_record;
  if (kind == SSL3_RT_HEADER && size == first.size() && first[0] == 0)
    std::copy(bytes.begin(), bytes.end(), first.begin());
  if (kind == SSL3_RT_ALERT && size == 2 && bytes[1] != SSL3_AD_CLOSE_NOTIFY) observer->alert = bytes[1];
  if (kind == SSL3_RT_HANDSHAKE && size > 0 && bytes[0] == SSL3_MT_CERTIFICATE_REQUEST)
    observer->asked_for_certificate = true;
}

}  // namespace

TlsObserver* TlsObserver::of(X509_STORE_CTX* chain) {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return ssl == nullptr ? nullptr : static_cast<TlsObserver*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
}

void TlsObserver::watch(SSL_CTX* context) {
  const int before = contexts;
  *this = TlsObserver();
  contexts = before + 1;
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), on_verification);
  SSL_CTX_set_msg_callback(context, on_message);
  SSL_CTX_set_msg_callback_arg(context, this);
}

}  // namespace sigstore::net
