// The fields of a certificate (RFC 5280). Every error's message is a cause: the caller says of what.
#pragma once

#include "sigstore/codec/der.h"
#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509::internal {

// The content of an element Validity (4.1.2.5): UTCTime and GeneralizedTime to the second, in UTC.
Result<Validity> read_validity(codec::der::Reader fields);

// A Name, the whole element (4.1.2.4): its form only.
Result<void> check_name(BytesView name);
// What a name says, for people: escaped as RFC 4514 has it, but in the order of the certificate.
std::string name_text(BytesView name);

struct BasicConstraints {
  bool ca = false;
  std::optional<std::uint32_t> path_length;
};

// The contents of extensions (4.2.1.9, 4.2.1.3, 4.2.1.12, 4.2.1.6).
Result<BasicConstraints> read_basic_constraints(BytesView value);
Result<KeyUsage> read_key_usage(BytesView value);
Result<std::vector<std::string>> read_extended_key_usage(BytesView value);
Result<std::vector<GeneralName>> read_general_names(BytesView value);

}  // namespace sigstore::crypto::x509::internal
