#include "cosign/args/command.h"

#include <mutex>

#include "cosign/commands/registry-check/render.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "server/registry/kept.h"

namespace cosign {

std::string help_registry_check();  // help.md

namespace {

using namespace server::registry;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

// A line for each percent.
class Progress {
 public:
  explicit Progress(Session& session) : session_(session) {}
  ~Progress() {
    if (shown_ >= 0) session_.progress("");
  }
  void show(std::uint64_t done, std::uint64_t all) {
    const int percent = all == 0 ? 100 : static_cast<int>(done * 100 / all);
    const std::lock_guard lock(mutex_);
    if (percent <= shown_) return;
    shown_ = percent;
    session_.progress("checking content: " + std::to_string(percent) + " %");
  }

 private:
  Session& session_;
  std::mutex mutex_;
  int shown_ = -1;
};

class RegistryCheckCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"registry", "check"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "check, and with --repair put right, the folder of a registry";
  }
  [[nodiscard]] std::string manual() const override { return help_registry_check(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.text("dir", &folder_, "DIR", "the folder of a registry that is not running");
    flags.boolean("repair", &options_.repair, "put right what can be; nothing is deleted");
    flags.choice("output", &output_, {"text", "json"}, "lines for people, or a versioned JSON document", 'o');
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override {
    if (folder_.empty()) return fail(Code::invalid_argument, "no folder was given", {}, "add --dir DIR");
    if (!session.env().files->is_directory(folder_))
      return fail(Code::not_found, "there is no folder " + folder_);
    TRY(const auto lock, lock_folder(session.env(), folder_));
    TRY(const CheckReport report, work(session));
    session.out(output_ == "json" ? check_registry::as_json(report) : check_registry::as_text(report));
    session.publish();  // also of a folder that is not well
    return report.is_well() ? ui::exit_ok : ui::exit_error;
  }

 private:
  Result<CheckReport> work(Session& session) {
    Progress progress(session);
    options_.cancel = session.cancel();
    options_.progress = [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); };
    return check(session.env(), folder_, options_);
  }

  std::string folder_;
  CheckOptions options_;
  std::string output_ = "text";
};

}  // namespace

std::unique_ptr<Command> make_registry_check() {
  return std::make_unique<RegistryCheckCommand>();
}

}  // namespace cosign
