// Makes certificates for tests, good ones and such as nobody should issue.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509::testing {

// Elements as they stand in a certificate.
Bytes common_name(std::string_view text);  // a Name of one CN; of nothing when the text is empty
Bytes utc_time(std::string_view text);     // "230101000000Z"
Bytes general_name(std::uint8_t tag, std::string_view text);
Bytes extension(std::string_view oid, bool critical, const Bytes& value);
Bytes ca_constraints(bool ca, std::optional<std::uint8_t> path_length = {});
Bytes key_usage(std::uint8_t bits);  // critical; 0x80 digitalSignature, 0x04 keyCertSign
Bytes extended_key_usage(const std::vector<std::string>& oids, bool critical = false);
Bytes alternative_names(const std::vector<Bytes>& names, bool critical = false);

struct Spec {
  std::string issuer = "issuer";
  std::string subject = "subject";
  std::string from = "230101000000Z";
  std::string until = "240101000000Z";
  std::vector<Bytes> extensions;
};

Bytes tbs(const Spec& spec, const PublicKey& key, const PublicKey& issuer_key);
// A certificate of those bytes, whatever they are, signed by that key with its first scheme.
Bytes sign(const Bytes& tbs, PrivateKey& issuer_key);
// The same from a Spec; it aborts when our own parser refuses it.
Certificate issue(const Spec& spec, const PublicKey& key, PrivateKey& issuer_key);

// The usual three.
Spec ca(std::string issuer, std::string subject);
Spec code_signer(std::string issuer);
Spec time_stamper(std::string issuer);

}  // namespace sigstore::crypto::x509::testing
