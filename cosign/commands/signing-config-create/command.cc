#include "cosign/args/command.h"

#include "cosign/commands/signing-config-create/services.h"
#include "cosign/session/deliver.h"
#include "cosign/trusting/obtain.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_signing_config_create();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::trust::Service;
using sigstore::trust::ServiceConfiguration;
using sigstore::trust::SigningConfig;
using namespace signing_config_create;

// Kinds of services that are left out.
struct Without {
  bool fulcio, oidc, rekor, tsa;
};

void drop(SigningConfig& config, const Without& without) {
  if (without.fulcio) config.ca_urls.clear();
  if (without.oidc) config.oidc_urls.clear();
  if (without.rekor) {
    config.rekor_tlog_urls.clear();
    config.rekor_tlog_config = {};
  }
  if (without.tsa) {
    config.tsa_urls.clear();
    config.tsa_config = {};
  }
}

class SigningConfigCreateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"signing-config", "create"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "list the services that sign and log"; }
  [[nodiscard]] std::string manual() const override { return help_signing_config_create(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }
  void declare(FlagSet& flags) override;
  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override;

 private:
  [[nodiscard]] Result<void> check_flags() const;
  Result<SigningConfig> read_base(Session& session) const;
  Result<SigningConfig> read_defaults(Session& session) const;
  Result<SigningConfig> assemble(SigningConfig config) const;

  std::vector<std::string> fulcio_, rekor_, oidc_, tsa_;
  std::string rekor_config_, tsa_config_, base_, out_;
  bool no_fulcio_ = false, no_rekor_ = false, no_oidc_ = false, no_tsa_ = false;
  bool defaults_ = false, rekor_v2_ = false;
};

void SigningConfigCreateCommand::declare(FlagSet& flags) {
  const std::string takes = ": url, api-version, start-time, operator; also end-time";
  const auto services = [&](const char* name, std::vector<std::string>* target, const std::string& what) {
    flags.list(name, target, "SPEC", what + takes).variable.clear();
  };
  services("fulcio", &fulcio_, "a certificate authority");
  services("rekor", &rekor_, "a transparency log");
  services("oidc-provider", &oidc_, "a provider of identities");
  services("tsa", &tsa_, "a timestamp authority");
  const auto text = [&](const char* name, std::string* target, const char* value, const char* what) {
    flags.text(name, target, value, what).variable.clear();
  };
  const auto how_many = [&](const char* name, std::string* target, const char* what) {
    Flag& flag = flags.text(name, target, "ANY|ALL|EXACT:N", what);
    flag.variable.clear();
    flag.suggestions = {"ANY", "ALL", "EXACT:1"};
  };
  how_many("rekor-config", &rekor_config_, "into how many logs to write; needed beside --rekor");
  how_many("tsa-config", &tsa_config_, "how many timestamps to ask for; needed beside --tsa");
  text("base-config", &base_, "FILE",
       "begin with this one; the flags of a kind replace its services of that kind");
  text("out", &out_, "FILE", "write the configuration to FILE instead of stdout");
  const auto choose = [&](const char* name, bool* target, const std::string& what) {
    flags.boolean(name, target, what).variable.clear();
  };
  choose("with-default-services", &defaults_,
         "begin with those of the public Sigstore, or of the one that `cosign initialize` chose, fetched "
         "through TUF");
  choose("with-default-rekor-v2", &rekor_v2_, "the same with its second generation of logs (Rekor v2)");
  const auto without = [&](const char* name, bool* target, const std::string& what) {
    choose(name, target, "without the " + what + " of --base-config and --with-default-services");
  };
  without("no-default-fulcio", &no_fulcio_, "certificate authorities");
  without("no-default-rekor", &no_rekor_, "transparency logs");
  without("no-default-oidc", &no_oidc_, "providers of identities");
  without("no-default-tsa", &no_tsa_, "timestamp authorities");
}

Result<void> SigningConfigCreateCommand::check_flags() const {
  if (!base_.empty() && (defaults_ || rekor_v2_))
    return fail(Code::invalid_argument,
                "--base-config excludes --with-default-services and --with-default-rekor-v2",
                "a configuration begins with the one or the other");
  if (!rekor_.empty() && rekor_config_.empty())
    return fail(Code::invalid_argument, "--rekor-config is missing",
                "beside --rekor it says into how many of the logs to write", "--rekor-config ANY");
  if (!tsa_.empty() && tsa_config_.empty())
    return fail(Code::invalid_argument, "--tsa-config is missing",
                "beside --tsa it says how many of the authorities to ask", "--tsa-config ANY");
  return {};
}

Result<SigningConfig> SigningConfigCreateCommand::read_defaults(Session& session) const {
  const char* name = rekor_v2_ ? rekor_v2_config_target : signing_config_target;
  TRY(const auto text, obtain_target(session, sigstore::trust_cache::Reach::fresh, name));
  TRY(auto config, SigningConfig::parse(text, name));
  drop(config, {no_fulcio_, no_oidc_, no_rekor_, no_tsa_});
  return config;
}

// What is left of --base-config beside the other flags.
Result<SigningConfig> SigningConfigCreateCommand::read_base(Session& session) const {
  if (defaults_ || rekor_v2_) return read_defaults(session);
  if (base_.empty()) return SigningConfig();
  TRY(const auto text, session.read_file(base_, sigstore::limits::trusted_root_bytes));
  TRY(auto config, SigningConfig::parse(text, base_));
  drop(config, {no_fulcio_ || !fulcio_.empty(), no_oidc_ || !oidc_.empty(), no_rekor_ || !rekor_.empty(),
                no_tsa_ || !tsa_.empty()});
  return config;
}

Result<SigningConfig> SigningConfigCreateCommand::assemble(SigningConfig config) const {
  const auto add = [](const char* flag, const std::vector<std::string>& values,
                      std::vector<Service>& services) -> Result<void> {
    for (const auto& value : values) {
      TRY(auto service, read_service(flag, value));
      services.push_back(std::move(service));
    }
    return {};
  };
  TRY_OK(add("--fulcio", fulcio_, config.ca_urls));
  TRY_OK(add("--oidc-provider", oidc_, config.oidc_urls));
  TRY_OK(add("--rekor", rekor_, config.rekor_tlog_urls));
  TRY_OK(add("--tsa", tsa_, config.tsa_urls));
  if (!rekor_config_.empty()) {
    TRY(config.rekor_tlog_config, read_selection("--rekor-config", rekor_config_));
  }
  if (!tsa_config_.empty()) {
    TRY(config.tsa_config, read_selection("--tsa-config", tsa_config_));
  }
  return config;
}

Result<int> SigningConfigCreateCommand::run(Session& session, const FlagSet&,
                                            const std::vector<std::string>&) {
  TRY_OK(check_flags());
  TRY(auto base, read_base(session));
  TRY(const auto config, assemble(std::move(base)));
  const auto text = config.write();
  TRY_OK(SigningConfig::parse(text, "what these flags say"));  // no file is made that nobody can read
  TRY_OK(deliver(session, out_, text));
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_signing_config_create() {
  return std::make_unique<SigningConfigCreateCommand>();
}

}  // namespace cosign
