#include "sigstore/keyset/scope.h"

#include <algorithm>
#include <string>
#include <vector>

namespace sigstore::keyset {
namespace {

constexpr std::size_t longest_glob = 512;
constexpr std::string_view hub = "docker.io/", hub_itself = "index.docker.io/";

bool may_stand(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/:*[]").contains(c);
}

std::unexpected<Error> refuse(std::string_view glob, std::string cause) {
  return fail(Code::malformed,
              "\"" + std::string(glob.substr(0, longest_glob)) + "\" is no glob of repositories",
              std::move(cause), "write the registry, too: registry.example/team/**");
}

// What stands behind the registry.
Result<void> check_path(std::string_view glob, std::string_view path) {
  const auto never = [](char c) { return (c >= 'A' && c <= 'Z') || std::string_view(":[]").contains(c); };
  if (std::ranges::any_of(path, never))
    return refuse(glob, "no repository has capitals, colons or brackets behind its registry");
  if (path.empty() || path.front() == '/' || path.ends_with('/') || path.contains("//"))
    return refuse(glob, "it has an empty part between slashes");
  const bool on_hub = glob.starts_with(hub) || glob.starts_with(hub_itself);
  if (on_hub && !path.contains('/') && !path.contains("**"))
    return refuse(glob, "repositories of Docker Hub have two parts: docker.io/library/nginx");
  return {};
}

// Which prefixes of `text` the glob up to here matches: one step over a part of the glob.
using Prefixes = std::vector<bool>;

Prefixes over_character(const Prefixes& before, std::string_view text, char c) {
  Prefixes after(before.size(), false);
  for (std::size_t i = 0; i < text.size(); ++i) after[i + 1] = before[i] && text[i] == c;
  return after;
}

Prefixes over_star(const Prefixes& before, std::string_view text, bool slashes) {
  Prefixes after = before;
  for (std::size_t i = 0; i < text.size(); ++i)
    after[i + 1] = after[i + 1] || (after[i] && (slashes || text[i] != '/'));
  return after;
}

bool matches_text(std::string_view glob, std::string_view text) {
  Prefixes reached(text.size() + 1, false);
  reached[0] = true;
  while (!glob.empty()) {
    if (glob[0] != '*') {
      reached = over_character(reached, text, glob[0]);
      glob.remove_prefix(1);
      continue;
    }
    const std::size_t stars = std::min(glob.find_first_not_of('*'), glob.size());
    reached = over_star(reached, text, stars > 1);
    glob.remove_prefix(stars);
  }
  return reached[text.size()];
}

}  // namespace

Result<void> check_glob(std::string_view glob) {
  if (glob.empty()) return refuse(glob, "it is empty");
  if (glob.size() > longest_glob) return refuse(glob, "it is longer than 512 bytes");
  if (!std::ranges::all_of(glob, may_stand)) return refuse(glob, "no repository has such a character");
  const std::string_view registry = glob.substr(0, glob.find('/'));
  if (registry.size() == glob.size() && !glob.contains("**"))
    return refuse(glob, "it names a registry alone");
  if (registry != "localhost" && registry.find_first_of(".:*") == std::string_view::npos)
    return refuse(glob, "\"" + std::string(registry) + "\" is no registry");
  if (registry.size() == glob.size()) return {};
  return check_path(glob, glob.substr(registry.size() + 1));
}

bool matches(std::string_view glob, const oci::Repository& repository) {
  const std::string text = repository.text();
  if (glob.starts_with(hub)) return matches_text("index." + std::string(glob), text);
  return matches_text(glob, text);
}

}  // namespace sigstore::keyset
