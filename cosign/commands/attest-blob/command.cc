#include "cosign/args/command.h"

#include "cosign/session/deliver.h"
#include "cosign/signing/blob_outputs.h"
#include "cosign/signing/opening_key.h"
#include "cosign/signing/predicate_flags.h"
#include "cosign/signing/signing_flags.h"
#include "cosign/transfer/blob.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/bundle/old_bundle.h"
#include "sigstore/codec/hex.h"
#include "sigstore/payload/predicate.h"
#include "sigstore/sign/blob.h"

namespace cosign {

std::string help_attest_blob();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::bundle::Bundle;
using sigstore::crypto::HashAlgorithm;
using sigstore::crypto::PassingMessage;
using sigstore::sign::Attestation;

std::string base_name(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

class AttestBlobCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"attest-blob"}; }
  [[nodiscard]] std::string usage() const override { return "[FILE]"; }
  [[nodiscard]] std::string summary() const override { return "attest something of a file"; }
  [[nodiscard]] std::string manual() const override { return help_attest_blob(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    signing_.declare(flags);
    predicate_.declare(flags);
    flags.text("hash", &hash_, "HEX", "the SHA-256 of the file, which is not read then");
    outputs_.declare(flags);
    flags.text("output-attestation", &output_attestation_, "FILE",
               "also write the statement that was signed to FILE");
    signing_.later.declare(flags, LaterFlags::Effect::refused, "rfc3161-timestamp-bundle", "FILE",
                           "write the signed timestamp");
    signing_.later.declare(flags, LaterFlags::Effect::ignored, "rekor-entry-type", "TYPE",
                           "not used without a log");
    signing_.declare_rest(flags);
    outputs_.declare_last(flags);
  }

  Result<int> run(Session& session, const FlagSet& flags,
                  const std::vector<std::string>& arguments) override {
    const std::string name = arguments.empty() ? "" : arguments[0];
    TRY_OK(check(flags, session, name));
    if (const std::string remark = outputs_.remark(); !remark.empty()) session.note(remark);
    TRY(auto attestation, predicate_.read(session, flags.given("type")));
    TRY(const auto key_set, signing_.key_set.open(session));
    std::optional<OpeningKey> key;
    if (name != "-")
      key.emplace(session, signing_.key, key_set);  // a pipe is read before anybody is asked for a password
    auto statement = make_statement(session, name, std::move(attestation));
    if (!key && statement) key.emplace(session, signing_.key, key_set);
    if (!statement && (!key || key->get())) return fail(statement.error());
    const auto& signer = key->get();
    if (!signer) return fail(signer.error());
    TRY(const Bundle bundle, sigstore::sign::sign_statement(**signer, std::move(*statement)));
    TRY_OK(write(session, bundle));
    return ui::exit_ok;
  }

 private:
  Result<void> check(const FlagSet& flags, Session& session, const std::string& name) const {
    TRY_OK(signing_.check(*session.env().files, "attest-blob --predicate FILE", "FILE"));
    TRY_OK(predicate_.check());
    if (name.empty() && hash_.empty() && predicate_.statement.empty())
      return fail(Code::invalid_argument, "there is no file to attest something of", {},
                  "give the file, or --hash HEX for its SHA-256");
    if (!hash_.empty()) TRY_OK(given_hash());
    if (name == "-" && (predicate_.predicate == "-" || predicate_.statement == "-"))
      return fail(Code::invalid_argument, "standard input can be read only once");
    if (!name.empty() && hash_.empty()) TRY_OK(find_blob(session, name));
    return outputs_.check(flags, {name, signing_.key, predicate_.predicate, predicate_.statement},
                          {output_attestation_});
  }

  Result<sigstore::Bytes> given_hash() const {
    auto digest = sigstore::codec::hex::decode(hash_);
    if (digest && digest->size() == size_of(HashAlgorithm::sha256)) return digest;
    return fail(Code::invalid_argument, "--hash is no SHA-256", "it must be 64 hex digits");
  }

  // The file as its digests.
  Result<PassingMessage> digests(Session& session, const std::string& name, PassingMessage message) const {
    if (!hash_.empty()) {
      TRY(auto digest, given_hash());
      return PassingMessage::known_by(HashAlgorithm::sha256, std::move(digest));
    }
    TRY_OK(pass_blob(session, name, "hashing", message));
    message.finish();
    return message;
  }

  Result<std::string> make_statement(Session& session, const std::string& name,
                                     Attestation attestation) const {
    PassingMessage message;
    message.expect(HashAlgorithm::sha256);
    if (attestation.statement) {
      if (name.empty() && hash_.empty()) return std::move(*attestation.statement);
      sigstore::sign::expect_subjects(message, *attestation.statement);
      TRY(const auto passed, digests(session, name, std::move(message)));
      TRY_OK(sigstore::sign::check_subjects(passed, *attestation.statement));
      return std::move(*attestation.statement);
    }
    TRY(const auto passed, digests(session, name, std::move(message)));
    const sigstore::payload::Subject subject{
        base_name(name),
        {{"sha256", sigstore::codec::hex::encode(*passed.digest(HashAlgorithm::sha256))}},
        {}};
    return sigstore::payload::write_statement(subject, attestation.type, attestation.predicate);
  }

  Result<void> write(Session& session, const Bundle& bundle) const {
    const auto& content = std::get<sigstore::bundle::EnvelopeContent>(bundle.content);
    std::string envelope;
    if (outputs_.writes_sigstore_bundle()) {
      TRY(const auto text, sigstore::bundle::write(bundle));
      TRY_OK(write_file(session, outputs_.bundle, text, "Wrote bundle to file "));
    }
    if (!outputs_.signature.empty() || !outputs_.writes_sigstore_bundle())
      envelope = sigstore::payload::write_envelope(content.payload_type, content.payload, bundle.signature);
    if (!outputs_.writes_sigstore_bundle() && !outputs_.bundle.empty())
      TRY_OK(write_file(session, outputs_.bundle,
                        sigstore::bundle::write_old_bundle(sigstore::as_bytes(envelope)),
                        "Wrote bundle to file "));
    if (!outputs_.signature.empty())
      TRY_OK(write_file(session, outputs_.signature, envelope, "Signature written in "));
    if (!output_attestation_.empty())
      TRY_OK(write_file(session, output_attestation_, content.payload, "Attestation written in "));
    if (outputs_.prints_signature()) session.out(envelope);
    return {};
  }

  SigningFlags signing_;
  PredicateFlags predicate_;
  BlobOutputFlags outputs_;
  std::string hash_, output_attestation_;
};

}  // namespace

std::unique_ptr<Command> make_attest_blob() {
  return std::make_unique<AttestBlobCommand>();
}

}  // namespace cosign
