// A payload that is accepted names an image, and what is written from it says the same.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/payload/simple_signing.h"

using namespace sigstore;
using namespace sigstore::payload;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

oci::Annotations texts(const codec::json::Object& object) {
  oci::Annotations out;
  for (const auto& [name, value] : object.members())
    if (value.string() != nullptr) out[name] = *value.string();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto payload = SimpleSigning::parse(as_text({data, size}));
  if (!payload) {
    require(!payload.error().message.empty());
    return 0;
  }
  require(oci::Digest::parse(payload->manifest_digest.text()).has_value());
  require(payload->has_optional || payload->optional.empty());
  const auto annotations = texts(payload->optional);
  const auto again = SimpleSigning::parse(
      write_simple_signing(payload->docker_reference, payload->manifest_digest, annotations));
  require(again.has_value() && again->type == simple_signing_type);
  require(again->manifest_digest == payload->manifest_digest &&
          again->docker_reference == payload->docker_reference);
  require(texts(again->optional) == annotations && again->has_optional == !annotations.empty());
  return 0;
}
