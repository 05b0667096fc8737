#include "cosign/args/command.h"

#include <algorithm>

#include "cosign/commands/trusted-root-create/parties.h"
#include "cosign/session/deliver.h"
#include "cosign/trusting/obtain.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_trusted_root_create();  // help.md

namespace {

namespace trust = sigstore::trust;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using namespace trusted_root_create;

class TrustedRootCreateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"trusted-root", "create"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "list whom to trust: authorities, logs and their times";
  }
  [[nodiscard]] std::string manual() const override { return help_trusted_root_create(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }
  void declare(FlagSet& flags) override;
  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override;

 private:
  void declare_old(FlagSet& flags);
  [[nodiscard]] Result<void> check_flags() const;
  Result<trust::TrustedRoot> begin(Session& session) const;
  Result<trust::TrustedRoot> assemble(trust::TrustedRoot root, const ReadFile& read, Notes& notes) const;

  std::vector<std::string> fulcio_, ctfe_, tsa_, rekor_;
  OldLogFlags old_ctfe_{"ctfe", {}, {}, {}, {}, false}, old_rekor_{"rekor", {}, {}, {}, {}, true};
  OldAuthorityFlags old_fulcio_{"certificate-chain", "fulcio-uri", {}, {}, false},
      old_tsa_{"timestamp-certificate-chain", "timestamp-uri", {}, {}, true};
  std::string out_;
  bool defaults_ = false, no_fulcio_ = false, no_ctfe_ = false, no_rekor_ = false, no_tsa_ = false;
};

// Variables like COSIGN_REKOR_URL are for commands that ask a service: none of these flags is taken from
// them.
Flag& declare_list(FlagSet& flags, const std::string& name, std::vector<std::string>* target,
                   const std::string& value_name, const std::string& help) {
  Flag& flag = flags.list(name, target, value_name, help);
  flag.variable.clear();
  return flag;
}

void TrustedRootCreateCommand::declare(FlagSet& flags) {
  declare_list(flags, "fulcio", &fulcio_, "SPEC",
               "a certificate authority: url, certificate-chain (a PEM file, the root last); also "
               "start-time, end-time");
  declare_list(
      flags, "rekor", &rekor_, "SPEC",
      "a transparency log: url, public-key (a PEM file), start-time; also end-time, and origin for Rekor v2");
  declare_list(flags, "ctfe", &ctfe_, "SPEC",
               "a log of certificates: url, public-key (a PEM file), start-time; also end-time, origin");
  declare_list(
      flags, "tsa", &tsa_, "SPEC",
      "a timestamp authority: url, certificate-chain (a PEM file, its own first, the root last); also "
      "start-time, end-time");
  flags.text("out", &out_, "FILE", "write the trusted root to FILE instead of stdout").variable.clear();
  const auto choose = [&](const char* name, bool* target, const std::string& what) {
    flags.boolean(name, target, what).variable.clear();
  };
  choose("with-default-services", &defaults_,
         "begin with the public Sigstore, or the one that `cosign initialize` chose, fetched through TUF");
  const auto without = [&](const char* name, bool* target, const std::string& what) {
    choose(name, target, "without the " + what + " of --with-default-services");
  };
  without("no-default-fulcio", &no_fulcio_, "certificate authorities");
  without("no-default-ctfe", &no_ctfe_, "logs of certificates");
  without("no-default-rekor", &no_rekor_, "transparency logs");
  without("no-default-tsa", &no_tsa_, "timestamp authorities");
  declare_old(flags);
}

void TrustedRootCreateCommand::declare_old(FlagSet& flags) {
  const auto old = [&](const std::string& name, std::vector<std::string>* target, const std::string& value,
                       const std::string& instead) {
    declare_list(flags, name, target, value, "use --" + instead).section = Section::compatibility;
  };
  for (OldAuthorityFlags* each : {&old_fulcio_, &old_tsa_}) {
    const std::string instead = each->timestamps ? "tsa" : "fulcio";
    old(each->chain_flag, &each->chains, "FILE", instead);
    old(each->uri_flag, &each->uris, "URI", instead);
  }
  for (OldLogFlags* each : {&old_ctfe_, &old_rekor_}) {
    old(each->prefix + "-key", &each->keys, each->key_with_origin ? "FILE[,ORIGIN]" : "FILE", each->prefix);
    old(each->prefix + "-url", &each->urls, "URL", each->prefix);
    old(each->prefix + "-start-time", &each->starts, "TIME", each->prefix);
    old(each->prefix + "-end-time", &each->ends, "TIME", each->prefix);
  }
}

