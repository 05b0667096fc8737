// A set that is accepted says the same when it is written and read again, and each of its keys is used or
// refused with a sentence.
#include <chrono>
#include <cstdlib>

#include "sigstore/keyset/signed_set.h"

using namespace sigstore;
using namespace sigstore::keyset;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void judge_keys(const KeySet& set, Time now) {
  const oci::Repository repository{"registry.example", "team/app"};
  for (const Key& key : set.keys) {
    require(set.find(key.key) == &key);
    for (const oci::Repository* where : {static_cast<const oci::Repository*>(nullptr), &repository}) {
      const auto verify = refusal(key, Use::verify, now, where);
      require(!verify || !verify->empty());
      require(key.state != State::revoked || verify);
      require(!verify || refusal(key, Use::sign, now, where));
    }
  }
}

void read_seen(std::string_view text) {
  const auto seen = Seen::parse(text, "what was seen");
  require(!seen || Seen::parse(seen->write(), "it again") == *seen);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_seen(as_text({data, size}));
  const auto set = SignedSet::parse(std::string(as_text({data, size})), "the set");
  if (!set) {
    require(!set.error().message.empty());
    return 0;
  }
  const Time now{std::chrono::seconds(1'800'000'000)};
  judge_keys(set->set, now);
  const auto again = KeySet::parse(set->set.write(), "the set again");
  require(again.has_value() && *again == set->set);
  const auto whole = SignedSet::parse(set->write(), "the file again");
  require(whole.has_value() && whole->document == set->document && whole->signatures == set->signatures);
  const auto verdict = judge(*set, {}, now, "the set");
  require(!verdict || signing_roots(*set).size() >= set->set.threshold);
  return 0;
}
