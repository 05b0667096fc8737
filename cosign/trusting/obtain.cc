#include "cosign/trusting/obtain.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "cosign/trusting/mirror.h"
#include "cosign/trusting/place.h"
#include "sigstore/trust/signing_config.h"
#include "sigstore/trust/trusted_root.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::trust_cache::Reach;
using sigstore::trust_cache::State;
using sigstore::verify::TrustedParties;
using Parties = std::shared_ptr<const TrustedParties>;

// Codes for which it may be that this machine is cut off.
bool is_network(Code code) {
  return code == Code::unreachable || code == Code::timeout || code == Code::unavailable || code == Code::tls;
}

constexpr const char* without_network =
    "where there is no network: cosign mirror create FILE.tar where there is one, and here cosign initialize "
    "--mirror FILE.tar; or name the file with --trusted-root";

Error explained(Error error, const std::string& mirror) {
  if (is_network(error.code) && is_url(mirror)) error.hint = without_network;
  return error.wrap("whom to trust could not be found out from " + mirror);
}

Result<Parties> read_parties(Session& session, Reach reach) {
  TRY(const auto text, obtain_target(session, reach, trusted_root_target));
  TRY(auto root, sigstore::trust::TrustedRoot::parse(text, trusted_root_target));
  return TrustedParties::from(std::move(root));
}

}  // namespace

Result<std::string> check_target(const std::string& name, const std::string& content) {
  if (name == trusted_root_target) {
    const auto root = sigstore::trust::TrustedRoot::parse(content, name);
    if (!root) return fail(root.error().wrap("the repository's " + name + " cannot be used"));
  }
  if (name == signing_config_target || name == rekor_v2_config_target) {
    const auto config = sigstore::trust::SigningConfig::parse(content, name);
    if (!config) return "the repository's " + name + " cannot be used: " + config.error().text();
  }
  return "";
}

Result<State> load_trust(Session& session, Reach reach, const std::vector<std::string>& names) {
  TRY(auto place, trust_place(session.env()));
  place.check = check_target;
  auto state = sigstore::trust_cache::load(session.env(), place, reach, names, mirror_opener(session));
  if (!state) return fail(explained(std::move(state.error()), place.mirror));
  session.remarks(state->notices);
  return state;
}

Result<std::string> target_of(const State& state, const std::string& name) {
  const auto found = std::ranges::find(state.targets, name, &sigstore::trust_cache::Kept::name);
  if (found != state.targets.end()) return found->content;
  return fail(Code::not_found, "the TUF repository at " + state.mirror + " has no " + name, {},
              name == trusted_root_target
                  ? "name whom to trust with --trusted-root FILE (cosign trusted-root create makes one)"
                  : "");
}

Result<std::string> obtain_target(Session& session, Reach reach, const std::string& name) {
  TRY(const auto state, load_trust(session, reach, {name}));
  return target_of(state, name);
}

sigstore::check::Obtain obtain_parties(Session& session, Reach reach) {
  struct Once {
    std::mutex mutex;
    std::optional<Result<Parties>> found;
  };
  return [&session, reach, once = std::make_shared<Once>()]() -> Result<Parties> {
    const std::lock_guard lock(once->mutex);
    if (!once->found) once->found = read_parties(session, reach);
    return *once->found;
  };
}

}  // namespace cosign
