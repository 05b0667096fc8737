#include "sigstore/net/curl/internal/tls_error.h"

#include <algorithm>

#include "sigstore/net/curl/internal/certificate_text.h"

namespace sigstore::net {
namespace {

constexpr std::size_t shown_places = 3;

std::string join(const std::vector<std::string>& places) {
  std::string text;
  for (std::size_t i = 0; i < places.size() && i < shown_places; ++i)
    text += (i == 0 ? "" : i + 1 == places.size() ? " or " : ", ") + places[i];
  return places.size() > shown_places ? text + " …" : text;
}

bool is_unknown_authority(int reason) {
  return reason == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         reason == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         reason == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
         reason == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN || reason == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
}

std::string unknown_authority(TlsSettings& tls, const TlsObserver& seen) {
  const std::string authority = name_text(X509_get_issuer_name(seen.complained.get()));
  const std::string where = " is not in " + join(tls.places());
  if (seen.verify_error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)
    return "it is signed by nobody but itself, and" + where;
  return "its authority \"" + authority + "\"" + where;
}

std::string why_refused(TlsSettings& tls, const TlsObserver& seen) {
  const X509* bad = seen.complained.get();
  if (bad == nullptr) return X509_verify_cert_error_string(seen.verify_error);
  if (is_unknown_authority(seen.verify_error)) return unknown_authority(tls, seen);
  const bool own = seen.server && X509_cmp(seen.server.get(), bad) == 0;
  const std::string what = own ? "it" : "its authority \"" + name_text(X509_get_subject_name(bad)) + "\"";
  switch (seen.verify_error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return what + " expired on " + date_text(X509_get0_notAfter(bad));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return what + " is not valid before " + date_text(X509_get0_notBefore(bad)) +
             ": is this machine's clock right?";
    default:
      return what + " is refused: " + X509_verify_cert_error_string(seen.verify_error);
  }
}

std::string wrong_name(const std::string& name, const X509* server) {
  const std::string hosts = hosts_text(server);
  return hosts.empty() ? "it is for no host name at all" : "it is for " + hosts + ", not for " + name;
}

std::string authority_hint(const TlsPeer& peer, const TlsOptions& options) {
  if (!options.ca_files.empty())
    return "give its authority with --registry-cacert: no other one counts beside that";
  const std::string flag = "pass --registry-cacert FILE";
  return peer.folder.empty() ? flag : flag + ", or put the authority into " + peer.folder + "/ca.crt";
}

bool is_about_certificates(int alert) {
  return (alert >= SSL_AD_BAD_CERTIFICATE && alert <= SSL_AD_CERTIFICATE_UNKNOWN) ||
         alert == SSL_AD_UNKNOWN_CA || alert == SSL_AD_ACCESS_DENIED ||
         alert == TLS13_AD_CERTIFICATE_REQUIRED || alert == SSL_AD_HANDSHAKE_FAILURE;
}

Error alerted(const TlsPeer& peer, TlsSettings& tls, const TlsObserver& seen) {
  const std::string cause = std::string("it says: ") + SSL_alert_desc_string_long(seen.alert);
  if (!seen.asked_for_certificate || !is_about_certificates(seen.alert))
    return {Code::tls, "no TLS connection to " + peer.what, cause, {}};
  const std::string& file = tls.client_place();
  if (file.empty()) return wants_client_certificate(peer, cause);
  return {Code::tls, peer.what + " does not accept the client certificate in " + file, cause, {}};
}

}  // namespace

Error untrusted(const TlsPeer& peer, TlsSettings& tls, const TlsObserver& seen, const std::string& detail) {
  const std::string what = "the certificate of " + peer.what + " is not trusted";
  if (seen.verify_error != 0) {
    const bool unknown = is_unknown_authority(seen.verify_error);
    return {Code::tls, what, why_refused(tls, seen), unknown ? authority_hint(peer, tls.options()) : ""};
  }
  if (!seen.server) return {Code::tls, what, detail, {}};
  return {Code::tls, what, wrong_name(peer.name, seen.server.get()),
          "ask for it by a name of its certificate, or name that with --registry-server-name"};
}

std::optional<Error> refused_by_peer(const TlsPeer& peer, TlsSettings& tls, const TlsObserver& seen) {
  if (seen.alert != 0) return alerted(peer, tls, seen);
  const auto& first = seen.first_record;
  if (first[0] == 0 || (first[0] >= SSL3_RT_CHANGE_CIPHER_SPEC && first[0] <= SSL3_RT_APPLICATION_DATA))
    return std::nullopt;
  constexpr std::string_view http = "HTTP/";
  const bool is_http = std::equal(first.begin(), first.end(), http.begin(), http.end());
  return Error{Code::malformed, peer.what + " does not speak TLS on an https connection",
               is_http ? "it answers in plain HTTP" : "what it sent is no TLS",
               "if it is a plain HTTP registry, pass --allow-http-registry"};
}

Error wants_client_certificate(const TlsPeer& peer, std::string cause) {
  const std::string flags = "pass --registry-client-cert and --registry-client-key";
  return {Code::tls, peer.what + " wants a client certificate", std::move(cause),
          peer.folder.empty() ? flags : flags + ", or put client.cert and client.key into " + peer.folder};
}

}  // namespace sigstore::net
