// What has a canonical form is parsed and written to that form again, whatever the order of its members was.
#include <algorithm>
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/olpc_json.h"

using namespace sigstore;
using namespace sigstore::codec;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

json::Value reversed(const json::Value& value) {
  if (const auto* array = value.array()) {
    json::Array out;
    for (const auto& element : *array) out.push_back(reversed(element));
    return out;
  }
  if (const auto* object = value.object()) {
    json::Object out;
    for (auto at = object->members().rbegin(); at != object->members().rend(); ++at) {
      out.append(at->key, reversed(at->value));
    }
    return out;
  }
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = json::parse(as_text({data, size}), "fuzz");
  if (!value) return 0;
  const auto canonical = json::write_olpc(*value);
  if (!canonical) {
    require(canonical.error().code == Code::malformed && !canonical.error().message.empty());
    return 0;
  }
  const auto again = json::parse(json::olpc_as_json(*canonical), "canonical");
  require(again.has_value());
  require(json::write_olpc(*again) == *canonical);
  require(json::write_olpc(reversed(*value)) == *canonical);
  return 0;
}
