// Any bundle that is accepted has a document that says it is unverified, which is JSON, and a line for each
// value that cannot draw lines of its own.
#include <algorithm>
#include <cstdlib>

#include "cosign/commands/bundle-inspect/bundle_facts.h"
#include "sigstore/base/bytes.h"

using namespace cosign::bundle_inspect;
namespace json = sigstore::codec::json;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = inspect(std::string(sigstore::as_text({data, size})));
  if (!document) {
    require(!document.error().message.empty());
    return 0;
  }
  require(*document->find("verified")->boolean() == false);
  const auto again = json::parse(json::write(*document), "again");
  require(again.has_value() && *again == json::Value(*document));
  const std::string tree = as_tree(*document);
  for (std::size_t at = 0; at < tree.size(); at = tree.find('\n', at) + 1) {
    const auto first = tree.find_first_not_of(' ', at);
    require((first - at) % 2 == 0 && tree[first] == '-' && tree.find('\n', at) != std::string::npos);
  }
  return 0;
}
