// A key's URI: what is read is written so that it is read as the same, and errors repeat no PIN.
#include <cstdlib>

#include "sigstore/keys/pkcs11/uri.h"

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  const std::string text = to_text({data, size});
  const auto uri = keys::parse_token_uri(text);
  if (!uri) {
    need(!uri.error().message.empty() && uri.error().code != Code::internal);
    need(uri.error().code == Code::not_mine || text.starts_with("pkcs11:"));
    return 0;
  }
  need(uri->slot || !uri->token.empty() || !uri->serial.empty());
  need(!uri->id.empty() || !uri->object.empty());
  need(!uri->pin_value || !uri->pin_value->empty());
  const std::string written = keys::write_token_uri(*uri);
  if (written.size() > text.size() * 3) return 0;  // too long to be read again, perhaps
  const auto again = keys::parse_token_uri(written);
  if (!again) {
    need(again.error().code == Code::too_large);
    return 0;
  }
  need(!again->pin_value && again->slot == uri->slot && again->token == uri->token &&
       again->serial == uri->serial && again->manufacturer == uri->manufacturer &&
       again->model == uri->model && again->id == uri->id && again->object == uri->object &&
       again->module_path == uri->module_path && again->pin_source == uri->pin_source);
  return 0;
}
