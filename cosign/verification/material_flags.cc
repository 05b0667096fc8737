#include "cosign/verification/material_flags.h"

#include "cosign/options/key_help.h"
#include "cosign/trusting/obtain.h"
#include "cosign/verification/trusted_keys.h"
#include "sigstore/base/limits.h"
#include "sigstore/remote/rekor/look_up.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::trust_cache::Reach;
using sigstore::verify::Requirements;

void declare_later(LaterFlags& later, FlagSet& flags) {
  const auto refused = LaterFlags::Effect::refused;
  later.declare(flags, refused, "sk", "", "verify with the public key of a hardware token", instead_of_sk);
  later.declare(flags, refused, "slot", "NAME", "slot of the hardware token");
  const auto ignored = LaterFlags::Effect::ignored;
  later.declare(flags, ignored, "allow-certificate-chain", "",
                "has no effect: certificates beside the signer's are always taken, and never trusted");
  later.declare(flags, ignored, "new-bundle-format", "", "both formats are always looked at");
}

// Where authorities and logs are named one by one, one that is missing is found before anything is judged.
Result<void> check_parts(const sigstore::trust::TrustedRoot& root, const Requirements& requirements) {
  const auto missing = [](const std::string& what, std::string hint) {
    return fail(Code::invalid_argument, "no " + what + " is named to trust", {}, std::move(hint));
  };
  if (requirements.log_entries > 0 && root.tlogs.empty())
    return missing("transparency log",
                   "name its public key by SIGSTORE_REKOR_PUBLIC_KEY, or pass --insecure-ignore-tlog=true");
  if (requirements.scts > 0 && root.ctlogs.empty())
    return missing(
        "log of certificates",
        "name its public key by SIGSTORE_CT_LOG_PUBLIC_KEY_FILE, or pass --insecure-ignore-sct=true");
  if (requirements.signed_times > 0 && root.timestamp_authorities.empty())
    return missing("authority of timestamps", "add --timestamp-certificate-chain FILE");
  return {};
}

}  // namespace

void MaterialFlags::declare(FlagSet& flags) {
  flags.list("key", &keys, "KEY", key_help("public key") + "; or a key set. Repeated, any of them may verify")
      .takes = Takes::public_key;
  identity.declare(flags);
  trust.declare(flags);
  evidence.declare(flags);
}

void MaterialFlags::declare_rest(FlagSet& flags) {
  flags.number("threshold", &threshold, "so many different keys must have signed");
  key_set.declare(flags);
  identity.declare_rest(flags);
  evidence.declare_rest(flags);
  signer.declare_rest(flags);
  trust.declare_rest(flags);
  flags
      .text("rekor-url", &rekor_url, "URL",
            "the log that is asked for the entry of a signature of the old formats that came without one; "
            "without "
            "this flag nobody is asked")
      .section = Section::compatibility;
  declare_later(later, flags);
}

bool MaterialFlags::names_signer() const {
  return !keys.empty() || identity.given() || !signer.certificate.empty();
}

Result<void> MaterialFlags::check_keys() const {
  if (keys.size() > sigstore::limits::keys_given)
    return fail(Code::too_large, "more than " + std::to_string(sigstore::limits::keys_given) + " --key", {},
                "put them into a key set: cosign keyset create");
  if (!signer.certificate.empty())
    return fail(Code::invalid_argument, "--key and --certificate exclude each other",
                "a signature is verified with the one or the other",
                "leave --certificate out, or --key and name the signer with --certificate-identity");
  if (identity.given())
    return fail(Code::invalid_argument, "a key and an identity exclude each other",
                "a signature by --key carries no certificate, of which --certificate-identity and "
                "--certificate-oidc-issuer are asked",
                "`cosign bundle inspect FILE` says which of both a bundle holds");
  return {};
}

