#include "cosign/verification/evidence_flags.h"

namespace cosign {

void EvidenceFlags::declare(FlagSet& flags) {
  flags.boolean("insecure-ignore-tlog", &ignore_tlog, "accept signatures that are in no transparency log");
}

void EvidenceFlags::declare_rest(FlagSet& flags) {
  flags.boolean("use-signed-timestamps", &signed_timestamps,
                "demand a time that an authority has signed (RFC 3161)");
  flags.boolean("insecure-ignore-sct", &ignore_sct,
                "accept certificates that are in no log of certificates (no SCT)");
  flags.boolean("private-infrastructure", &private_infrastructure, "the same as --insecure-ignore-tlog")
      .section = Section::compatibility;
  flags.boolean(
      "offline", &offline,
      "ask nobody whom to trust, and no log: what is kept on this machine counts, also when it has expired");
}

void EvidenceFlags::apply(sigstore::verify::Requirements& requirements) const {
  requirements.log_entries = ignore_tlog || private_infrastructure ? 0 : 1;
  requirements.scts = ignore_sct ? 0 : 1;
  if (signed_timestamps) requirements.signed_times = 1;
  requirements.current_time = requirements.log_entries == 0 && requirements.signed_times == 0;
}

}  // namespace cosign
