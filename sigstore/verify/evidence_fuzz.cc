// Hostile evidence before the judge, with a fixed trusted root. The first byte chooses: a bundle as JSON, or
// a good one of which one byte is changed somewhere: that is never accepted.
#include <cstdlib>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/verify/judge.h"

using namespace sigstore;
using namespace sigstore::verify;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Made once.
struct Fixed {
  authority::testing::Sigstore world;
  authority::testing::Signed v1 = world.sign();
  authority::testing::Signed v2 = world.sign({.log = authority::log::Shape::rekor_v2});
  TrustedMaterial material;
  Requirements required;

  Fixed() {
    material.parties = TrustedParties::from(world.trusted_root());
    required.any_identity = true;
    required.subject = oci::Digest::sha256(v1.artifact);
    required.wanted = Wanted::message;
    require(accepts(v1.bundle) && accepts(v2.bundle));
  }
  [[nodiscard]] bool accepts(const bundle::Bundle& bundle) const {
    crypto::PassingMessage file;
    expect(file, bundle, material);
    file.update(as_bytes(v1.artifact));
    file.finish();
    const Verdict verdict = judge(bundle, material, required, &file);
    require(!verdict.checks.empty() && verdict.checks.front().id == "material");
    require(!verdict.accepted() || (verdict.certificate && verdict.identity && !verdict.times.empty()));
    for (const Check& check : verdict.checks)
      require(check.status != Status::failed || !check.detail.empty());
    return verdict.accepted();
  }
};

const Fixed& fixed() {
  static const Fixed made;
  return made;
}

struct Cursor {
  BytesView rest;
  std::size_t take() {
    if (rest.empty()) return 0;
    const std::size_t value = rest[0];
    rest = rest.subspan(1);
    return value;
  }
};

// The parts of which every bit counts.
std::vector<std::uint8_t*> parts_of(bundle::Bundle& bundle, std::size_t which) {
  const auto all = [](auto& container) {
    std::vector<std::uint8_t*> places;
    for (auto& byte : container) places.push_back(reinterpret_cast<std::uint8_t*>(&byte));
    return places;
  };
  tlog::Entry& entry = bundle.evidence.tlog_entries[0];
  switch (which % 7) {
    case 0:
      return all(bundle.signature);
    case 1:
      return all(bundle.key.certificates[0]);
    case 2:
      return all(entry.body);
    case 3:
      return all(entry.signed_entry_timestamp);
    case 4:
      return all(entry.proof->root_hash);
    case 5:
      return entry.proof->hashes.empty() ? all(entry.log_id) : all(entry.proof->hashes[0]);
    default:
      return all(std::get<bundle::MessageContent>(bundle.content).digest);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  if (data[0] == '{') {
    if (const auto parsed = bundle::parse(std::string(as_text({data, size})))) (void)fixed().accepts(*parsed);
    return 0;
  }
  Cursor cursor{{data, size}};
  bundle::Bundle bundle = (cursor.take() % 2 == 0 ? fixed().v1 : fixed().v2).bundle;
  const auto places = parts_of(bundle, cursor.take());
  if (places.empty()) return 0;
  const std::size_t high = cursor.take(), low = cursor.take();
  std::uint8_t& place = *places[(high * 256 + low) % places.size()];
  const auto changed = static_cast<std::uint8_t>(cursor.take());
  if (place == changed) return 0;
  place = changed;
  require(!fixed().accepts(bundle));
  return 0;
}
