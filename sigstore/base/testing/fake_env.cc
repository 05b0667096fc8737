#include "sigstore/base/testing/fake_env.h"

namespace sigstore::fakes {

void SeededRandom::fill(std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  for (auto& byte : out) {  // SplitMix64
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    byte = static_cast<std::uint8_t>(z >> 56);
  }
}

std::optional<std::string> MapVariables::get(const std::string& name) const {
  const auto value = values.find(name);
  if (value == values.end()) return std::nullopt;
  return value->second;
}

Result<ProcessOutput> ScriptedProcesses::run(const std::vector<std::string>& argv, std::string_view input,
                                             Duration, std::size_t) {
  return next({argv, std::string(input), false});
}

Result<ProcessOutput> ScriptedProcesses::run_speaking(const std::vector<std::string>& argv,
                                                      std::string_view input, Duration, std::size_t) {
  return next({argv, std::string(input), true});
}

Result<ProcessOutput> ScriptedProcesses::next(Call call) {
  const std::lock_guard lock(mutex_);
  const std::string program = call.argv.empty() ? "" : call.argv[0];
  calls_.push_back(std::move(call));
  if (answers_.empty()) return fail(Code::not_found, "there is no program " + program);
  auto answer = std::move(answers_.front());
  answers_.pop_front();
  return answer;
}

void ScriptedProcesses::answer(Result<ProcessOutput> output) {
  const std::lock_guard lock(mutex_);
  answers_.push_back(std::move(output));
}

std::vector<ScriptedProcesses::Call> ScriptedProcesses::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

Result<Secret> ScriptedPrompter::password(const std::string& prompt, bool confirm, const std::string& flag) {
  const std::lock_guard lock(mutex_);
  asked_.push_back((confirm ? "password twice: " : "password: ") + prompt);
  if (passwords_.empty()) return fail(Code::declined, "no password was given", {}, "set " + flag);
  Secret secret{std::string_view(passwords_.front())};
  passwords_.pop_front();
  return secret;
}

Result<std::string> ScriptedPrompter::line(const std::string& prompt, const std::string& flag) {
  const std::lock_guard lock(mutex_);
  asked_.push_back("line: " + prompt);
  if (passwords_.empty()) return fail(Code::declined, "nobody could be asked", {}, "add " + flag);
  std::string text = std::move(passwords_.front());
  passwords_.pop_front();
  return text;
}

Result<void> ScriptedPrompter::confirm(const std::string& question, const std::string& flag) {
  const std::lock_guard lock(mutex_);
  asked_.push_back("confirm: " + question);
  if (choices_.empty()) return fail(Code::declined, "nobody could be asked", {}, "add " + flag);
  const bool yes = choices_.front();
  choices_.pop_front();
  if (!yes) return fail(Code::declined, "declined");
  return {};
}

void ScriptedPrompter::type(std::string password) {
  const std::lock_guard lock(mutex_);
  passwords_.push_back(std::move(password));
}

void ScriptedPrompter::choose(bool yes) {
  const std::lock_guard lock(mutex_);
  choices_.push_back(yes);
}

std::vector<std::string> ScriptedPrompter::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

}  // namespace sigstore::fakes
