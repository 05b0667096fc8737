// Whatever a service says when it refuses becomes one short line that a terminal can show.
#include <algorithm>
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/remote/service/failure.h"

using namespace sigstore;
using namespace sigstore::remote;

namespace {

constexpr std::size_t most_bytes = 310;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_one_line(const std::string& text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = as_text({data, size});
  const std::string words = words_of(body);
  require(is_one_line(words) && words.size() <= most_bytes);
  for (const int status : {301, 307, 400, 401, 403, 404, 409, 412, 413, 429, 500, 503}) {
    net::Response answer;
    answer.status = status;
    answer.body = body;
    answer.headers.set("Location", std::string(body));
    const Error error = service_failure("Vault", "read the key k", answer);
    require(!error.message.empty() && is_one_line(error.cause));
    require(error.cause.starts_with("HTTP " + std::to_string(status)));
    require(status / 100 == 3 || words.empty() || error.cause.ends_with(words));
  }
  return 0;
}
