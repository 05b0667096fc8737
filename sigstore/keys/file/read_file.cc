#include "sigstore/keys/file/internal/read_file.h"

#include "sigstore/base/limits.h"

namespace sigstore::keys::internal {
namespace {

// The scheme of a key reference that is no path: "awskms", "pkcs11"; else empty.
std::string scheme_of(const std::string& reference) {
  if (reference.starts_with("pkcs11:")) return "pkcs11";
  const auto end = reference.find("://");
  if (end == std::string::npos || end == 0) return {};
  return reference.substr(0, end);
}

std::unexpected<Error> unsupported_scheme(const std::string& scheme) {
  const bool is_web = scheme == "http" || scheme == "https";
  return fail(Code::unsupported,
              "keys of the kind " + scheme + (scheme == "pkcs11" ? ":" : "://") + " are not supported yet",
              {}, is_web ? "download the key, and give its file" : "give a key file, or env://NAME");
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
  const std::string scheme = scheme_of(reference);
  if (!scheme.empty()) return unsupported_scheme(scheme);
  auto text = env.files->read(reference, limits::key_file_bytes);
  if (!text) return fail(explain(text.error(), reference));
  return text;
}

}  // namespace sigstore::keys::internal
