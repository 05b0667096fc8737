#include "cosign/args/command.h"

#include <algorithm>
#include <optional>

#include "cosign/session/deliver.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/bundle/upgrade.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/remote/rekor/rekor.h"

namespace cosign {

std::string help_bundle_upgrade();  // help.md

namespace {

namespace bundle = sigstore::bundle;
namespace json = sigstore::codec::json;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

class BundleUpgradeCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"bundle", "upgrade"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override { return "make a sigstore bundle v0.3 of an older one"; }
  [[nodiscard]] std::string manual() const override { return help_bundle_upgrade(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  void declare(FlagSet& flags) override;
  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override;

 private:
  Result<std::string> upgrade(Session& session, std::string text) const;
  Result<void> fetch_proofs(Session& session, bundle::Evidence& evidence) const;

  std::string out_, rekor_url_;
};

void BundleUpgradeCommand::declare(FlagSet& flags) {
  flags.text("out", &out_, "FILE", "write the bundle to FILE instead of stdout");
  flags.text("rekor-url", &rekor_url_, "URL",
             "the log that is asked for inclusion proofs the old bundle lacks; without it nobody is asked");
}

// "0.1" of either spelling of a media type; the bundle has been read.
Result<std::string> version_of(const std::string& text) {
  TRY(const auto scanned, json::scan(text, "the bundle", {"mediaType", "media_type"},
                                     {.max_bytes = sigstore::limits::bundle_bytes}));
  if (scanned.members.empty()) return fail(Code::internal, "a bundle without a media type was read");
  const std::string type = json::unquoted(scanned.members.front().value.in(text));
  for (const char* version : {"0.1", "0.2", "0.3"})
    if (type.contains(version)) return std::string(version);
  return fail(Code::internal, "a bundle of an unknown version was read");
}

Result<void> BundleUpgradeCommand::fetch_proofs(Session& session, bundle::Evidence& evidence) const {
  if (std::ranges::none_of(evidence.tlog_entries, bundle::lacks_proof)) return {};
  if (rekor_url_.empty())
    return fail(Code::not_found, "the bundle lacks an inclusion proof, which a bundle v0.3 must have",
                "only the log can give it, and no log is asked unless it is named",
                "--rekor-url https://rekor.sigstore.dev, or the address of your log");
  TRY(auto url, sigstore::remote::parse_rekor_url(rekor_url_, "--rekor-url"));
  sigstore::remote::Rekor rekor(session.env(), session.keys().connect({}), std::move(url));
  for (auto& entry : evidence.tlog_entries) {
    if (!bundle::lacks_proof(entry)) continue;
    session.note("Fetching the missing inclusion proof of log index " + std::to_string(entry.log_index) +
                 " from " + rekor.name());
    TRY(auto answered, rekor.by_index(entry.log_index));
    TRY_OK(bundle::take_proof(entry, std::move(answered)));
  }
  return {};
}

Result<std::string> BundleUpgradeCommand::upgrade(Session& session, std::string text) const {
  TRY(auto read, bundle::parse(text));
  TRY(const auto version, version_of(text));
  if (version == "0.3") {
    session.note("Bundle is already at v0.3, no upgrade needed.");
    return text;
  }
  session.note("Upgrading from v" + version + " to v0.3...");
  auto& certificates = read.key.certificates;
  if (certificates.size() > 1) {
    session.note("The certificate chain is cut to its first certificate, the leaf; " +
                 std::to_string(certificates.size() - 1) + " left out");
    certificates.resize(1);
  }
  TRY_OK(fetch_proofs(session, read.evidence));
  return bundle::write(read);
}

Result<int> BundleUpgradeCommand::run(Session& session, const FlagSet&,
                                      const std::vector<std::string>& arguments) {
  TRY(auto text, session.read_file(arguments[0], sigstore::limits::bundle_bytes));
  const auto upgraded = upgrade(session, std::move(text));
  if (!upgraded) return fail(upgraded.error().wrap("cannot upgrade " + arguments[0]));
  TRY_OK(deliver(session, out_, *upgraded, "Successfully upgraded bundle written to "));
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_bundle_upgrade() {
  return std::make_unique<BundleUpgradeCommand>();
}

}  // namespace cosign
