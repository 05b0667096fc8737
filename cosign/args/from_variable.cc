#include "cosign/args/from_variable.h"

#include <string_view>

namespace cosign {
namespace {

bool goes_on(char c) {
  return c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// As a whole word: --certificate-identity is not in "--certificate-identity-regexp".
bool names(std::string_view text, const std::string& flag) {
  const std::string word = "--" + flag;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if (end == text.size() || !goes_on(text[end])) return true;
  }
  return false;
}

}  // namespace

sigstore::Error with_variables(sigstore::Error error, const std::vector<FromVariable>& given) {
  if (error.code != sigstore::Code::invalid_argument) return error;
  const std::string said = error.message + " " + error.cause;
  for (const FromVariable& one : given) {
    if (!names(said, one.flag)) continue;
    error.cause +=
        (error.cause.empty() ? "" : "; ") + ("--" + one.flag) + " is set by the variable " + one.variable;
  }
  return error;
}

}  // namespace cosign
