#include "server/registry/page/summary.h"

#include "server/registry/page/format.h"
#include "sigstore/payload/simple_signing.h"
#include "sigstore/payload/statement.h"

namespace server::registry::page {

using html::Html;
using Standing = Signer::Standing;
using Kind = sigstore::store::Attachment::Kind;

bool is_signature(const Signer& signer) {
  return signer.type == sigstore::payload::cosign_sign_predicate ||
         signer.type == sigstore::payload::simple_signing_type;
}

Summary summary_of(const Survey& survey, bool checked) {
  Summary summary;
  summary.checked = checked;
  summary.complete =
      survey.answer.complete && survey.attachments.failures.empty() && !survey.attachments.truncated;
  for (const auto& attachment : survey.attachments.found) {
    const auto found = survey.answer.signers.find(attachment.location);
    std::size_t signatures = 0;
    if (found != survey.answer.signers.end())
      for (const Signer& signer : found->second) {
        if (!is_signature(signer)) continue;
        ++signatures;
        if (signer.standing == Standing::verified) summary.verified_by.insert(signer.key_name);
        summary.refused = summary.refused || signer.standing == Standing::refused;
      }
    summary.signatures += signatures;
    if (signatures == 0) ++summary.others;
  }
  return summary;
}

Html as_badge(const Summary& summary) {
  if (!summary.verified_by.empty()) {
    std::string names;
    for (const std::string& name : summary.verified_by) names += (names.empty() ? "" : ", ") + name;
    return badge(Tone::good, "verified with " + names);
  }
  const std::string count = count_text(summary.signatures, "signature");
  if (summary.refused) return badge(Tone::bad, count + ", none that counts");
  if (summary.signatures != 0)
    return summary.checked ? badge(Tone::careful, count + " by no known key")
                           : badge(Tone::plain, count + ", not verified");
  return badge(Tone::plain, summary.complete ? "not signed" : "not looked at");
}

}  // namespace server::registry::page
