// What scan() accepts and refuses is what parse() does, and the spans that it gives hold what parse() found.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/json_scan.h"

using namespace sigstore;
using namespace sigstore::codec;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// The one difference: a number that no tree can hold is passed over like any other.
bool is_about_an_exponent(const Error& error) {
  return error.cause.find("exponent overflow") != std::string::npos;
}

void check_member(std::string_view text, const json::Scanned& scanned, const json::Value& tree,
                  std::string_view name) {
  const auto* span = scanned.find(name);
  const auto* value = tree.get(name);
  require((span == nullptr) == (value == nullptr));
  if (span == nullptr) return;
  const auto again = json::parse(span->in(text), "the member");
  require(again.has_value() && *again == *value);
  require((span->kind == json::Kind::string) == (value->string() != nullptr));
  if (value->string() != nullptr) require(json::unquoted(span->in(text)) == *value->string());
  const auto without = json::parse(span->cut(text, "null"), "the rest");
  require(without.has_value() && without->get(name)->is_null());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto scanned = json::scan(text, "fuzz", {"a", "predicate", "subject"});
  const auto tree = json::parse(text, "fuzz");
  if (!tree) {
    if (scanned.has_value()) return require(is_about_an_exponent(tree.error())), 0;
    // A name that stands twice is noticed where its object ends; a bound may be met before.
    const bool bound = scanned.error().code == Code::too_large;
    require(bound || scanned.error().code == tree.error().code);
    require(bound || scanned.error().message == tree.error().message);
    return 0;
  }
  require(scanned.has_value());
  const auto root = json::parse(scanned->root.in(text), "the root");
  require(root.has_value() && *root == *tree);
  for (const auto* name : {"a", "predicate", "subject"}) check_member(text, *scanned, *tree, name);
  return 0;
}
