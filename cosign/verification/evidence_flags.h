// How much evidence a signature needs besides itself: log entries, signed times, certificates' logs.
#pragma once

#include "cosign/args/flag_set.h"
#include "sigstore/verify/judge.h"

namespace cosign {

struct EvidenceFlags {
  bool ignore_tlog = false;
  bool private_infrastructure = false;
  bool offline = false;
  bool ignore_sct = false;
  bool signed_timestamps = false;

  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // The numbers of `requirements`. A signed time that something else asks for already stays asked for.
  // Without log and signed time nothing but the current time is left to judge a certificate at.
  void apply(sigstore::verify::Requirements& requirements) const;
};

}  // namespace cosign
