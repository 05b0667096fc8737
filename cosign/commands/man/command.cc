#include "cosign/args/command.h"

#include "cosign/args/command_line.h"
#include "cosign/commands/man/pages.h"
#include "cosign/session/session.h"
#include "cosign/session/version.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_man();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

// The day of the build: the same program prints the same pages.
PageEdition this_edition() {
  const Version own = version();
  return {"cosign " + own.full(), own.build_date.substr(0, own.build_date.find('T'))};
}

class ManCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"man"}; }
  [[nodiscard]] std::string usage() const override { return "[COMMAND...]"; }
  [[nodiscard]] std::string summary() const override { return "print or write the manual pages for man(1)"; }
  [[nodiscard]] std::string manual() const override { return help_man(); }
  void declare(FlagSet& flags) override {
    // Not from COSIGN_DIR, which is for `save` and `load`.
    flags.text("dir", &folder_, "DIR", "write all pages here, as files for section 1").variable.clear();
  }

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& arguments) override {
    if (folder_.empty()) {
      TRY(const ManualPage page, manual_page(session.commands(), arguments, this_edition()));
      session.out(page.text);
      return ui::exit_ok;
    }
    if (!arguments.empty())
      return fail(Code::invalid_argument, "--dir writes all pages, and takes no command", {},
                  "cosign man --dir " + folder_);
    // Its own page shows what is the default of --dir, not what it is now.
    return write_all(session, std::exchange(folder_, {}));
  }

 private:
  static Result<int> write_all(Session& session, const std::string& folder) {
    sigstore::Files& files = *session.env().files;
    if (auto made = files.make_directories(folder); !made)
      return fail(made.error().wrap("cannot make the folder " + folder));
    for (const ManualPage& page : manual_pages(session.commands(), this_edition())) {
      const std::string path = folder + "/" + page.file;
      if (auto written = files.write_atomic(path, page.text, 0644); !written)
        return fail(written.error().wrap("cannot write " + path));
    }
    return ui::exit_ok;
  }

  std::string folder_;
};

}  // namespace

std::unique_ptr<Command> make_man() {
  return std::make_unique<ManCommand>();
}

}  // namespace cosign
