#include "sigstore/authority/testing/sigstore.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/state.h"
#include "sigstore/authority/testing/keys.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::authority::testing {
namespace {

using internal::amend;
using internal::must;

const Time trusted_since = codec::rfc3339::parse("2026-01-01T00:00:00Z").value();
constexpr auto year = std::chrono::hours(24 * 365);
constexpr int entries_before = 3;

crypto::x509::Validity years(int count) {
  return {trusted_since, trusted_since + count * year};
}

}  // namespace

Time usual_time() {
  return codec::rfc3339::parse("2026-06-01T12:00:00Z").value();
}

World other_world() {
  World world;
  world.seed = 2;
  world.domain = "other.test";
  return world;
}

crypto::PrivateKey& Sigstore::State::key(std::string_view name, crypto::KeyType type) {
  const std::string words = world.domain + " " + std::to_string(world.seed) + " " + std::string(name) + " " +
                            std::string(crypto::name(type));
  auto& slot = keys[words];
  if (slot == nullptr) slot = std::make_unique<crypto::PrivateKey>(key_named(type, words));
  return *slot;
}

ca::Holder Sigstore::State::holder(const crypto::Signer& key, crypto::x509::Validity validity) {
  Bytes serial =
      crypto::sha256(as_bytes(world.domain + std::to_string(world.seed) + std::to_string(++serials)));
  serial.resize(20);
  serial[0] = 0x40 | (serial[0] & 0x3F);
  return {key.public_key().spki(), validity, serial};
}

void Sigstore::State::make_ca() {
  auto& root_key = key("root", world.ca_key);
  auto made = ca::root(holder(root_key, years(10)), ca::make_name(world.domain, "root"));
  amend(world.root, made);
  const auto root_issuer = ca::issuer_of(made, root_key);
  root = must(ca::issue(made, root_issuer));
  auto& key_below = key("intermediate", world.ca_key);
  auto below =
      ca::intermediate(holder(key_below, years(9)), ca::make_name(world.domain, "intermediate"), root_issuer);
  amend(world.intermediate, below);
  issuer = ca::issuer_of(below, key_below);
  intermediate = must(ca::issue(below, root_issuer));
}

void Sigstore::State::make_tsa() {
  auto& root_key = key("tsa root", world.tsa_key);
  auto made = ca::root(holder(root_key, years(10)), ca::make_name(world.domain, "tsa root"));
  amend(world.tsa_root, made);
  const auto root_issuer = ca::issuer_of(made, root_key);
  tsa_root = must(ca::issue(made, root_issuer));
  auto leaf = ca::time_stamping(holder(key("tsa", world.tsa_key), years(9)),
                                ca::make_name(world.domain, "tsa"), root_issuer);
  amend(world.tsa, leaf);
  tsa_leaf = must(ca::issue(leaf, root_issuer));
}

void Sigstore::State::make_logs() {
  log::LogOptions v1{.shape = log::Shape::rekor_v1,
                     .host = "rekor." + world.domain,
                     .tree_id = 1193050959916656506,
                     .first_index = 1000};
  rekor = std::make_unique<log::TransparencyLog>(v1, key("rekor", world.rekor_key));
  log::LogOptions v2{.shape = log::Shape::rekor_v2, .host = "rekor2." + world.domain};
  rekor2 = std::make_unique<log::TransparencyLog>(v2, key("rekor2", world.rekor2_key));
  for (auto* const log : {rekor.get(), rekor2.get()}) grow(*log, entries_before);
}

void Sigstore::State::grow(log::TransparencyLog& log, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    must(log.append({"hashedrekord", "0.0.1", "entry " + std::to_string(log.size())}, world.now));
}

Sigstore::Sigstore(World world) : state_(std::make_unique<State>()) {
  state_->world = std::move(world);
  state_->make_ca();
  state_->make_tsa();
  state_->make_logs();
}
Sigstore::~Sigstore() = default;
Sigstore::Sigstore(Sigstore&&) noexcept = default;

Time Sigstore::now() const {
  return state_->world.now;
}

trust::TrustedRoot Sigstore::trusted_root() const {
  const trust::TimeRange valid{trusted_since, std::nullopt};
  const auto& world = state_->world;
  const auto authority = [&](const char* host, const Bytes& first, const Bytes& last) {
    trust::CertificateAuthority made;
    made.organization = world.domain;
    made.common_name = host + world.domain;
    made.uri = "https://" + made.common_name;
    for (const Bytes* const der : {&first, &last})
      made.chain.push_back(must(crypto::x509::Certificate::parse(*der)));
    made.valid = valid;
    return made;
  };
  trust::TrustedRoot root;
  root.tlogs = {must(state_->rekor->describe(valid)), must(state_->rekor2->describe(valid))};
  root.certificate_authorities = {authority("fulcio.", state_->intermediate, state_->root)};
  root.timestamp_authorities = {authority("tsa.", state_->tsa_leaf, state_->tsa_root)};
  const auto& ct_key = state_->key("ct", world.ct_key).public_key();
  root.ctlogs = {must(trust::list_log(ct_key, "https://ct." + world.domain, valid))};
  return root;
}

crypto::Signer& Sigstore::key(std::string_view name, crypto::KeyType type) {
  return state_->key(name, type);
}
ca::Issuer Sigstore::issuer() {
  return state_->issuer;
}
const Bytes& Sigstore::root() const {
  return state_->root;
}
const Bytes& Sigstore::intermediate() const {
  return state_->intermediate;
}
crypto::Signer& Sigstore::certificate_log() {
  return state_->key("ct", state_->world.ct_key);
}
log::TransparencyLog& Sigstore::rekor(log::Shape shape) {
  return shape == log::Shape::rekor_v1 ? *state_->rekor : *state_->rekor2;
}

}  // namespace sigstore::authority::testing
