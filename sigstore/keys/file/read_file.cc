#include "sigstore/keys/file/internal/read_file.h"

#include "sigstore/base/limits.h"
#include "sigstore/keys/shown.h"

namespace sigstore::keys::internal {
namespace {

bool is_web_address(const std::string& reference) {
  return reference.starts_with("http://") || reference.starts_with("https://");
}

Error explain(const Error& error, const std::string& path) {
  if (error.code == Code::not_found)
    return {Code::not_found,
            "key file not found: " + path,
            {},
            "give the path of the key file; cosign generate-key-pair makes cosign.key and cosign.pub"};
  if (error.code == Code::too_large) return error.wrap(path + " is not a key file");
  return {error.code, "cannot read key file " + path, error.cause.empty() ? error.message : error.cause,
          error.hint};
}

}  // namespace

Result<std::string> read_key_file(const Env& env, const std::string& reference) {
  if (reference.empty())
    return fail(Code::invalid_argument, "the name of the key is empty", {},
                "give --key FILE or --key env://NAME");
  if (is_web_address(reference))
    return fail(Code::unsupported, "a key is not fetched from a web address", {},
                "download the key, and give its file");
  auto text = env.files->read(reference, limits::key_file_bytes);
  if (!text) return fail(explain(text.error(), shown(reference)));
  return text;
}

}  // namespace sigstore::keys::internal
