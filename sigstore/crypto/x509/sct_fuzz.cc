// SCTs, by the input's first octet: one in TLS, a detached one in any form, or a list in a certificate.
#include <algorithm>
#include <cstdlib>

#include "sigstore/crypto/x509/sct.h"

namespace {

using namespace sigstore;
using namespace sigstore::crypto::x509;

void need(bool holds) {
  if (!holds) std::abort();
}

void try_one(BytesView tls) {
  const auto sct = parse_sct(tls);
  if (!sct) return;
  need(std::ranges::equal(encode_sct(*sct), tls));
  need(sct->log_id.size() == 32);
}

void try_detached(BytesView content) {
  const auto sct = read_detached_sct(as_text(content), "fuzz");
  if (sct) need(parse_sct(encode_sct(*sct)) == *sct);
}

// The certificate without its list is one that no list can be taken out of any more.
void try_embedded(BytesView der) {
  const auto certificate = Certificate::parse(der);
  if (!certificate) return;
  const auto scts = embedded_scts(*certificate);
  const auto tbs = precertificate_tbs(*certificate);
  need(tbs.has_value() == (certificate->extension(sct_list_oid) != nullptr));
  if (tbs) need(tbs->size() < certificate->tbs().size());
  if (!scts) return;
  need(scts->empty() == (certificate->extension(sct_list_oid) == nullptr));
  if (!scts->empty())
    need(std::ranges::equal(encode_sct_list(*scts), certificate->extension(sct_list_oid)->value));
  const auto key = certificate->public_key();
  for (const auto& sct : *scts) {
    if (key) need(!verify_embedded(sct, *certificate, *certificate, *key));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  switch (data[0]) {
    case 'd':
      try_detached(rest);
      break;
    case 'e':
      try_embedded(rest);
      break;
    default:
      try_one(rest);
  }
  return 0;
}
