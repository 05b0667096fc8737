#include "cosign/session/deliver.h"

namespace cosign {

using sigstore::Result;

Result<void> write_file(Session& session, const std::string& path, std::string_view text,
                        const std::string& line) {
  TRY_OK(session.env().files->write_atomic(path, text, 0600));
  if (!line.empty()) session.note(line + path);
  return {};
}

Result<void> deliver(Session& session, const std::string& path, std::string_view text,
                     const std::string& line) {
  if (!path.empty()) return write_file(session, path, text, line);
  session.out(text);
  return {};
}

}  // namespace cosign
