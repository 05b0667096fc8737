// Any bytes have a media type, of two parts and without parameters, and only the first 512 of them count.
#include <cstdlib>

#include "cosign/commands/upload-blob/content_type.h"
#include "sigstore/base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = sigstore::as_text({data, size});
  const auto type = cosign::upload_blob::content_type(text);
  const auto slash = type.find('/');
  if (slash == std::string::npos || slash == 0 || type.find_first_of(" ;,") != std::string::npos)
    std::abort();
  if (type != cosign::upload_blob::content_type(text.substr(0, 512))) std::abort();
  return 0;
}
