// Certificates in words, for errors. What comes from the other side is bounded.
#pragma once

#include <openssl/x509.h>

#include <string>

namespace sigstore::net {

// The common name, else the organisation, else the whole name; "" when it has none of them.
std::string name_text(const X509_NAME* name);
// "2026-05-01", UTC; "" when it does not parse.
std::string date_text(const ASN1_TIME* time);
// The host names and addresses that it is for, with commas, and how many more there are; "" for none.
std::string hosts_text(const X509* certificate);

}  // namespace sigstore::net
