// A line of annotations as JSON, then the payload: a layer that is accepted is written to the same value.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/bundle.h"

using namespace sigstore;
using namespace sigstore::bundle;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

oci::Annotations annotations_of(std::string_view line) {
  oci::Annotations out;
  const auto value = codec::json::parse(line, "annotations");
  if (!value || value->object() == nullptr) return out;
  for (const auto& [name, text] : value->object()->members())
    if (text.string() != nullptr) out[name] = *text.string();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto end = std::min(text.find('\n'), text.size());
  const std::string payload(text.substr(std::min(end + 1, text.size())));
  const auto bundle = from_layer(payload, annotations_of(text.substr(0, end)));
  if (!bundle) {
    require(!bundle.error().message.empty());
    return 0;
  }
  require(!bundle->signature.empty() && signed_bytes(bundle->content)->joined() == payload);
  require(bundle->key.hint.empty() && bundle->key.certificates.size() <= limits::certificates);
  const auto again = from_layer(payload, layer_annotations(*bundle));
  require(again.has_value() && *again == *bundle);
  return 0;
}
