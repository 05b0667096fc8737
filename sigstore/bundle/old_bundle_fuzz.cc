// An old bundle or a log entry that is accepted keeps its bounds, and the entry is read from its own form
// again.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/log_entry.h"
#include "sigstore/bundle/old_bundle.h"

using namespace sigstore;
using namespace sigstore::bundle;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_entry(const tlog::Entry& entry) {
  require(!entry.signed_entry_timestamp.empty() && !entry.body.empty() && entry.log_id.size() == 32);
  const auto again = read_log_entry(codec::json::write(old_rekor_bundle(entry)));
  auto old = entry;
  old.proof.reset();
  require(again.has_value() && *again == old);
  const auto signature = signature_in_log_entry(entry);
  require(signature || !signature.error().message.empty());
}

// Nothing is lost on the way into a Bundle, and what a key says of itself is a hint alone.
void check_upgrade(const OldBundle& old, const Bundle& bundle) {
  require(!bundle.signature.empty() && bundle.key.certificates == old.certificates);
  const auto& entries = bundle.evidence.tlog_entries;
  require(old.log_entry ? entries == std::vector{*old.log_entry} : entries.empty());
  require(bundle.key.hint.empty() == old.public_key.empty());
}

void check_upgrades(const OldBundle& old) {
  const auto message = message_bundle(old);
  require(message || !old.public_key.empty());
  if (message) check_upgrade(old, *message);
  if (message) require(message->signature == old.signature);
  const auto envelopes = envelope_bundles(old);
  if (!envelopes) return;
  require(!envelopes->empty() && envelopes->size() <= limits::envelope_signatures);
  for (const Bundle& bundle : *envelopes) check_upgrade(old, bundle);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto entry = read_log_entry(text)) check_entry(*entry);
  const auto old = parse_old_bundle(text);
  if (!old) {
    require(!old.error().message.empty());
    return 0;
  }
  require(!old->signature.empty() && old->certificates.size() <= limits::certificates);
  require(old->public_key.empty() || old->certificates.empty());
  if (old->log_entry) check_entry(*old->log_entry);
  check_upgrades(*old);
  return 0;
}
