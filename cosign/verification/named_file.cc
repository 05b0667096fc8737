#include "cosign/verification/named_file.h"

namespace cosign {

sigstore::Result<std::string> read_named(Session& session, const std::string& path, std::string_view by,
                                         std::size_t most) {
  auto text = session.read_file(path, most);
  if (!text) return sigstore::fail(text.error().wrap("what " + std::string(by) + " names cannot be read"));
  return text;
}

}  // namespace cosign
