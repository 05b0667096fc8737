// What is accepted keeps to the bounds, has each key once, and is read again from JSON as the same value.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/yaml/yaml.h"

using namespace sigstore;
using namespace sigstore::codec;

namespace {

constexpr yaml::ParseOptions small = {.max_bytes = 64 * limits::kib, .max_values = 4000, .max_documents = 64};

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t check(const json::Value& value, std::size_t depth) {
  require(depth <= small.max_depth);
  std::size_t values = 1;
  if (const auto* list = value.array())
    for (const auto& each : *list) values += check(each, depth + 1);
  if (const auto* map = value.object()) {
    std::set<std::string> names;
    for (const auto& member : map->members()) {
      require(names.insert(member.key).second);
      values += check(member.value, depth + 1);
    }
  }
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto documents = yaml::parse(as_text({data, size}), "fuzz", small);
  if (!documents) {
    require(!documents.error().message.empty());
    return 0;
  }
  require(documents->size() <= small.max_documents);
  std::size_t values = 0;
  for (const auto& document : *documents) {
    values += check(document.value, 0);
    const auto again = json::parse(json::write(document.value), "written");
    require(again.has_value() && *again == document.value);
  }
  require(values <= small.max_values + documents->size());
  return 0;
}
