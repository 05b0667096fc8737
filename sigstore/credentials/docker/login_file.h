// Writing credentials as `docker login` does: through the helper that config.json names, else into the file.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"

namespace sigstore::credentials {

struct StoredLogin {
  std::string path;    // config.json
  std::string helper;  // the program that keeps the secret; "": the file itself does, unencrypted
};

// The file is read, changed and replaced at once (mode 0600, a link is followed, its folder is made with
// 0700). All it held stays, in order. On any error the file is byte for byte as it was. Code::not_found when
// neither DOCKER_CONFIG nor HOME says where it is.
Result<StoredLogin> store_login(const Env& env, const std::string& registry, const std::string& username,
                                const Secret& password);

// Removes it from `auths` under all its names, and from the helper; whether there was anything.
struct RemovedLogin {
  std::string path;
  bool found = false;
};
Result<RemovedLogin> remove_login(const Env& env, const std::string& registry);

}  // namespace sigstore::credentials
