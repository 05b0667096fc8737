#include "cosign/trusting/obtain.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "cosign/trusting/explain.h"
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

// What load() says of a cache that has expired.
bool is_kept(const Error& error) {
  return error.message.starts_with("what is kept of ");
}

std::string way_out(Session& session, const Error& error, const std::string& mirror) {
  const std::string path = is_url(mirror) ? "" : mirror_path(mirror);
  if (!path.empty() && error.code == Code::not_found && !session.env().files->exists(path))
    return "it was expected at " + path + ": put there what cosign mirror create wrote";
  if (has_expired(error)) return path.empty() ? error.hint : carry_newer(path);
  if (error.code == Code::tls && !error.hint.empty()) return error.hint;
  return is_network(error.code) && path.empty() ? without_network : error.hint;
}

Error told(Session& session, Error error, const std::string& mirror, Reach reach) {
  constexpr std::string_view offline = "--offline uses";
  error.hint = way_out(session, error, mirror);
  if (is_kept(error) && reach != Reach::refresh && !error.hint.starts_with(offline))
    error.hint += std::string(error.hint.empty() ? "" : "; or ") + "--offline uses what is kept";
  if (reach == Reach::refresh && error.hint.starts_with(offline))
    error.hint = "without --refresh what is kept is shown";
  return without_secrets(error.wrap("whom to trust could not be found out from " + mirror), mirror);
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
  if (!state) return fail(told(session, std::move(state.error()), place.mirror, reach));
  for (std::string& notice : state->notices)
    notice = without_secrets({Code::internal, std::move(notice), {}, {}}, place.mirror).message;
  session.remarks(state->notices);
  return state;
}

Result<std::string> target_of(const State& state, const std::string& name) {
  const auto found = std::ranges::find(state.targets, name, &sigstore::trust_cache::Kept::name);
  if (found != state.targets.end()) return found->content;
  if (const auto lost = state.lost.find(name); lost != state.lost.end())
    return fail(sigstore::trust_cache::incomplete(state.mirror, name, lost->second));
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
