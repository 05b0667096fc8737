#include "cosign/trusting/explain.h"

#include <algorithm>
#include <optional>

#include "cosign/trusting/mirror.h"
#include "cosign/trusting/place.h"
#include "sigstore/base/limits.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/metadata.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::Result;
using sigstore::tuf::Repository;

void replace_all(std::string& text, const std::string& old, const std::string& with) {
  for (std::size_t at = text.find(old); at != text.npos; at = text.find(old, at + with.size()))
    text.replace(at, old.size(), with);
}

bool mentions(const Error& error, std::string_view flag) {
  return error.hint.find(flag) != std::string::npos;
}

Result<std::string> root_of(Repository& repository, std::uint64_t version) {
  return repository.metadata(std::to_string(version) + ".root.json", sigstore::limits::tuf_root_bytes);
}

// Where no root of a repository can be compared, whoever signs its timestamp may be.
Leads signs_timestamp(Repository& repository, const sigstore::tuf::Root& root) {
  const std::string file = "timestamp.json";
  const auto text = repository.metadata(file, sigstore::limits::tuf_timestamp_bytes);
  if (!text) return text.error().code == Code::not_found ? Leads::nothing_there : Leads::unknown;
  const auto parsed = sigstore::tuf::parse_timestamp(*text, file);
  if (!parsed) return Leads::unknown;
  const auto good = sigstore::tuf::verify_threshold(root.timestamp, root.keys, parsed->signed_bytes,
                                                    parsed->signatures, file);
  return good ? Leads::yes : Leads::no;
}

constexpr const char* name_the_root =
    "name the root of this repository: --root FILE (its 1.root.json, had from somebody you trust)";

// Where the root is the wrong one, or nothing is there at all, that is what has to be said.
std::optional<Error> wrong_root(Session& session, const Error& error, const std::string& mirror,
                                const Beginning& beginning) {
  const auto repository = open_mirror(session, mirror);
  const Leads leads = repository ? leads_to(**repository, beginning.root) : Leads::unknown;
  if (leads == Leads::nothing_there)
    return Error{Code::not_found, "there is no TUF repository at " + mirror,
                 "it has no timestamp.json, and no root that follows the one that is trusted",
                 "is this the base of a TUF repository?"};
  if (leads != Leads::no) return std::nullopt;
  Error wrong = error.wrap("the root that trust begins with (" + beginning.name + ") does not lead to what " +
                           mirror + " publishes");
  wrong.hint = name_the_root;
  return wrong;
}

}  // namespace

std::string shown_mirror(const std::string& mirror) {
  const auto scheme = mirror.find("://");
  if (scheme == mirror.npos) return mirror;
  std::string rest = mirror.substr(scheme + 3);
  rest.resize(std::min(rest.find_first_of("?#"), rest.size()));
  const auto user = rest.substr(0, rest.find('/')).rfind('@');
  if (user != rest.npos) rest.erase(0, user + 1);
  return mirror.substr(0, scheme + 3) + rest;
}

Error without_secrets(Error error, const std::string& mirror) {
  const std::string shown = shown_mirror(mirror);
  if (shown == mirror) return error;
  for (std::string* text : {&error.message, &error.cause, &error.hint}) replace_all(*text, mirror, shown);
  return error;
}

bool has_expired(const Error& error) {
  return error.code == Code::timeout && error.text().find(" has expired") != std::string::npos;
}

Error about_a_mirror(Error error) {
  if (mentions(error, "--allow-http-registry"))
    error.hint = "if it is plain HTTP, write http:// in its address";
  else if (mentions(error, "--registry-cacert"))
    error.hint = "SSL_CERT_FILE=FILE names the authorities that are trusted";
  else if (mentions(error, "--registry-server-name"))
    error.hint = "ask for it by a name of its certificate";
  else if (mentions(error, "--registry-"))
    error.hint.clear();
  return error;
}

Leads leads_to(Repository& repository, const std::string& root) {
  const auto first = sigstore::tuf::parse_root(root, "root.json");
  if (!first) return Leads::unknown;
  const auto same = root_of(repository, first->body.version);
  if (same) {
    const auto parsed = sigstore::tuf::parse_root(*same, "root.json");
    return parsed && parsed->signed_bytes == first->signed_bytes ? Leads::yes : Leads::no;
  }
  if (same.error().code != Code::not_found) return Leads::unknown;
  const auto next = root_of(repository, first->body.version + 1);
  if (!next && next.error().code != Code::not_found) return Leads::unknown;
  if (!next) return signs_timestamp(repository, first->body);
  const auto parsed = sigstore::tuf::parse_root(*next, "root.json");
  const bool led =
      parsed && sigstore::tuf::verify_threshold(first->body.root, first->body.keys, parsed->signed_bytes,
                                                parsed->signatures, "root.json");
  return led ? Leads::yes : Leads::no;
}

std::string carry_newer(const std::string& path) {
  return "carry a newer one: cosign mirror create where there is a network, and what it wrote in the place "
         "of " +
         path;
}

Error explained(Session& session, Error error, const std::string& mirror, const Beginning& beginning,
                const std::string& failure) {
  const bool expired = has_expired(error);
  if (expired || error.code == Code::bad_signature)
    if (auto wrong = wrong_root(session, error, mirror, beginning))
      return without_secrets(std::move(*wrong), mirror);
  if (expired && !is_url(mirror)) error.hint = carry_newer(mirror_path(mirror));
  return without_secrets(error.wrap(failure), mirror);
}

}  // namespace cosign
