#include "cosign/args/command.h"

#include "cosign/commands/bundle-create/parts.h"
#include "cosign/options/key_help.h"
#include "cosign/options/later.h"
#include "cosign/session/deliver.h"
#include "cosign/transfer/blob.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"
#include "sigstore/bundle/upgrade.h"
#include "sigstore/codec/hex.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keys/shown.h"
#include "sigstore/remote/rekor/look_up.h"
#include "sigstore/verify/judge.h"

namespace cosign {

std::string help_bundle_create();  // help.md

namespace {

namespace bundle = sigstore::bundle;
namespace verify = sigstore::verify;
using bundle_create::Parts;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::crypto::HashAlgorithm;
using sigstore::crypto::PassingMessage;

std::unexpected<sigstore::Error> nobody_signed() {
  return fail(Code::invalid_argument, "nothing says whose signature it is", {},
              "--key cosign.pub, or --certificate FILE");
}

// A bundle names one signer, so with a certificate a key would be of no effect.
std::unexpected<sigstore::Error> two_signers(const std::string& other) {
  return fail(Code::invalid_argument, "--key and " + other + " exclude each other",
              "a bundle names one signer, and the signature is verified here with a key alone",
              "leave --key out; cosign verify-blob says what the certificate is worth");
}

class BundleCreateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"bundle", "create"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "make a sigstore bundle of a signature that is there";
  }
  [[nodiscard]] std::string manual() const override { return help_bundle_create(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }
  void declare(FlagSet& flags) override;
  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override;

 private:
  [[nodiscard]] Result<void> check_flags() const;
  Result<Parts> assemble(Session& session) const;
  Result<PassingMessage> read_artifact(Session& session, const bundle::Bundle& made,
                                       const verify::TrustedMaterial& material) const;
  Result<void> check(const bundle::Bundle& made, const verify::TrustedMaterial& material,
                     const PassingMessage& message) const;

  Result<void> log(Session& session, Parts& parts, const verify::TrustedMaterial& material,
                   const PassingMessage& message) const;

  std::string artifact_, key_, out_, old_bundle_, signature_, attestation_, certificate_, timestamp_;
  std::string rekor_url_;
  bool ignore_tlog_ = false;
  LaterFlags later_;
};

void BundleCreateCommand::declare(FlagSet& flags) {
  flags.text("artifact", &artifact_, "FILE",
             "always needed; what was signed: a file, `-` for stdin, or sha256:HEX");
  flags.text("key", &key_, "KEY", key_help("the public key that the signature is verified with")).takes =
      Takes::public_key;
  flags.text("signature", &signature_, "FILE", "the signature, in base64 or as it is");
  flags.text("attestation", &attestation_, "FILE", "a DSSE envelope with one signature");
  flags.text("bundle", &old_bundle_, "FILE", "the file that sign-blob --bundle of cosign 1 or 2 wrote");
  flags.text("certificate", &certificate_, "FILE", "the signer's certificate: PEM, base64 of PEM, or DER");
  flags.text("rfc3161-timestamp", &timestamp_, "FILE", "a signed timestamp: DER, or the JSON of cosign 2");
  flags.boolean("ignore-tlog", &ignore_tlog_, "make a bundle without a log entry");
  flags.text("rekor-url", &rekor_url_, "URL",
             "the log that is asked for the entry of the signature, with its inclusion proof");
  flags.text("out", &out_, "FILE", "write the bundle to FILE instead of stdout");
  const auto refused = LaterFlags::Effect::refused;
  later_.declare(flags, refused, "sk", "", "a hardware token", instead_of_sk);
  later_.declare(flags, refused, "slot", "SLOT", "a hardware token's slot");
}

Result<void> BundleCreateCommand::check_flags() const {
  TRY_OK(later_.refuse());
  if (artifact_.empty())
    return fail(Code::invalid_argument, "--artifact is missing",
                "it is needed beside --signature, --attestation and --bundle alike",
                "--artifact FILE, or --artifact sha256:HEX");
  if (key_.empty() && certificate_.empty() && old_bundle_.empty()) return nobody_signed();
  if (!key_.empty() && !certificate_.empty()) return two_signers("--certificate");
  if (!ignore_tlog_ && rekor_url_.empty())
    return fail(Code::invalid_argument, "no log is named that has the entry of the signature",
                "only the log can give its inclusion proof, and no log is asked unless it is named",
                "--rekor-url https://rekor.sigstore.dev; or --ignore-tlog makes a bundle without an entry");
  return {};
}

Result<Parts> BundleCreateCommand::assemble(Session& session) const {
  const auto read = [&](const std::string& path, bundle_create::File& file,
                        std::size_t most) -> Result<void> {
    if (path.empty()) return {};
    file.name = path == "-" ? "stdin" : path;
    TRY(file.content, session.read_file(path, most));
    if (file.content.empty()) return fail(Code::malformed, path + " is empty");
    return {};
  };
  bundle_create::Asked asked;
  TRY_OK(read(old_bundle_, asked.old_bundle, sigstore::limits::bundle_bytes));
  TRY_OK(read(signature_, asked.signature, sigstore::limits::key_file_bytes));
  TRY_OK(read(attestation_, asked.attestation, sigstore::limits::attachment_bytes));
  TRY_OK(read(certificate_, asked.certificate, sigstore::limits::pem_bytes));
  TRY_OK(read(timestamp_, asked.timestamp, sigstore::limits::pem_bytes));
  return bundle_create::assemble(asked);
}

Result<PassingMessage> BundleCreateCommand::read_artifact(Session& session, const bundle::Bundle& made,
                                                          const verify::TrustedMaterial& material) const {
  TRY(const Blob blob, open_blob(session, artifact_));
  if (blob.digest) {
    TRY(auto digest, sigstore::codec::hex::decode(blob.digest->hex()));
    return PassingMessage::known_by(HashAlgorithm::sha256, std::move(digest));
  }
  PassingMessage message;
  message.expect(HashAlgorithm::sha256);
  verify::expect(message, made, material);
  ReadingProgress progress(session, "reading");
  progress.expect(blob.size);
  TRY_OK(read_blob(session, *blob.reader, progress, [&](sigstore::BytesView piece) -> Result<void> {
    message.update(piece);
    return {};
  }));
  message.finish();
  return message;
}

// A bundle that nothing verifies is made for nobody.
Result<void> BundleCreateCommand::check(const bundle::Bundle& made, const verify::TrustedMaterial& material,
                                        const PassingMessage& message) const {
  verify::Requirements required;
  const bool attestation = std::holds_alternative<bundle::EnvelopeContent>(made.content);
  required.wanted = attestation ? verify::Wanted::attestation : verify::Wanted::message;
  required.predicate_types.clear();
  required.log_entries = 0;
  if (const auto* digest = message.digest(HashAlgorithm::sha256); digest != nullptr) {
    TRY(required.subject, sigstore::oci::Digest::parse("sha256:" + sigstore::codec::hex::encode(*digest)));
  }
  const auto verdict = verify::judge(made, material, required, &message);
  if (verdict.accepted()) return {};
  const auto* failure = verdict.first_failure();
  return fail(Code::bad_signature, "the signature does not verify, so no bundle is made",
              failure != nullptr ? failure->detail : std::string(),
              "is it over " + artifact_ + ", and by " + sigstore::keys::shown(key_) + "?");
}

Result<void> BundleCreateCommand::log(Session& session, Parts& parts, const verify::TrustedMaterial& material,
                                      const PassingMessage& message) const {
  TRY(auto url, sigstore::remote::parse_rekor_url(rekor_url_, "--rekor-url"));
  sigstore::remote::Rekor rekor(session.env(), session.keys().connect({}), std::move(url));
  auto& entries = parts.bundle.evidence.tlog_entries;
  if (!entries.empty()) {
    TRY(auto answered, rekor.by_index(entries.front().log_index));
    return bundle::take_proof(entries.front(), std::move(answered));
  }
  sigstore::tlog::LoggedSignature signer;
  const auto& certificates = parts.bundle.key.certificates;
  if (!certificates.empty()) {
    signer.certificate = certificates.front();
  } else if (!material.keys.empty()) {
    signer.key = material.keys.front().key.spki();
  }
  const auto* digest = message.digest(HashAlgorithm::sha256);
  auto found = sigstore::remote::look_up(rekor, parts.bundle, std::move(signer),
                                         digest != nullptr ? *digest : sigstore::Bytes(), parts.envelope);
  if (!found && found.error().code == Code::not_found && found.error().hint.empty())
    return fail(found.error().code, found.error().message, found.error().cause,
                "--ignore-tlog makes a bundle without one");
  if (!found) return fail(found.error());
  entries.push_back(std::move(*found));
  return {};
}

Result<int> BundleCreateCommand::run(Session& session, const FlagSet&, const std::vector<std::string>&) {
  TRY_OK(check_flags());
  TRY(auto parts, assemble(session));
  auto& made = parts.bundle;
  if (ignore_tlog_ && !made.evidence.tlog_entries.empty())
    return fail(Code::invalid_argument, "--ignore-tlog: the file of --bundle has a log entry",
                "a bundle without it would say less than the file does",
                "--rekor-url URL asks the log for the rest of it");
  verify::TrustedMaterial material;
  if (!key_.empty()) {
    TRY(auto key, sigstore::keys::open_public(session.keys(), key_));
    if (!made.key.certificates.empty()) return two_signers("the certificate in " + old_bundle_);
    made.key.hint = key.hint();
    material.keys.push_back({std::move(key), sigstore::keys::shown(key_)});
  }
  if (made.key.hint.empty() && made.key.certificates.empty()) return nobody_signed();
  TRY(const auto message, read_artifact(session, made, material));
  if (auto* content = std::get_if<bundle::MessageContent>(&made.content); content != nullptr)
    if (const auto* digest = message.digest(HashAlgorithm::sha256); digest != nullptr)
      content->digest = *digest;
  if (!made.key.hint.empty()) TRY_OK(check(made, material, message));
  if (!ignore_tlog_) TRY_OK(log(session, parts, material, message));
  TRY(const auto json, bundle::write(made));
  TRY_OK(deliver(session, out_, json, "Wrote bundle to file "));
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_bundle_create() {
  return std::make_unique<BundleCreateCommand>();
}

}  // namespace cosign
