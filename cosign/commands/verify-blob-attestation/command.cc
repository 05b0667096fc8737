#include "cosign/args/command.h"

#include "cosign/options/predicate_type.h"
#include "cosign/session/session.h"
#include "cosign/transfer/blob.h"
#include "cosign/verification/blob_result.h"
#include "cosign/verification/blob_signatures.h"
#include "cosign/verification/policy_flags.h"
#include "sigstore/check/blob.h"
#include "sigstore/codec/hex.h"
#include "sigstore/payload/predicate_type.h"

namespace cosign {

std::string help_verify_blob_attestation();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::check::ImageResult;
using sigstore::crypto::PassingMessage;

class VerifyBlobAttestationCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"verify-blob-attestation"}; }
  [[nodiscard]] std::string usage() const override { return "[FILE]"; }
  [[nodiscard]] std::string summary() const override { return "verify what is attested of a file"; }
  [[nodiscard]] std::string manual() const override { return help_verify_blob_attestation(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    material_.declare(flags);
    signatures_.declare(flags, material_.later, "attestation");
    declare_type(flags, &type_, "only attestations of this type: a short name such as spdxjson, or any URI");
    policy_.declare(flags);
    flags.boolean("check-claims", &check_claims_, "compare the file with the subjects of the attestation");
    flags.text("digest", &digest_, "HEX", "the digest of the file, in its place");
    flags.choice("digestAlg", &algorithm_, {"sha256", "sha384", "sha512"}, "the algorithm of --digest");
    material_.declare_rest(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const auto result = verify(session, arguments.empty() ? "" : arguments[0]);
    TRY(const int code, print_blob_result(session, signatures_.output, result));
    if (result->accepted() && type_.empty()) session.notes(types(*result));
    return code;
  }

 private:
  Result<void> check(const std::string& name) const {
    TRY_OK(
        material_.check("cosign verify-blob-attestation --key cosign.pub --bundle FILE.sigstore.json "
                        "--insecure-ignore-tlog=true FILE"));
    TRY_OK(signatures_.check("attestation"));
    if (!name.empty() && !digest_.empty())
      return fail(Code::invalid_argument, "the file and its --digest exclude each other");
    if (name.empty() && digest_.empty() && check_claims_)
      return fail(Code::invalid_argument, "there is no file to compare with the attestation", {},
                  "give the file, --digest HEX with --digestAlg, or --check-claims=false");
    return {};
  }

  // The digest on the command line.
  Result<PassingMessage> known() const {
    TRY(const auto algorithm, sigstore::crypto::hash_algorithm(algorithm_));
    auto digest = sigstore::codec::hex::decode(digest_);
    if (!digest || digest->size() != sigstore::crypto::size_of(algorithm))
      return fail(Code::invalid_argument, "--digest is no " + algorithm_ + " digest",
                  "it must be " + std::to_string(2 * sigstore::crypto::size_of(algorithm)) + " hex digits");
    return PassingMessage::known_by(algorithm, std::move(*digest));
  }

  [[nodiscard]] sigstore::check::ReadMessage reader(Session& session, const std::string& name) const {
    if (!check_claims_) return {};
    return [this, &session, name](PassingMessage& message) -> Result<void> {
      if (!name.empty()) return pass_blob(session, name, "verifying", message);
      TRY(message, known());
      return {};
    };
  }

  Result<ImageResult> verify(Session& session, const std::string& name) const {
    TRY_OK(check(name));
    sigstore::check::Options options;
    TRY(options.policy, policy_.open(session));
    if (!signatures_.timestamp.empty()) options.requirements.signed_times = 1;
    TRY_OK(material_.apply(session, options));
    options.requirements.check_claims = check_claims_;
    options.requirements.predicate_types.clear();
    if (!type_.empty()) {
      TRY(auto uri, sigstore::payload::predicate_uri(type_));
      options.requirements.predicate_types.push_back(std::move(uri));
    }
    if (!digest_.empty()) TRY_OK(known());
    const std::string shown = !name.empty()      ? name
                              : !digest_.empty() ? algorithm_ + ":" + digest_
                                                 : "any file";
    auto found = read_blob_attestations(session, signatures_, options.material);
    if (!found) return fail(found.error());
    return sigstore::check::check_statements(shown, std::move(*found), std::move(options),
                                             reader(session, name));
  }

  // What nobody asked for by name is told.
  static std::vector<std::string> types(const ImageResult& result) {
    std::vector<std::string> lines;
    for (const auto& candidate : result.candidates)
      if (candidate.verdict.accepted()) lines.push_back("Predicate type: " + candidate.verdict.claims.type);
    return lines;
  }

  MaterialFlags material_;
  BlobSignatureFlags signatures_;
  PolicyFlags policy_;
  std::string type_, digest_, algorithm_ = "sha256";
  bool check_claims_ = true;
};

}  // namespace

std::unique_ptr<Command> make_verify_blob_attestation() {
  return std::make_unique<VerifyBlobAttestationCommand>();
}

}  // namespace cosign
