#include "cosign/args/command.h"

#include "cosign/commands/verify-blob/signatures.h"
#include "cosign/session/session.h"
#include "cosign/transfer/blob.h"
#include "cosign/ui/exit_codes.h"
#include "cosign/verification/images.h"
#include "cosign/verification/material_flags.h"
#include "cosign/verification/report.h"
#include "sigstore/check/blob.h"
#include "sigstore/codec/hex.h"

namespace cosign {

std::string help_verify_blob();  // help.md

namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::check::ImageResult;
using sigstore::check::Reason;
using sigstore::crypto::PassingMessage;

struct VerifyBlobFlags {
  MaterialFlags material;
  std::string bundle, signature, output = "text";

  void declare(FlagSet& flags) {
    material.declare(flags);
    flags.text("bundle", &bundle, "FILE", "the bundle that holds the signature: of cosign 3, 2 or 1");
    flags.text("signature", &signature, "FILE",
               "the signature: a file, in base64 or not, or the base64 itself");
    flags.choice("output", &output, {"text", "report"},
                 "`report`: one JSON document of every check, for success and failure", 'o');
    material.later.declare(flags, LaterFlags::Effect::refused, "rfc3161-timestamp", "FILE",
                           "a signed timestamp");
    material.declare_rest(flags);
    const auto ignored = LaterFlags::Effect::ignored;
    material.later.declare(flags, ignored, "signature-digest-algorithm", "NAME",
                           "has no effect: the key's digest and SHA-256 are both tried");
    material.later.declare(flags, ignored, "max-workers", "N", "has no effect: there is one file");
    material.later.declare(flags, ignored, "experimental-oci11", "", "has no effect: no registry is asked");
  }
  [[nodiscard]] Result<void> check() const {
    TRY_OK(
        material.check("cosign verify-blob --key cosign.pub --bundle FILE.sigstore.json "
                       "--insecure-ignore-tlog=true FILE"));
    if (!bundle.empty() || !signature.empty()) return {};
    return fail(Code::invalid_argument, "no signature is given", {}, "add --bundle FILE or --signature FILE");
  }
};

class VerifyBlobRun {
 public:
  VerifyBlobRun(Session& session, const VerifyBlobFlags& flags, const std::string& name)
      : session_(session), flags_(flags), name_(name) {}

  Result<ImageResult> run() {
    TRY_OK(flags_.check());
    sigstore::check::Options options;
    TRY(options.material, flags_.material.open(session_.env()));
    options.requirements.log_entries = flags_.material.log_entries();
    auto signatures = read_signatures(options.material);
    if (!signatures && signatures.error().code == Code::not_found) {
      ImageResult result;
      result.typed = name_;
      result.reason = Reason::no_signature;
      result.error = signatures.error();
      return result;
    }
    if (!signatures) return fail(signatures.error());
    return sigstore::check::check_message(name_, std::move(*signatures), options,
                                          [this](PassingMessage& message) { return read(message); });
  }

 private:
  Result<std::vector<sigstore::store::Stored>> read_signatures(
      const sigstore::verify::TrustedMaterial& material) {
    std::vector<sigstore::store::Stored> found;
    auto& files = *session_.env().files;
    if (!flags_.bundle.empty()) {
      TRY(auto stored, read_bundle_file(files, flags_.bundle, material));
      found.push_back(std::move(stored));
    }
    if (!flags_.signature.empty()) {
      TRY(auto stored, read_signature(files, flags_.signature));
      found.push_back(std::move(stored));
    }
    return found;
  }

  Result<void> read(PassingMessage& message) {
    TRY(const Blob blob, open_blob(session_, name_));
    if (blob.digest) {
      TRY(auto digest, sigstore::codec::hex::decode(blob.digest->hex()));
      message = PassingMessage::known_by(sigstore::crypto::HashAlgorithm::sha256, std::move(digest));
      return {};
    }
    ReadingProgress progress(session_, "verifying");
    progress.expect(blob.size);
    return read_blob(session_, *blob.reader, progress, [&](sigstore::BytesView piece) -> Result<void> {
      message.update(piece);
      return {};
    });
  }

  Session& session_;
  const VerifyBlobFlags& flags_;
  const std::string& name_;
};

class VerifyBlobCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"verify-blob"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override { return "verify the signature of a file"; }
  [[nodiscard]] std::string manual() const override { return help_verify_blob(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const auto result = VerifyBlobRun(session, flags_, arguments[0]).run();
    const bool report = flags_.output == "report";
    if (!result) {
      if (report) publish_report(session, as_report(result.error()));
      return fail(result.error());
    }
    if (report) publish_report(session, as_blob_report(*result));
    if (result->accepted())
      session.note("Verified OK");
    else
      session.print(*result->error);
    return exit_code(*result);
  }

 private:
  VerifyBlobFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_verify_blob() {
  return std::make_unique<VerifyBlobCommand>();
}

}  // namespace cosign
