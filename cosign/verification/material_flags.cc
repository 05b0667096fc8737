#include "cosign/verification/material_flags.h"

#include "cosign/options/key_help.h"
#include "cosign/verification/trusted_keys.h"
#include "sigstore/base/limits.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

void declare_refused(LaterFlags& later, FlagSet& flags) {
  const auto refused = LaterFlags::Effect::refused;
  later.declare(flags, refused, "sk", "", "verify with the public key of a hardware token", instead_of_sk);
  later.declare(flags, refused, "slot", "NAME", "slot of the hardware token");
  later.declare(flags, refused, "certificate", "FILE", "certificate of the signer");
  later.declare(flags, refused, "certificate-chain", "FILE", "its chain");
  for (const char* name :
       {"certificate-email", "certificate-identity", "certificate-identity-regexp", "certificate-oidc-issuer",
        "certificate-oidc-issuer-regexp", "certificate-github-workflow-trigger",
        "certificate-github-workflow-sha", "certificate-github-workflow-name",
        "certificate-github-workflow-repository", "certificate-github-workflow-ref"})
    later.declare(flags, refused, name, "VALUE", "identity in the signer's certificate");
  later.declare(flags, refused, "use-signed-timestamps", "", "require a signed timestamp");
  later.declare(flags, refused, "timestamp-certificate-chain", "FILE", "authority of signed timestamps");
}

void declare_ignored(LaterFlags& later, FlagSet& flags) {
  const auto ignored = LaterFlags::Effect::ignored;
  later.declare(flags, ignored, "ca-roots", "FILE", "not used with --key");
  later.declare(flags, ignored, "ca-intermediates", "FILE", "not used with --key");
  later.declare(flags, ignored, "sct", "FILE", "not used with --key");
  later.declare(flags, ignored, "insecure-ignore-sct", "", "not used with --key");
  later.declare(flags, ignored, "allow-certificate-chain", "", "not used with --key");
  later.declare(flags, ignored, "rekor-url", "URL", "the log is never asked");
  later.declare(flags, ignored, "trusted-root", "FILE", "not used with --key and the log ignored");
  later.declare(flags, ignored, "new-bundle-format", "", "both formats are always looked at");
}

}  // namespace

void MaterialFlags::declare(FlagSet& flags) {
  flags.list("key", &keys, "KEY", key_help("public key") + "; or a key set. Repeated, any of them may verify")
      .takes = Takes::public_key;
  flags.boolean("insecure-ignore-tlog", &ignore_tlog, "accept signatures that are in no transparency log");
}

void MaterialFlags::declare_rest(FlagSet& flags) {
  flags.number("threshold", &threshold, "so many different keys must have signed");
  key_set.declare(flags);
  flags.boolean("private-infrastructure", &private_infrastructure, "the same as --insecure-ignore-tlog")
      .section = Section::compatibility;
  flags.boolean("offline", &offline, "has no effect: nothing is ever asked that was not named").section =
      Section::compatibility;
  declare_refused(later, flags);
  declare_ignored(later, flags);
}

Result<void> MaterialFlags::check(const std::string& example) const {
  TRY_OK(later.refuse());
  if (threshold < 1)
    return fail(Code::invalid_argument, "--threshold " + std::to_string(threshold) + " is less than one key");
  if (keys.size() > sigstore::limits::keys_given)
    return fail(Code::too_large, "more than " + std::to_string(sigstore::limits::keys_given) + " --key", {},
                "put them into a key set: cosign keyset create");
  if (!keys.empty()) return {};
  return fail(Code::unsupported,
              "verifying without --key needs certificates, which this version cannot judge", {}, example);
}

Result<void> MaterialFlags::check_absent() const {
  if (threshold == 1 && !key_set.given()) return {};
  return fail(Code::invalid_argument, "what must have signed it is given, and no key", {},
              "add --key cosign.pub");
}

Result<void> MaterialFlags::apply(Session& session, sigstore::check::Options& options) const {
  TRY(options.material, open_trusted_keys(session, keys, key_set));
  options.threshold = static_cast<std::size_t>(threshold);
  options.requirements.log_entries = ignore_tlog || private_infrastructure ? 0 : 1;
  return check_reach(options.material, options.threshold);
}

}  // namespace cosign
