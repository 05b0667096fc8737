#include "sigstore/policy/rego/internal/interpreter.h"

#include "sigstore/base/limits.h"
#include "sigstore/policy/rego/internal/child.h"
#include "sigstore/policy/rego/internal/shim.h"

namespace sigstore::policy::rego {
namespace {

cosign_rego_text text_of(std::string_view text) {
  return {text.data(), text.size()};
}
std::string string_of(const cosign_rego_text& text) {
  return text.size > 0 ? std::string(text.data, text.size) : std::string();
}

void tell(void* context, const cosign_rego_answer* answer) {
  (*static_cast<const Say*>(context))(
      write_answer({answer->outcome, answer->line, string_of(answer->name), string_of(answer->message)}));
}

void evaluate(std::span<const Source> sources, std::string_view query, std::optional<std::string_view> input,
              const Say& say) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sources.size(); ++i) names.push_back(std::to_string(i));
  std::vector<cosign_rego_source> given;
  for (std::size_t i = 0; i < sources.size(); ++i)
    given.push_back({text_of(names[i]), text_of(sources[i].text)});
  cosign_rego_limit_memory(limits::policy_memory_bytes, out_of_memory);
  Say copy = say;
  cosign_rego_evaluate(given.data(), given.size(), text_of(query),
                       input ? text_of(*input) : cosign_rego_text{nullptr, 0}, tell, &copy);
}

}  // namespace

Result<Answer> interpret(const Env& env, std::span<const Source> sources, std::string_view query,
                         std::optional<std::string_view> input) {
  const auto work = [&](const Say& say) { evaluate(sources, query, input, say); };
  TRY(const auto said, run_in_child(env, limits::policy_time, work));
  return read_answer(said);
}

}  // namespace sigstore::policy::rego
