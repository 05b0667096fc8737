// Policies in CUE, by the real `cue` program: all files together, unified with the statement, which must be
// concrete.
#include <array>
#include <optional>

#include "sigstore/base/limits.h"
#include "sigstore/policy/cue/internal/complaint.h"

namespace sigstore::policy {
namespace cue {
namespace {

// The files of one run, which only this user may read; gone with this object.
class Workplace {
 public:
  explicit Workplace(const Env& env) : env_(env) {
    std::array<std::uint8_t, 32> random;
    env.random->fill(random);
    const auto folder = env.variables->get("TMPDIR").value_or("");
    prefix_ = (folder.empty() ? "/tmp" : folder) + "/cosign-cue-";
    for (const auto byte : random) prefix_ += "0123456789abcdef"[byte & 15];
  }
  ~Workplace() {
    for (const auto& path : made_) (void)env_.files->remove(path);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  Result<std::string> put(const std::string& name, std::string_view text) {
    const auto path = prefix_ + name;
    TRY_OK(env_.files->write_atomic(path, text, 0600));
    made_.push_back(path);
    return path;
  }

 private:
  Env env_;
  std::string prefix_;
  std::vector<std::string> made_;
};

class CueEngine final : public Engine {
 public:
  CueEngine(const Env& env, std::vector<Source> sources) : env_(env), sources_(std::move(sources)) {
    for (const auto& source : sources_) files_.push_back(source.path);
    for (std::size_t i = 0; i < files_.size(); ++i)
      copies_.push_back("-policy-" + std::to_string(i) + ".cue");
  }
  [[nodiscard]] std::string_view name() const override { return "CUE"; }
  [[nodiscard]] const std::vector<std::string>& files() const override { return files_; }

  [[nodiscard]] Result<Decision> evaluate(std::string_view statement) const override {
    TRY(auto complaints, vet(statement));
    return Decision{.allowed = complaints.empty(), .violations = std::move(complaints)};
  }

  // What is wrong with the policies alone.
  [[nodiscard]] Result<void> check() const {
    TRY(const auto complaints, vet(std::nullopt));
    if (!complaints.empty()) return fail(Code::malformed, complaints.front().text());
    return {};
  }

 private:
  [[nodiscard]] Result<std::vector<Violation>> vet(std::optional<std::string_view> statement) const {
    Workplace place(env_);
    std::vector<std::string> argv = {"cue", "vet", statement ? "-c" : "-c=false"};
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      TRY(auto path, place.put(copies_[i], sources_[i].text));
      argv.push_back(std::move(path));
    }
    if (statement) {
      TRY(auto path, place.put("-statement.json", *statement));
      argv.push_back(std::move(path));
    }
    auto ran = env_.processes->run(argv, "", limits::policy_time, limits::helper_output_bytes);
    if (!ran) return fail(explain(ran.error()));
    if (ran->exit_code == 0) return std::vector<Violation>();
    auto complaints = read_complaints(ran->err, copies_, files_);
    if (complaints.empty()) complaints.push_back({files_.front(), 0, "cue refuses it and does not say why"});
    return complaints;
  }

  [[nodiscard]] Error explain(const Error& error) const {
    if (error.code == Code::not_found)
      return {Code::not_found, "a policy in CUE needs the program cue, which is not installed",
              files_.front(),
              "install cue (cuelang.org) so that it is found on PATH, or write the policy in Rego"};
    if (error.code == Code::cancelled) return error;
    return error.wrap("cannot evaluate the policy " + files_.front());
  }

  Env env_;
  std::vector<Source> sources_;
  std::vector<std::string> files_, copies_;
};

class CueKind final : public Kind {
 public:
  [[nodiscard]] std::string_view suffix() const override { return ".cue"; }
  [[nodiscard]] Result<std::unique_ptr<Engine>> open(const Env& env,
                                                     std::vector<Source> sources) const override {
    auto engine = std::make_unique<CueEngine>(env, std::move(sources));
    TRY_OK(engine->check());
    return engine;
  }
};

}  // namespace
}  // namespace cue

std::unique_ptr<Kind> make_cue() {
  return std::make_unique<cue::CueKind>();
}

}  // namespace sigstore::policy
