#include "cosign/args/command.h"

#include <algorithm>
#include <iterator>

#include "cosign/attaching/attaching.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"
#include "sigstore/bundle/log_entry.h"
#include "sigstore/bundle/material.h"
#include "sigstore/payload/simple_signing.h"

namespace cosign {

std::string help_attach_signature();  // help.md

namespace {

namespace bundle = sigstore::bundle;
namespace limits = sigstore::limits;
namespace payload = sigstore::payload;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::store::Format;

class AttachSignatureCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"attach", "signature"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "attach a signature that was made elsewhere to a container image";
  }
  [[nodiscard]] std::string manual() const override { return help_attach_signature(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  void declare(FlagSet& flags) override;
  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override;

 private:
  Result<Given> read(Session& session, const AttachTarget& target) const;
  Result<std::string> payload_for(Session& session, const AttachTarget& target) const;
  Result<void> read_signature(Session& session, bundle::Bundle& signature) const;
  Result<void> read_certificates(Session& session, bundle::Bundle& signature) const;
  Result<void> read_evidence(Session& session, bundle::Bundle& signature) const;
  [[nodiscard]] bool has_parts() const {
    return !(signature_.empty() && certificate_.empty() && chain_.empty() && timestamp_.empty() &&
             log_entry_.empty());
  }

  AttachFlags flags_;
  std::string signature_, payload_, certificate_, chain_, timestamp_, log_entry_;
};

void AttachSignatureCommand::declare(FlagSet& flags) {
  flags.text("signature", &signature_, "FILE", "the signature, in base64 or as it is; `-` is stdin");
  flags.text("payload", &payload_, "FILE", "what was signed; or a sigstore bundle, which needs nothing else");
  flags.text("bundle", &payload_, "FILE", "the same as --payload");
  flags.text("certificate", &certificate_, "FILE", "the signer's certificate: PEM, base64 of PEM, or DER");
  flags.text("certificate-chain", &chain_, "FILE",
             "the certificates above it, from the one that issued it to the root");
  flags.text("tsr", &timestamp_, "FILE", "the answer of a timestamp authority over the signature (RFC 3161)");
  flags.text("rekor-response", &log_entry_, "FILE",
             "the log's entry: Rekor's answer, or the bundle of sign-blob of cosign 2");
  flags_.declare(flags);
}

// What `cosign sign` would have signed, or a file that names this image.
Result<std::string> AttachSignatureCommand::payload_for(Session& session, const AttachTarget& target) const {
  if (payload_.empty()) {
    session.note("WARNING: no --payload: the signature is taken for one over what `cosign generate " +
                 sigstore::oci::digest_reference(target.reference.repository, target.image.digest) +
                 "` prints");
    return payload::write_simple_signing(target.reference.repository.text(), target.image.digest, {});
  }
  TRY(auto text, session.read_file(payload_, limits::attachment_bytes));
  return text;
}

Result<void> AttachSignatureCommand::read_signature(Session& session, bundle::Bundle& signature) const {
  if (signature_.empty())
    return fail(Code::invalid_argument, "--signature is missing", {},
                "--signature FILE, or --payload FILE with a sigstore bundle");
  TRY(const auto text, session.read_file(signature_, limits::key_file_bytes));
  TRY(signature.signature, bundle::read_signature(text, signature_ == "-" ? "the signature" : signature_));
  return {};
}

Result<void> AttachSignatureCommand::read_certificates(Session& session, bundle::Bundle& signature) const {
  if (certificate_.empty() && chain_.empty()) return {};
  if (certificate_.empty())
    return fail(Code::invalid_argument, "--certificate-chain without --certificate", {},
                "the chain begins with what issued the certificate");
  TRY(const auto leaf, session.read_file(certificate_, limits::pem_bytes));
  TRY(signature.key.certificates, bundle::read_certificates(leaf, certificate_));
  if (signature.key.certificates.size() != 1)
    return fail(Code::malformed, certificate_ + " holds more than one certificate", {},
                "those above it belong into the file of --certificate-chain");
  if (chain_.empty()) return {};
  TRY(const auto above, session.read_file(chain_, limits::pem_bytes));
  TRY(const auto certificates, bundle::read_certificates(above, chain_));
  std::ranges::copy(certificates, std::back_inserter(signature.key.certificates));
  return {};
}

Result<void> AttachSignatureCommand::read_evidence(Session& session, bundle::Bundle& signature) const {
  if (!timestamp_.empty()) {
    TRY(const auto text, session.read_file(timestamp_, limits::pem_bytes));
    TRY(auto timestamp, bundle::read_timestamp(text, timestamp_));
    signature.evidence.timestamps.push_back(std::move(timestamp));
  }
  if (log_entry_.empty()) return {};
  TRY(const auto text, session.read_file(log_entry_, limits::json_bytes));
  auto entry = bundle::read_log_entry(text);
  if (!entry) return fail(entry.error().wrap("cannot read " + log_entry_));
  TRY(const auto logged, bundle::signature_in_log_entry(*entry));
  if (!logged.empty() && logged != signature.signature)
    return fail(Code::mismatch, "the log entry in " + log_entry_ + " is about another signature");
  entry->proof.reset();  // a layer has no place for it
  signature.evidence.tlog_entries.push_back(std::move(*entry));
  return {};
}

Result<Given> AttachSignatureCommand::read(Session& session, const AttachTarget& target) const {
  TRY(auto text, payload_for(session, target));
  if (!payload_.empty()) {
    auto whole = read_bundle(text, target.image.digest);
    if (whole && has_parts())
      return fail(Code::invalid_argument, payload_ + " is a sigstore bundle, which has its own signature", {},
                  "attach it without the other flags");
    if (whole || text.contains("dev.sigstore.bundle")) return whole;
  }
  auto signed_text = payload::SimpleSigning::parse(text);
  if (!signed_text) return fail(signed_text.error().wrap("cannot read " + payload_));
  if (signed_text->manifest_digest != target.image.digest)
    return fail(Code::mismatch, payload_ + " is about another image",
                "it names " + signed_text->manifest_digest.text() + ", and " + target.reference.typed +
                    " is " + target.image.digest.text());
  bundle::Bundle signature;
  TRY_OK(read_signature(session, signature));
  TRY_OK(read_certificates(session, signature));
  TRY_OK(read_evidence(session, signature));
  signature.content = bundle::SimpleSigningContent{std::move(text)};
  Given given{Format::simple_signing, {}, {}};
  given.bundles.push_back(std::move(signature));
  return given;
}

Result<int> AttachSignatureCommand::run(Session& session, const FlagSet&,
                                        const std::vector<std::string>& arguments) {
  if (payload_.empty() && signature_.empty())
    return fail(Code::invalid_argument, "there is nothing to attach", {},
                "--signature FILE --payload FILE, or --bundle FILE");
  if (payload_ == "-" && signature_ == "-")
    return fail(Code::invalid_argument, "--signature and --payload cannot both be stdin");
  TRY(const auto target, find_target(session, flags_, arguments[0]));
  std::vector<Given> given;
  TRY(auto one, read(session, target));
  given.push_back(std::move(one));
  TRY_OK(attach(session, target, given, "signature"));
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_attach_signature() {
  return std::make_unique<AttachSignatureCommand>();
}

}  // namespace cosign
