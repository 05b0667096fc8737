#include "cosign/trusting/place.h"

#include <filesystem>

#include "cosign/trusting/explain.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/words.h"
#include "sigstore/trust_cache/public_roots.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Env;
using sigstore::fail;
using sigstore::Result;
using sigstore::trust_cache::Place;

constexpr std::size_t remote_bytes = 64 * 1024;

std::string variable(const Env& env, const char* name) {
  return env.variables->get(name).value_or("");
}

std::string without_end(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// Where real cosign keeps it, whether it may be used or not.
std::string known_folder(const Env& env) {
  if (auto folder = variable(env, "TUF_ROOT"); !folder.empty()) return without_end(std::move(folder));
  const std::string home = variable(env, "HOME");
  return home.empty() ? "" : home + "/.sigstore/root";
}

constexpr std::string_view file_scheme = "file://";
constexpr const char* forms =
    "https://HOST/PATH, http://HOST/PATH, file:///PATH, a folder, or a FILE.tar of `cosign mirror create`";

std::string absolute(const std::string& path) {
  std::error_code failed;
  const auto found = std::filesystem::absolute(path, failed);
  return without_end(failed ? path : found.lexically_normal().string());
}

// "tuf.test:8080", "tuf.test:8080/path": whoever leaves out the scheme means no folder of that name.
bool is_host_and_port(std::string_view text) {
  text = text.substr(0, text.find('/'));
  const auto colon = text.rfind(':');
  if (colon == 0 || colon == text.npos || colon + 1 == text.size()) return false;
  return text.find_first_not_of("0123456789", colon + 1) == text.npos;
}

Result<std::string> named_mirror(const Env& env, const std::string& folder) {
  if (auto mirror = variable(env, "TUF_MIRROR"); !mirror.empty())
    return chosen_mirror(env, mirror, "TUF_MIRROR");
  if (folder.empty()) return std::string(public_mirror);
  const std::string path = folder + "/remote.json";
  const auto text = sigstore::trust_cache::read_committed(*env.files, folder, "remote.json", remote_bytes);
  if (!text && text.error().code == Code::not_found) return std::string(public_mirror);
  if (!text) return fail(text.error());
  const auto document = sigstore::codec::json::parse(*text, path);
  if (!document) return fail(document.error());
  const auto* mirror = document->get("mirror");
  if (mirror != nullptr && mirror->string() != nullptr && !mirror->string()->empty())
    return *mirror->string();
  return fail(Code::malformed, path + " names no mirror", "it has to be as cosign initialize writes it",
              "cosign initialize");
}

}  // namespace

std::string kept_root(const Env& env, const std::string& folder, const std::string& mirror) {
  if (folder.empty()) return "";
  const std::string path = sigstore::trust_cache::folder_name(mirror) + "/root.json";
  return sigstore::trust_cache::read_committed(*env.files, folder, path, sigstore::limits::tuf_root_bytes)
      .value_or("");
}

std::string mirror_name(const std::string& given) {
  if (is_url(given) || given.starts_with(file_scheme)) return given;
  return absolute(given);
}

std::string mirror_path(const std::string& mirror) {
  return absolute(mirror.starts_with(file_scheme) ? mirror.substr(file_scheme.size()) : mirror);
}

Result<std::string> chosen_mirror(const Env& env, const std::string& given, const std::string& what) {
  const auto refuse = [&](const std::string& why, const std::string& instead) {
    return fail(Code::invalid_argument, what + " " + shown_mirror(given) + " is no mirror", why, instead);
  };
  if (given.empty()) return fail(Code::invalid_argument, what + " names no mirror", "it is empty", forms);
  const bool file = given.starts_with(file_scheme);
  if (file && !given.starts_with("file:///")) return refuse("its path is not absolute", forms);
  if (!is_url(given) && !file && given.find("://") != given.npos)
    return refuse("it begins with none of http://, https:// and file:///", forms);
  if (is_host_and_port(given) && !env.files->exists(given))
    return refuse("it looks like a host and a port", "https://" + given);
  return mirror_name(given);
}

std::string built_in_root(std::string_view mirror) {
  if (mirror == public_mirror) return sigstore::trust_cache::production_root();
  if (mirror == staging_mirror) return sigstore::trust_cache::staging_root();
  return "";
}

std::string assumed_root(std::string_view mirror, bool staging) {
  return built_in_root(staging || mirror == staging_mirror ? staging_mirror : public_mirror);
}

bool is_nothing_kept(const Env& env) {
  return sigstore::codec::parse_bool(variable(env, "SIGSTORE_NO_CACHE")).value_or(false);
}

std::string cache_folder(const Env& env) {
  return is_nothing_kept(env) ? "" : known_folder(env);
}

Result<Place> trust_place(const Env& env) {
  const std::string folder = known_folder(env);
  Place place;
  TRY(place.mirror, named_mirror(env, folder));
  place.folder = cache_folder(env);
  if (folder.empty()) place.nowhere = "neither TUF_ROOT nor HOME names a folder";
  const auto path = variable(env, "TUF_ROOT_JSON");
  if (!path.empty() && place.mirror != public_mirror) {  // as real cosign has it
    auto root = env.files->read(path, sigstore::limits::tuf_root_bytes);
    if (!root) return fail(root.error().wrap("what TUF_ROOT_JSON names cannot be read"));
    place.root = std::move(*root);
    place.root_is_named = true;
    return place;
  }
  // Of a mirror whose cache is not to be used what it has been trusted with counts all the same.
  if (place.folder.empty()) place.root = kept_root(env, folder, place.mirror);
  if (place.root.empty()) place.root = built_in_root(place.mirror);
  return place;
}

}  // namespace cosign
