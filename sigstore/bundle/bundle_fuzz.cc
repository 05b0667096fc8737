// A bundle that is accepted keeps the bounds; what can be written is read as the same value, and stays so.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/bundle.h"

using namespace sigstore;
using namespace sigstore::bundle;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Bundle& bundle) {
  require(!bundle.signature.empty());
  require(!std::holds_alternative<SimpleSigningContent>(bundle.content));
  require(bundle.evidence.tlog_entries.size() <= limits::tlog_entries);
  require(bundle.evidence.timestamps.size() <= limits::timestamps);
  require(bundle.key.certificates.size() <= limits::certificates);
  require(bundle.key.certificates.empty() || bundle.key.hint.empty());
  require(hint_as_fingerprint(bundle.key.hint).size() < 400);
  if (const auto* message = std::get_if<MessageContent>(&bundle.content))
    require(message->digest.empty() || message->digest.size() == crypto::size_of(message->algorithm));
  require(signed_bytes(bundle.content).has_value() ==
          std::holds_alternative<EnvelopeContent>(bundle.content));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bundle = parse(std::string(as_text({data, size})));
  if (!bundle) {
    require(!bundle.error().message.empty());
    return 0;
  }
  check(*bundle);
  const auto written = write(*bundle);
  if (!written) {
    require(written.error().code == Code::unsupported);
    return 0;
  }
  const auto again = parse(*written);
  require(again.has_value() && *again == *bundle && *write(*again) == *written);
  return 0;
}
