// X.509 certificates (RFC 5280), read strictly by our own DER reader and believed in nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/key.h"

namespace sigstore::crypto::x509 {

struct Extension {
  std::string oid;  // "2.5.29.17"
  bool critical = false;
  BytesView value;  // the content of extnValue; it lives as long as the certificate
};

// A subject alternative name.
struct GeneralName {
  // `other` is Fulcio's otherName 1.3.6.1.4.1.57264.1.7 (UTF8String); names of further kinds are left out.
  enum class Kind { email, dns, uri, ip, other };
  Kind kind = Kind::uri;
  std::string value;  // an IP address in its usual text
  friend bool operator==(const GeneralName&, const GeneralName&) = default;
};
std::string_view name(GeneralName::Kind kind);  // "email", "dns", "uri", "ip", "other"

// An instant of time with both ends in it.
struct Validity {
  Time not_before;
  Time not_after;  // years beyond what Time holds are its end
  [[nodiscard]] bool contains(Time at) const { return not_before <= at && at <= not_after; }
};

// What the key of a certificate may be used for: of key usage, what matters here.
struct KeyUsage {
  bool digital_signature = false;
  bool content_commitment = false;  // once called nonRepudiation
  bool key_cert_sign = false;
};

// What a certificate may be used for.
inline constexpr std::string_view code_signing = "1.3.6.1.5.5.7.3.3";
inline constexpr std::string_view time_stamping = "1.3.6.1.5.5.7.3.8";

// Immutable, cheap to copy, comparable by its bytes, thread-safe.
class Certificate {
 public:
  // Version 3 (or 1) with all that RFC 5280 demands of its form; no extension twice. Code::malformed
  // otherwise; too_large beyond limits::certificate_bytes. The key is not opened: that is the dear part.
  static Result<Certificate> parse(BytesView der);
  // Each PEM block a certificate, at least one, at most limits::certificates. `what` names the text.
  static Result<std::vector<Certificate>> parse_pem(std::string_view pem, std::string_view what);

  [[nodiscard]] const Bytes& der() const;
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] BytesView tbs() const;             // TBSCertificate, the whole element
  [[nodiscard]] BytesView algorithm() const;       // of its signature: AlgorithmIdentifier, the whole element
  [[nodiscard]] BytesView signature() const;       // the octets of the bit string
  [[nodiscard]] BytesView serial() const;          // big-endian magnitude
  [[nodiscard]] BytesView issuer_name() const;     // Name, DER, the whole element
  [[nodiscard]] BytesView subject_name() const;    // the same
  [[nodiscard]] std::string issuer_text() const;   // "O=sigstore.dev, CN=sigstore-intermediate", printable
  [[nodiscard]] std::string subject_text() const;  // the same
  [[nodiscard]] const Validity& validity() const;
  [[nodiscard]] BytesView spki() const;  // SubjectPublicKeyInfo, DER
  // Opened at the first call. Code::unsupported or malformed as of PublicKey::from_spki.
  [[nodiscard]] Result<PublicKey> public_key() const;
  [[nodiscard]] const std::vector<Extension>& extensions() const;
  [[nodiscard]] const Extension* extension(std::string_view oid) const;  // nullptr when absent

  [[nodiscard]] bool is_ca() const;                                // basicConstraints
  [[nodiscard]] std::optional<std::uint32_t> path_length() const;  // the same
  [[nodiscard]] const std::optional<KeyUsage>& key_usage() const;  // nullopt when the extension is absent
  [[nodiscard]] bool self_issued() const;                          // subject and issuer are the same name
  [[nodiscard]] const std::vector<GeneralName>& names() const;
  // Extended key usage, OIDs; empty when the extension is absent.
  [[nodiscard]] const std::vector<std::string>& extended_key_usage() const;

  friend bool operator==(const Certificate& a, const Certificate& b) { return a.der() == b.der(); }

 private:
  struct State;
  class Parser;
  std::shared_ptr<const State> state_;
};

}  // namespace sigstore::crypto::x509
