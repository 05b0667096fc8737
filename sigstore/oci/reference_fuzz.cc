// A reference that is accepted is within its grammar, and its full form is read as the same thing again.
#include <algorithm>
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/oci/reference.h"

using namespace sigstore;
using namespace sigstore::oci;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_path(const std::string& path) {
  return path.size() >= 2 && path.front() != '/' && path.back() != '/' && !path.contains("//") &&
         path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-/") == std::string::npos;
}

// What goes into a URL: nothing in it may end the part of the URL where it stands.
bool is_url_safe(const std::string& text) {
  return text.find_first_of(" ?#%&\\\"\r\n\t") == std::string::npos;
}

void check(const Reference& reference) {
  require(is_path(reference.repository.path));
  require(!reference.repository.registry.empty() && !reference.repository.registry.contains('/'));
  require(is_url_safe(reference.text()) && is_url_safe(reference.tag_or_digest()));
  require(reference.tag || reference.digest);
  const auto again = Reference::parse(reference.text());
  require(again.has_value() && again->repository == reference.repository);
  require(again->text() == reference.text() && again->digest == reference.digest);
  require(Repository::parse(reference.repository.text()) == reference.repository);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reference = Reference::parse(as_text({data, size}));
  if (reference)
    check(*reference);
  else
    require(!reference.error().message.empty() && reference.error().text().size() < 2000);
  return 0;
}
