// A link that is found stands in the header as it was written, and one that counts as the registry's own
// leads nowhere else.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/net/url.h"
#include "sigstore/remote/registry/link.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(as_text({data, size}));
  const auto target = remote::next_link(std::string_view(header));
  if (!target) return 0;
  require(target->find('>') == std::string::npos);
  require(header.find("<" + *target + ">") != std::string::npos);
  require(remote::next_link("<" + *target + ">; rel=\"next\"") == target);
  const auto page = net::Url::parse("https://r.example:5000/v2/app/tags/list?n=1");
  const auto next = page->resolve(*target);
  if (!next) return 0;
  require(next->text().find_first_of("\r\n ") == std::string::npos);
  if (next->same_origin(*page)) require(next->text().starts_with("https://r.example:5000/"));
  return 0;
}
