// Whatever GitHub gives out as the key that secrets are sealed for, and whatever names a place there.
#include <cstdlib>

#include "sigstore/crypto/sealed_box.h"
#include "sigstore/keys/github/github_secrets.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto answer = codec::json::parse(text, "the answer"))
    if (const auto key = keys::parse_github_key(*answer))
      require(key->key.size() == crypto::sealed_box_key_size && !key->id.empty());
  if (const auto place = keys::parse_github_reference("github://" + std::string(text))) {
    require(!place->owner.empty() && !place->path().ends_with("/.."));
    require(place->path().find_first_of(" ?#\\\n") == std::string::npos);
  }
  return 0;
}
