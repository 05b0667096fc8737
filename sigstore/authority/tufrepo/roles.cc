#include "sigstore/authority/tufrepo/internal/roles.h"

#include <algorithm>
#include <set>

#include "sigstore/tuf/key.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::authority::tufrepo {
namespace {

using std::chrono::seconds;

std::size_t distinct_signers(const Signers& signers) {
  std::set<Bytes> keys;
  for (const auto& signer : signers) keys.insert(signer->public_key().spki());
  return keys.size();
}

Result<void> check_role(const TufRole& role, const std::string& name) {
  if (role.threshold == 0) return fail(Code::invalid_argument, "the role " + name + " has a threshold of 0");
  if (const std::size_t count = distinct_signers(role.signers); count < role.threshold)
    return fail(Code::invalid_argument, "the role " + name + " would be signed by " + std::to_string(count) +
                                            " of the " + std::to_string(role.threshold) +
                                            " keys that its threshold wants");
  if (role.lifetime < seconds(1))
    return fail(Code::invalid_argument, "the role " + name + " would expire at once", "it has no lifetime");
  return {};
}

Result<void> list_key(const crypto::PublicKey& key, tuf::Keys& keys, std::vector<std::string>& ids) {
  TRY(const tuf::Key described, tuf::describe_key(key));
  const std::string id = tuf::key_id(described);
  keys.insert_or_assign(id, described);
  if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  return {};
}

}  // namespace

Result<tuf::Role> list_role(const TufRole& role, tuf::Keys& keys, const std::string& name) {
  TRY_OK(check_role(role, name));
  tuf::Role listed{.key_ids = {}, .threshold = role.threshold};
  for (const auto& signer : role.signers) TRY_OK(list_key(signer->public_key(), keys, listed.key_ids));
  for (const auto& key : role.others) TRY_OK(list_key(key, keys, listed.key_ids));
  return listed;
}

Result<tuf::Root> list_roles(const TufPublisher::Options& options) {
  tuf::Root root;
  root.consistent_snapshot = options.consistent_snapshot;
  TRY(root.root, list_role(options.root, root.keys, "root"));
  TRY(root.timestamp, list_role(options.timestamp, root.keys, "timestamp"));
  TRY(root.snapshot, list_role(options.snapshot, root.keys, "snapshot"));
  TRY(root.targets, list_role(options.targets, root.keys, "targets"));
  return root;
}

Time expiry(Time now, Duration lifetime) {
  return std::chrono::floor<seconds>(now) + std::chrono::floor<seconds>(lifetime);
}

std::string document_name(const std::string& role, std::uint64_t version, bool versioned) {
  return (versioned ? std::to_string(version) + "." : "") + tuf::metadata_file(role);
}

Result<void> check_target_path(const std::string& path) {
  const auto refused = [&](const char* why) {
    return fail(Code::invalid_argument, "no path of a target: '" + path + "'", why);
  };
  if (path.empty()) return refused("it is empty");
  std::size_t start = 0;
  while (true) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = std::string_view(path).substr(start, end - start);
    if (part.empty()) return refused("a part of it is empty");
    if (part == "." || part == "..") return refused("it leads elsewhere");
    if (end == path.size()) return {};
    start = end + 1;
  }
}

}  // namespace sigstore::authority::tufrepo
