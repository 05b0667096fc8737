#include "sigstore/base/env.h"

namespace sigstore {

Result<void> Files::write_atomic(const std::string& path, std::string_view text, unsigned mode) {
  TRY(auto file, create(path, mode));
  TRY_OK(file->write(as_bytes(text)));
  return file->commit();
}

}  // namespace sigstore
