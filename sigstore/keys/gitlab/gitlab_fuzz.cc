// Whatever GitLab answers for a variable, and whatever names a place there.
#include <cstdlib>

#include "sigstore/keys/gitlab/gitlab_variables.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto document = codec::json::parse(text, "the answer"))
    if (const auto value = keys::parse_gitlab_variable(*document, "COSIGN_PUBLIC_KEY"))
      require(value->size() <= limits::key_file_bytes);
  const auto place = keys::parse_gitlab_reference("gitlab://" + std::string(text));
  require(!place || (!place->empty() && *place == text));
  require(!place || place->find_first_of(" ?#%\\\n") == std::string::npos);
  return 0;
}