// A trusted root is for signatures by certificate, mostly.
std::string MaterialFlags::name_signer(const std::string& example) const {
  const std::string who = "--certificate-identity NAME --certificate-oidc-issuer URL";
  if (!trust.trusted_root.empty()) return "add " + who + ", or --key cosign.pub";
  return example + "\nor, where the signature has a certificate, " + who + " in place of --key";
}

Result<void> MaterialFlags::check(const std::string& example) const {
  TRY_OK(later.refuse());
  TRY_OK(trust.check());
  if (threshold < 1)
    return fail(Code::invalid_argument, "--threshold " + std::to_string(threshold) + " is less than one key");
  if (!keys.empty()) return check_keys();
  if (!names_signer())
    return fail(Code::invalid_argument, "whose signature is wanted is not said",
                "there is neither --key nor --certificate-identity", name_signer(example));
  TRY_OK(check_without_keys());
  TRY_OK(identity.rule());
  return {};
}

// With a certificate's signer.
Result<void> MaterialFlags::check_without_keys() const {
  if (threshold > 1)
    return fail(Code::invalid_argument, "--threshold counts keys, not identities",
                "the key of a certificate is used once", "leave it out");
  if (key_set.given())
    return fail(Code::invalid_argument, "what a key set must be is given beside an identity",
                "a key set names keys", "leave out what begins with --keyset-");
  return {};
}

Result<void> MaterialFlags::check_absent() const {
  if (threshold == 1 && !key_set.given()) return {};
  return fail(Code::invalid_argument, "what must have signed it is given, and no key", {},
              "add --key cosign.pub");
}

Result<void> MaterialFlags::apply_identity(Session& session, sigstore::check::Options& options) const {
  TRY(auto rule, identity.rule());
  session.notes(warnings(rule));
  options.requirements.identities.push_back(std::move(rule));
  options.material.at = session.env().clock->now();
  return signer.apply(session, options.material);
}

// The log is asked about signatures alone that would be judged by its entry.
Result<sigstore::check::LookUp> MaterialFlags::look_up(Session& session,
                                                       const Requirements& requirements) const {
  if (rekor_url.empty() || evidence.offline || requirements.log_entries == 0)
    return sigstore::check::LookUp();
  TRY(auto url, sigstore::remote::parse_rekor_url(rekor_url, "--rekor-url"));
  const auto rekor =
      std::make_shared<sigstore::remote::Rekor>(session.env(), session.keys().connect({}), std::move(url));
  return
      [rekor](const sigstore::bundle::Bundle& bundle, const sigstore::tlog::LoggedSignature& signer,
              sigstore::BytesView file) { return sigstore::remote::look_up(*rekor, bundle, signer, file); };
}

Result<void> MaterialFlags::apply(Session& session, sigstore::check::Options& options) const {
  Requirements& requirements = options.requirements;
  if (!trust.timestamp_chain.empty()) requirements.signed_times = 1;
  evidence.apply(requirements);
  options.threshold = static_cast<std::size_t>(threshold);
  if (keys.empty()) {
    TRY_OK(apply_identity(session, options));
  } else {
    TRY(options.material, open_trusted_keys(session, keys, key_set));
    TRY_OK(check_reach(options.material, options.threshold));
    if (requirements.log_entries == 0 && requirements.signed_times == 0) return {};
  }
  TRY(options.look_up, look_up(session, requirements));
  TRY(options.material.parties, trust.open(session));
  if (options.material.parties == nullptr) {
    options.obtain = obtain_parties(session, evidence.offline ? Reach::offline : Reach::fresh);
    return {};
  }
  if (!keys.empty() || !trust.trusted_root.empty()) return {};
  if (!trust.names_issuer(session))
    return fail(Code::invalid_argument,
                "whom to trust is not said: a certificate needs an authority that vouches for it",
                "where logs or timestamps are named one by one, nothing is fetched besides",
                "name it by --certificate-chain or --ca-roots, or all of them by --trusted-root FILE");
  return check_parts(options.material.parties->root(), requirements);
}

}  // namespace cosign
