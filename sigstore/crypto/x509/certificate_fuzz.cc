// Certificates: what is read is written back as the same bytes, all of it lies within them, and nothing that
// is shown of it can move a cursor.
#include <algorithm>
#include <cstdlib>

#include "sigstore/codec/printable.h"
#include "sigstore/crypto/x509/certificate.h"

namespace {

using namespace sigstore;
using namespace sigstore::crypto::x509;

void need(bool holds) {
  if (!holds) std::abort();
}

void need_within(BytesView part, const Bytes& whole) {
  need(part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto certificate = Certificate::parse({data, size});
  if (!certificate) {
    need(certificate.error().code == Code::malformed || certificate.error().code == Code::too_large);
    return 0;
  }
  const auto& der = certificate->der();
  need(std::ranges::equal(der, BytesView(data, size)));
  need(Certificate::parse_pem(certificate->pem(), "fuzz")->front() == *certificate);
  for (const auto part : {certificate->tbs(), certificate->serial(), certificate->issuer_name(),
                          certificate->subject_name(), certificate->spki()})
    need_within(part, der);
  for (const auto& extension : certificate->extensions()) {
    need_within(extension.value, der);
    need(certificate->extension(extension.oid) == &extension);
  }
  for (const auto& text : {certificate->issuer_text(), certificate->subject_text()})
    need(codec::printable(text) == text);
  for (const auto& name : certificate->names()) {
    need(!name.value.empty());
    if (name.kind != GeneralName::Kind::other) need(codec::printable(name.value) == name.value);
  }
  if (const auto key = certificate->public_key()) need(std::ranges::equal(key->spki(), certificate->spki()));
  return 0;
}
