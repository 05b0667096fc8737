// What is accepted reads the same when it is written again, holds no surprises, and leads to no realm that is
// refused.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/remote/registry/challenge.h"
#include "sigstore/remote/registry/realm.h"

using namespace sigstore;
using namespace sigstore::remote;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_name(const std::string& text) {
  return !text.empty() && text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ \t\r\n\",=\\") == std::string::npos;
}

std::string written(const Challenge& challenge) {
  std::string text = challenge.scheme;
  for (const auto& [name, value] : challenge.parameters) {
    text += text.size() == challenge.scheme.size() ? " " : ", ";
    text += name + "=\"";
    for (const char c : value) text += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    text += '"';
  }
  return text;
}

void check_round_trip(const std::vector<Challenge>& challenges) {
  std::string text;
  for (const auto& challenge : challenges) text += (text.empty() ? "" : ", ") + written(challenge);
  const auto again = parse_challenges(text);
  require(again.has_value() && *again == challenges);
}

void check_realm_of(const Challenge& challenge) {
  const auto registry = net::Url::parse("https://registry.example/v2/");
  const auto realm = check_realm(*registry, true, challenge.get("realm"));
  require(!realm || (realm->scheme == "https" && !net::is_loopback(realm->host) &&
                     !net::is_private_or_link_local(realm->host)));
  const auto unverified = check_realm(*registry, false, challenge.get("realm"));
  require(!unverified || unverified->host == registry->host);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(as_text({data, size}));
  const Challenge chosen = preferred_challenge({{"WWW-Authenticate", header}});
  require(chosen.scheme.empty() || chosen.scheme == "basic" || chosen.scheme == "bearer");
  const auto challenges = parse_challenges(header);
  if (!challenges) {
    require(chosen.scheme.empty());
    return 0;
  }
  for (const auto& challenge : *challenges) {
    require(is_name(challenge.scheme));
    for (const auto& [name, value] : challenge.parameters) require(is_name(name));
    check_realm_of(challenge);
  }
  check_round_trip(*challenges);
  return 0;
}