Result<void> TrustedRootCreateCommand::check_flags() const {
  const auto either = [](bool specs, bool old, const std::string& flag,
                         const std::string& one) -> Result<void> {
    if (!specs || !old) return {};
    return fail(Code::invalid_argument,
                "--" + flag + " and the older flags like --" + one + " do not go together", {},
                "name all of them by --" + flag);
  };
  TRY_OK(either(!fulcio_.empty(), old_fulcio_.given(), "fulcio", old_fulcio_.chain_flag));
  TRY_OK(either(!rekor_.empty(), old_rekor_.given(), "rekor", "rekor-key"));
  TRY_OK(either(!ctfe_.empty(), old_ctfe_.given(), "ctfe", "ctfe-key"));
  return either(!tsa_.empty(), old_tsa_.given(), "tsa", old_tsa_.chain_flag);
}

// Of two logs with one id the later one counts, as in real cosign.
void add_log(std::vector<trust::Log>& logs, trust::Log log) {
  const auto same = std::ranges::find(logs, log.log_id, &trust::Log::log_id);
  if (same != logs.end()) {
    *same = std::move(log);
  } else {
    logs.push_back(std::move(log));
  }
}

Result<trust::TrustedRoot> TrustedRootCreateCommand::begin(Session& session) const {
  if (!defaults_) return trust::TrustedRoot();
  TRY(const auto text, obtain_target(session, sigstore::trust_cache::Reach::fresh, trusted_root_target));
  TRY(auto root, trust::TrustedRoot::parse(text, trusted_root_target));
  if (no_fulcio_) root.certificate_authorities.clear();
  if (no_ctfe_) root.ctlogs.clear();
  if (no_rekor_) root.tlogs.clear();
  if (no_tsa_) root.timestamp_authorities.clear();
  return root;
}

Result<trust::TrustedRoot> TrustedRootCreateCommand::assemble(trust::TrustedRoot root, const ReadFile& read,
                                                              Notes& notes) const {
  for (const auto& value : fulcio_) {
    TRY(auto authority, read_fulcio(value, read, notes));
    root.certificate_authorities.push_back(std::move(authority));
  }
  for (const auto& value : tsa_) {
    TRY(auto authority, read_tsa(value, read, notes));
    root.timestamp_authorities.push_back(std::move(authority));
  }
  for (const auto& value : ctfe_) {
    TRY(auto log, read_log("--ctfe", value, read, notes));
    add_log(root.ctlogs, std::move(log));
  }
  for (const auto& value : rekor_) {
    TRY(auto log, read_log("--rekor", value, read, notes));
    add_log(root.tlogs, std::move(log));
  }
  TRY(auto authorities, read_old(old_fulcio_, read, notes));
  std::ranges::move(authorities, std::back_inserter(root.certificate_authorities));
  TRY(authorities, read_old(old_tsa_, read, notes));
  std::ranges::move(authorities, std::back_inserter(root.timestamp_authorities));
  TRY(auto logs, read_old(old_ctfe_, read));
  for (auto& log : logs) add_log(root.ctlogs, std::move(log));
  TRY(logs, read_old(old_rekor_, read));
  for (auto& log : logs) add_log(root.tlogs, std::move(log));
  trust::sort_by_start(root);
  return root;
}

Result<int> TrustedRootCreateCommand::run(Session& session, const FlagSet&, const std::vector<std::string>&) {
  TRY_OK(check_flags());
  Notes notes;
  const auto read = [&](const std::string& path) {
    return session.read_file(path, sigstore::limits::pem_bytes);
  };
  TRY(auto base, begin(session));
  TRY(const auto root, assemble(std::move(base), read, notes));
  const auto text = root.write();
  TRY_OK(trust::TrustedRoot::parse(text, "what these flags say"));  // no file is made that nobody can read
  session.remarks(notes);
  TRY_OK(deliver(session, out_, text));
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_trusted_root_create() {
  return std::make_unique<TrustedRootCreateCommand>();
}

}  // namespace cosign
