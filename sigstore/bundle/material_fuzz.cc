// What stands in the place of a signature, of certificates, of a timestamp: read alike however often, and
// what was read is what is read from its plainest form.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/material.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/pem.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto signature = bundle::read_signature(text, "signature")) {
    require(!signature->empty());
    require(bundle::read_signature(codec::base64::encode(*signature), "again") == *signature);
  }
  if (const auto certificates = bundle::read_certificates(text, "certificates")) {
    require(!certificates->empty() && certificates->size() <= limits::certificates);
    std::string pem;
    for (const Bytes& certificate : *certificates) pem += codec::pem::encode("CERTIFICATE", certificate);
    require(pem.size() > limits::pem_bytes || bundle::read_certificates(pem, "again") == *certificates);
  }
  if (const auto timestamp = bundle::read_timestamp(text, "timestamp"))
    require(bundle::read_timestamp(as_text(*timestamp), "again") == *timestamp);
  return 0;
}
