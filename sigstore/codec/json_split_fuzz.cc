// What is split is all of the text but the white space between; and a single document that is JSON is one.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/codec/json_split.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_white(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto objects = codec::json::split_objects(text, "text", 1000);
  if (objects) {
    const char* at = text.data();
    for (const auto& object : *objects) {
      require(object.starts_with('{') && object.ends_with('}'));
      require(is_white({at, object.data()}));
      at = object.data() + object.size();
    }
    require(is_white({at, text.data() + text.size()}));
  }
  const auto whole = codec::json::scan(text, "text");
  if (whole && whole->root.kind == codec::json::Kind::object)
    require(objects.has_value() && objects->size() == 1 && (*objects)[0] == whole->root.in(text));
  return 0;
}
