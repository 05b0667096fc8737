// Whatever a registry says when it refuses becomes a few short lines that a terminal can show.
#include <algorithm>
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/remote/registry/failure.h"

using namespace sigstore;
using namespace sigstore::remote;

namespace {

constexpr std::size_t most_errors = 3;
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
  const auto errors = parse_error_body(body);
  require(errors.size() <= most_errors);
  for (const auto& error : errors) {
    require(!error.code.empty() || !error.message.empty());
    require(is_one_line(error.code) && error.code.size() <= most_bytes);
    require(is_one_line(error.message) && error.message.size() <= most_bytes);
  }
  for (const int status : {400, 401, 403, 404, 409, 412, 413, 429, 500}) {
    Refusal refused;
    refused.status = status;
    refused.body = body;
    refused.repository = {"r.example", "app"};
    refused.subject = "tag v1 of r.example/app";
    refused.access = size % 2 == 0 ? Access::pull : Access::push;
    const Error error = refusal(refused);
    require(!error.message.empty() && is_one_line(error.message) && is_one_line(error.cause));
    require(error.cause.starts_with("HTTP " + std::to_string(status)));
    require(error.code != Code::not_found || status == 404);
  }
  return 0;
}
