// A registry that plays quirks, without a socket.
#pragma once

#include "server/registry/play/elsewhere.h"
#include "server/registry/play/quirk.h"
#include "server/registry/testing/driver.h"

namespace server::registry::play::testing {

namespace json = sigstore::codec::json;
namespace media_type = sigstore::oci::media_type;
using registry::testing::Body;
using registry::testing::Driver;
using registry::testing::Reply;
using sigstore::net::Headers;
using sigstore::oci::Digest;

// What is pushed before play() is in the registry as if it had always been there.
class Played : public Driver {
 public:
  using Driver::Driver;

  void play(const std::vector<std::string>& names) {
    stage = {plain, "http://127.0.0.2:1", "secret"};
    role = play::play(plain, *find_quirks(names), stage);
  }
  // An answer of the other host.
  Reply elsewhere(const std::string& target, const Headers& headers = {}) {
    const host::Role here = std::exchange(role, play::elsewhere(stage));
    Reply reply = get(target, headers);
    role = here;
    return reply;
  }
  int head(const std::string& target) { return send("HEAD", target).status; }

  const host::Role plain = role;
  Stage stage;
};

inline json::Object with_subject(const std::string& manifest) {
  return json::Object{{"subject", Driver::descriptor(media_type::oci_manifest, manifest)}};
}

inline std::string digest_path(const std::string& manifest) {
  return "/v2/app/manifests/" + Digest::sha256(manifest).text();
}

}  // namespace server::registry::play::testing
