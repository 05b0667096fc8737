#include "cosign/args/command.h"

#include "cosign/commands/keyset-export/exports.h"
#include "cosign/keysets/key_set_file.h"
#include "cosign/keysets/key_set_flags.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_keyset_export();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Repository;
using namespace keyset_export;

constexpr std::size_t longest_name = 50;

// Of a Kubernetes object (RFC 1123, with room for a number behind it).
Result<void> check_name(const std::string& name) {
  const bool edges = !name.empty() && name.front() != '-' && name.back() != '-';
  if (edges && name.size() <= longest_name &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos)
    return {};
  return fail(Code::invalid_argument, "\"" + name + "\" is no name of a Kubernetes object",
              "small letters, digits and '-', at most " + std::to_string(longest_name));
}

class KeysetExportCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"keyset", "export"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override { return "write a key set as other verifiers read it"; }
  [[nodiscard]] std::string manual() const override { return help_keyset_export(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.choice("format", &format_,
                 {"pem", "containers-policy", "kyverno", "cluster-image-policy", "trusted-root"},
                 "what is written");
    // COSIGN_REPOSITORY says where signatures are kept, which is something else.
    flags.text("repository", &repository_, "REPOSITORY", "keys for this repository alone").variable.clear();
    flags.text("name", &name_, "NAME", "of the Kubernetes objects");
    trust_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY_OK(check_name(name_));
    std::optional<Repository> where;
    if (!repository_.empty()) {
      TRY(where, Repository::parse(repository_));
    }
    TRY(const auto file, read_key_set(session, arguments[0]));
    TRY_OK(trust_.judge(session, file, arguments[0]));
    const Selection selection = select(file.set, session.env().clock->now(), where ? &*where : nullptr);
    if (selection.keys.empty())
      return fail(
          Code::not_found,
          "no key of " + arguments[0] + " verifies now" + (where ? " for " + where->text() : std::string()),
          selection.notes.empty() ? "the set has no keys" : selection.notes.front(),
          "cosign keyset show " + arguments[0]);
    const Export out = write(selection);
    if (format_ != "trusted-root") session.remarks(selection.notes);
    session.remarks(out.notes);
    session.out_exactly(out.text);
    return ui::exit_ok;
  }

 private:
  [[nodiscard]] Export write(const Selection& selection) const {
    if (format_ == "containers-policy") return as_containers_policy(selection);
    if (format_ == "kyverno") return as_kyverno(selection, name_);
    if (format_ == "cluster-image-policy") return as_cluster_image_policies(selection, name_);
    if (format_ == "trusted-root") return as_trusted_root(selection);
    return as_pem(selection);
  }

  std::string format_ = "pem", repository_, name_ = "key-set";
  KeySetFlags trust_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_export() {
  return std::make_unique<KeysetExportCommand>();
}

}  // namespace cosign
