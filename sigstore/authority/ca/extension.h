// The extensions of certificates that Sigstore's authorities write (RFC 5280 4.2; Fulcio's oid-info).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/authority/ca/certificate.h"

namespace sigstore::authority::ca {

namespace oid {
inline constexpr std::string_view subject_key_id = "2.5.29.14", key_usage = "2.5.29.15",
                                  subject_alternative_name = "2.5.29.17", basic_constraints = "2.5.29.19",
                                  authority_key_id = "2.5.29.35", extended_key_usage = "2.5.29.37",
                                  precertificate_poison = "1.3.6.1.4.1.11129.2.4.3",
                                  fulcio = "1.3.6.1.4.1.57264.1";
}  // namespace oid

// Bits of key usage.
inline constexpr std::uint32_t digital_signature = 1U << 0, key_cert_sign = 1U << 5, crl_sign = 1U << 6;

Extension basic_constraints(bool ca, std::optional<unsigned> path_length = {}, bool critical = true);
Extension key_usage(std::uint32_t bits, bool critical = true);
Extension extended_key_usage(const std::vector<std::string_view>& purposes, bool critical = false);
Extension subject_key_id(BytesView key_id);
Extension authority_key_id(BytesView key_id);

// GeneralName, DER; an IP address that is none is written as the bytes of its text.
Bytes encode(const crypto::x509::GeneralName& name);
Extension subject_alternative_name(const std::vector<Bytes>& names, bool critical = true);

// 1.3.6.1.4.1.57264.1.`number`: the text itself up to 6, a UTF8String from 8 on.
Extension fulcio_claim(unsigned number, std::string_view value);
std::string fulcio_oid(unsigned number);

// That what carries it is no certificate yet (RFC 6962 3.1). Critical.
Extension precertificate_poison();

}  // namespace sigstore::authority::ca
