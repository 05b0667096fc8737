#include "cosign/args/command.h"

#include "cosign/session/session.h"
#include "cosign/transfer/blob.h"
#include "cosign/verification/blob_result.h"
#include "cosign/verification/blob_signatures.h"
#include "sigstore/check/blob.h"

namespace cosign {

std::string help_verify_blob();  // help.md

namespace {

using sigstore::fail;
using sigstore::Result;
using sigstore::check::ImageResult;
using sigstore::crypto::PassingMessage;

class VerifyBlobCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"verify-blob"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override { return "verify the signature of a file"; }
  [[nodiscard]] std::string manual() const override { return help_verify_blob(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    material_.declare(flags);
    signatures_.declare(flags, material_.later, "signature");
    material_.declare_rest(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const auto result = verify(session, arguments[0]);
    TRY(const int code, print_blob_result(session, signatures_.output, result));
    if (result->accepted()) session.remarks(statements(*result));
    return code;
  }

 private:
  Result<ImageResult> verify(Session& session, const std::string& name) const {
    TRY_OK(
        material_.check("cosign verify-blob --key cosign.pub --bundle FILE.sigstore.json "
                        "--insecure-ignore-tlog=true FILE"));
    TRY_OK(signatures_.check("signature"));
    sigstore::check::Options options;
    if (!signatures_.timestamp.empty()) options.requirements.signed_times = 1;
    TRY_OK(material_.apply(session, options));
    auto found = read_blob_signatures(session, signatures_, options.material);
    if (!found) return fail(found.error());
    return sigstore::check::check_message(name, std::move(*found), options, [&](PassingMessage& message) {
      return pass_blob(session, name, "verifying", message);
    });
  }

  // Who says something of a file has signed it, too; what is said is left to whoever reads it.
  static std::vector<std::string> statements(const ImageResult& result) {
    std::vector<std::string> remarks;
    for (const auto& candidate : result.candidates)
      if (candidate.stored.bundle &&
          std::holds_alternative<sigstore::bundle::EnvelopeContent>(candidate.stored.bundle->content))
        remarks.push_back(candidate.stored.location + " is an attestation of type " +
                          candidate.verdict.claims.type +
                          " about the file: what it says is checked by cosign verify-blob-attestation");
    return remarks;
  }

  MaterialFlags material_;
  BlobSignatureFlags signatures_;
};

}  // namespace

std::unique_ptr<Command> make_verify_blob() {
  return std::make_unique<VerifyBlobCommand>();
}

}  // namespace cosign
