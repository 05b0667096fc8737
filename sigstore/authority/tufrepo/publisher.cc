#include "sigstore/authority/tufrepo/publisher.h"

#include <algorithm>

#include "sigstore/authority/tufrepo/internal/roles.h"
#include "sigstore/base/limits.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::authority {
namespace {

constexpr std::uint32_t most_bin_bits = 12;

// Targets, at the top or delegated to.
struct Vouching {
  tuf::Targets body;
  Signers signers;
  Duration lifetime{};
  std::map<std::string, std::shared_ptr<const std::string>> contents;  // by target path
  bool due = true;
  std::uint64_t published = 0;  // version
};

// All that changes, but for the files.
struct Work {
  TufPublisher::Options options;
  tuf::Root root;
  std::string root_document;
  std::map<std::string, Vouching> vouching;  // by role
  tuf::Snapshot snapshot;
  tuf::Timestamp timestamp;
  bool snapshot_due = true, timestamp_due = true;
};

// The next version of a document.
template <class Body>
Result<std::string> sign_next(Body& body, std::uint64_t last, Time expires, const Signers& signers) {
  body.version = last + 1;
  body.expires = expires;
  return tuf_document(tuf::to_sign(body), signers);
}

class Publication {
 public:
  Publication(Work& work, Time now, Time until) : work_(work), now_(now), until_(until) {}

  Result<TufFiles> run() {
    if (work_.root.expires <= now_)
      return fail(Code::timeout, "the root of this repository has expired", "", "rotate it first");
    for (auto& [role, vouching] : work_.vouching) TRY_OK(publish(role, vouching));
    TRY_OK(publish_snapshot());
    TRY_OK(publish_timestamp());
    return std::move(files_);
  }

 private:
  [[nodiscard]] bool consistent() const { return work_.root.consistent_snapshot; }

  Result<void> publish(const std::string& role, Vouching& vouching) {
    if (!vouching.due && vouching.body.expires >= until_) return {};
    TRY(std::string document, sign_next(vouching.body, vouching.published,
                                        tufrepo::expiry(now_, vouching.lifetime), vouching.signers));
    vouching.published = vouching.body.version;
    vouching.due = false;
    for (const auto& [path, content] : vouching.contents)
      files_["targets/" + tuf::target_file(path, vouching.body.targets.at(path), consistent())] = *content;
    work_.snapshot.meta[role + ".json"] = tuf_meta_file(vouching.published, document);
    work_.snapshot_due = true;
    files_[tufrepo::document_name(role, vouching.published, consistent())] = std::move(document);
    return {};
  }

  Result<void> publish_snapshot() {
    auto& snapshot = work_.snapshot;
    if (!work_.snapshot_due && snapshot.expires >= until_) return {};
    const TufRole& role = work_.options.snapshot;
    TRY(std::string document, sign_next(snapshot, work_.timestamp.snapshot.version,
                                        tufrepo::expiry(now_, role.lifetime), role.signers));
    work_.snapshot_due = false;
    work_.timestamp.snapshot = tuf_meta_file(snapshot.version, document);
    work_.timestamp_due = true;
    files_[tufrepo::document_name("snapshot", snapshot.version, consistent())] = std::move(document);
    return {};
  }

  Result<void> publish_timestamp() {
    auto& timestamp = work_.timestamp;
    if (!work_.timestamp_due && timestamp.expires >= until_) return {};
    const TufRole& role = work_.options.timestamp;
    TRY(files_["timestamp.json"],
        sign_next(timestamp, timestamp.version, tufrepo::expiry(now_, role.lifetime), role.signers));
    work_.timestamp_due = false;
    return {};
  }

  Work& work_;
  Time now_, until_;
  TufFiles files_;
};

}  // namespace

struct TufPublisher::State {
  Work work;
  TufFiles files;

  Result<Vouching*> find(const std::string& role) {
    const auto found = work.vouching.find(role);
    if (found == work.vouching.end()) return fail(Code::not_found, "no role vouches for targets as " + role);
    return &found->second;
  }
  // The role that a target of this path belongs to: `role`, or its hash bin.
  Result<Vouching*> find(const std::string& role, const std::string& path) {
    TRY(Vouching * vouching, find(role));
    const auto& delegations = vouching->body.delegations;
    const auto* bins = delegations ? std::get_if<tuf::SuccinctRoles>(&delegations->roles) : nullptr;
    return bins != nullptr ? find(tuf_bin(bins->name_prefix, bins->bit_length, path)) : vouching;
  }
  void add(const std::string& name, const TufRole& role) {
    Vouching& vouching = work.vouching[name];
    vouching.signers.insert(vouching.signers.end(), role.signers.begin(), role.signers.end());
    if (vouching.lifetime == Duration{}) vouching.lifetime = role.lifetime;
    vouching.due = true;
  }
  // Signs the root that is in `next`.
  Result<void> take_root(Work next, const Signers& signers, std::uint64_t last, Time now) {
    TRY(next.root_document,
        sign_next(next.root, last, tufrepo::expiry(now, next.options.root.lifetime), signers));
    work = std::move(next);
    files[tufrepo::document_name("root", work.root.version, true)] = work.root_document;
    return {};
  }
};

TufPublisher::TufPublisher(std::unique_ptr<State> state) : state_(std::move(state)) {}
TufPublisher::TufPublisher(TufPublisher&&) noexcept = default;
TufPublisher& TufPublisher::operator=(TufPublisher&&) noexcept = default;
TufPublisher::~TufPublisher() = default;

