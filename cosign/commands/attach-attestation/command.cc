#include "cosign/args/command.h"

#include "cosign/attaching/attaching.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_attach_attestation();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

class AttachAttestationCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"attach", "attestation"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "attach attestations that were made elsewhere to a container image";
  }
  [[nodiscard]] std::string manual() const override { return help_attach_attestation(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.list("attestation", &attestations_, "FILE",
               "DSSE envelopes or sigstore bundles, one or several; `-` is stdin; repeatable");
    flags_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (attestations_.empty())
      return fail(Code::invalid_argument, "there is nothing to attach", {}, "--attestation FILE");
    TRY(const auto target, find_target(session, flags_, arguments[0]));
    std::vector<std::vector<Given>> files;
    for (const std::string& path : attestations_) {
      TRY(auto given, read(session, path, target));
      files.push_back(std::move(given));
    }
    for (std::size_t i = 0; i < files.size(); ++i)
      TRY_OK(attach(session, target, files[i], "attestation of " + named(attestations_[i])));
    return ui::exit_ok;
  }

 private:
  static std::string named(const std::string& path) { return path == "-" ? "stdin" : path; }
  static Result<std::vector<Given>> read(Session& session, const std::string& path,
                                         const AttachTarget& target) {
    TRY(const auto text, session.read_file(path, sigstore::limits::attachment_bytes));
    return read_attestations(text, named(path), target.image.digest);
  }

  AttachFlags flags_;
  std::vector<std::string> attestations_;
};

}  // namespace

std::unique_ptr<Command> make_attach_attestation() {
  return std::make_unique<AttachAttestationCommand>();
}

}  // namespace cosign
