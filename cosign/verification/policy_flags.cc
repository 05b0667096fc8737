#include "cosign/verification/policy_flags.h"

#include <memory>

#include "sigstore/policy/engine.h"

namespace cosign {
namespace {

using sigstore::Result;
using sigstore::verify::Check;
using sigstore::verify::Status;
namespace policy = sigstore::policy;

constexpr std::size_t shown_at_most = 10;

std::string listed(const std::vector<std::string>& files) {
  std::string text;
  for (const std::string& file : files) text += (text.empty() ? "" : " ") + file;
  return text;
}

std::string text_of(const std::vector<policy::Violation>& violations) {
  std::string text;
  for (std::size_t i = 0; i < std::min(violations.size(), shown_at_most); ++i)
    text += (i == 0 ? "" : "; ") + violations[i].text();
  if (violations.size() > shown_at_most)
    text += "; and " + std::to_string(violations.size() - shown_at_most) + " more";
  return text;
}

Result<Check> judge(const policy::Engines& engines, std::string_view statement) {
  TRY(const auto decision, policy::evaluate(engines, statement));
  Check check{"policy", {}, decision.allowed ? Status::passed : Status::failed, {}, {}, {}};
  if (!decision.allowed) check.detail = text_of(decision.violations);
  return check;
}

}  // namespace

void PolicyFlags::declare(FlagSet& flags) {
  Flag& flag =
      flags.csv_list("policy", &files, "FILE",
                     "a policy that the attestation must satisfy, in Rego (.rego) or CUE (.cue); repeatable");
  flag.set = [take = flag.set](const std::string& value) -> Result<void> {
    if (!value.empty()) return take(value);
    return sigstore::fail(sigstore::Code::invalid_argument,
                          "must name a file; without a policy all attestations pass");
  };
}

Result<sigstore::check::Policy> PolicyFlags::open(Session& session) const {
  if (files.empty()) return sigstore::check::Policy{};
  TRY(auto opened, policy::open(session.env(), files));
  const auto engines = std::make_shared<const policy::Engines>(std::move(opened));
  for (const auto& engine : *engines)
    session.note("will be validating against " + std::string(engine->name()) + " policies: [" +
                 listed(engine->files()) + "]");
  return [engines](std::string_view statement) { return judge(*engines, statement); };
}

}  // namespace cosign