Result<TufPublisher> TufPublisher::create(Options options, Time now) {
  auto state = std::make_unique<State>();
  Work work;
  TRY(work.root, tufrepo::list_roles(options));
  work.timestamp.version = 0;
  work.timestamp.snapshot.version = 0;
  work.vouching["targets"].signers = options.targets.signers;
  work.vouching["targets"].lifetime = options.targets.lifetime;
  const Signers signers = options.root.signers;
  work.options = std::move(options);
  TRY_OK(state->take_root(std::move(work), signers, 0, now));
  return TufPublisher(std::move(state));
}

Result<void> TufPublisher::set_target(const std::string& path, std::string content, const std::string& role) {
  TRY_OK(tufrepo::check_target_path(path));
  if (content.size() > limits::tuf_target_bytes)
    return fail(Code::too_large, "the target " + path + " has more bytes than clients take",
                std::to_string(content.size()) + " of at most " + std::to_string(limits::tuf_target_bytes));
  TRY(Vouching * vouching, state_->find(role, path));
  tuf::TargetFile described = tuf_target_file(content);
  auto& listed = vouching->body.targets[path];
  if (listed == described) return {};
  listed = std::move(described);
  vouching->contents[path] = std::make_shared<const std::string>(std::move(content));
  vouching->due = true;
  return {};
}

Result<void> TufPublisher::remove_target(const std::string& path, const std::string& role) {
  TRY(Vouching * vouching, state_->find(role, path));
  if (vouching->body.targets.erase(path) == 0) return {};
  vouching->contents.erase(path);
  vouching->due = true;
  return {};
}

Result<void> TufPublisher::delegate(const std::string& by, TufDelegation delegation) {
  const std::string name = delegation.name;
  TRY(Vouching * vouching, state_->find(by));
  if (name.empty() || delegation.paths.has_value() == delegation.path_hash_prefixes.has_value())
    return fail(Code::invalid_argument, "a role needs a name, and either paths or hash prefixes");
  if (name == "root" || name == "timestamp" || name == "snapshot" || name == "targets")
    return fail(Code::conflict, name + " is no role that can be delegated to");
  tuf::Delegations next = vouching->body.delegations.value_or(tuf::Delegations{});
  auto* list = std::get_if<std::vector<tuf::Delegation>>(&next.roles);
  if (list == nullptr) return fail(Code::conflict, "the role " + by + " delegates to hash bins");
  if (std::ranges::find(*list, name, &tuf::Delegation::name) != list->end())
    return fail(Code::conflict, "the role " + by + " delegates to " + name + " already");
  TRY(tuf::Role listed, tufrepo::list_role(delegation.role, next.keys, name));
  list->push_back({name, std::move(listed), delegation.terminating, std::move(delegation.paths),
                   std::move(delegation.path_hash_prefixes)});
  vouching->body.delegations = std::move(next);
  vouching->due = true;
  state_->add(name, delegation.role);
  return {};
}

Result<void> TufPublisher::delegate_bins(const std::string& by, const std::string& name_prefix,
                                         std::uint32_t bit_length, const TufRole& role) {
  TRY(Vouching * vouching, state_->find(by));
  if (vouching->body.delegations) return fail(Code::conflict, "the role " + by + " delegates already");
  if (name_prefix.empty() || bit_length == 0 || bit_length > most_bin_bits)
    return fail(Code::invalid_argument,
                "hash bins need a name, and 1 to " + std::to_string(most_bin_bits) + " bits");
  tuf::Delegations next;
  TRY(tuf::Role listed, tufrepo::list_role(role, next.keys, name_prefix));
  next.roles = tuf::SuccinctRoles{std::move(listed), bit_length, name_prefix};
  vouching->body.delegations = std::move(next);
  vouching->due = true;
  for (std::uint32_t i = 0; i < std::uint32_t{1} << bit_length; ++i)
    state_->add(tuf::bin_name(name_prefix, bit_length, i), role);
  return {};
}

Result<void> TufPublisher::rotate(Options options, Time now) {
  const Work& last = state_->work;
  Work next = last;
  TRY(next.root, tufrepo::list_roles(options));
  const bool other_names = next.root.consistent_snapshot != last.root.consistent_snapshot;
  next.snapshot_due |= other_names || next.root.snapshot != last.root.snapshot;
  next.timestamp_due |= next.root.timestamp != last.root.timestamp;
  for (auto& [role, vouching] : next.vouching)
    vouching.due |= other_names || (role == "targets" && next.root.targets != last.root.targets);
  next.vouching["targets"].signers = options.targets.signers;
  next.vouching["targets"].lifetime = options.targets.lifetime;
  Signers signers = last.options.root.signers;
  signers.insert(signers.end(), options.root.signers.begin(), options.root.signers.end());
  next.options = std::move(options);
  return state_->take_root(std::move(next), signers, last.root.version, now);
}

Result<void> TufPublisher::publish(Time now, Time until) {
  Work next = state_->work;
  TRY(TufFiles files, Publication(next, now, until).run());
  state_->work = std::move(next);
  for (auto& [name, content] : files) state_->files[name] = std::move(content);
  return {};
}

const TufFiles& TufPublisher::files() const {
  return state_->files;
}
const std::string& TufPublisher::root() const {
  return state_->work.root_document;
}

std::string tuf_bin(const std::string& name_prefix, std::uint32_t bit_length, std::string_view path) {
  return tuf::bin_name(name_prefix, bit_length, tuf::bin_of(bit_length, path));
}

}  // namespace sigstore::authority
