#include "sigstore/credentials/helper/helper.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace sigstore::credentials {
namespace json = codec::json;
namespace {

constexpr std::string_view nothing_there = "credentials not found in native keychain";
constexpr std::size_t shown_bytes = 200;

bool allowed_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

// The first line of a program's words, fit for one line of an error.
std::string first_line(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  text = text.substr(start, std::min(text.find_first_of("\r\n", start), start + shown_bytes) - start);
  std::string line(text);
  std::erase_if(line, [](unsigned char c) { return c < 0x20 || c >= 0x7f; });
  return line;
}

bool says_nothing_there(const ProcessOutput& output) {
  return output.out.find(nothing_there) != std::string::npos ||
         output.err.find(nothing_there) != std::string::npos;
}

}  // namespace

Result<Helper> Helper::named(std::string_view name, std::string configured_in) {
  if (name.empty() || !std::ranges::all_of(name, allowed_in_name))
    return fail(Code::malformed, configured_in + " names a credential helper that cannot be",
                "a helper's name holds letters, digits, '.', '_' and '-' only");
  return Helper("docker-credential-" + std::string(name), std::move(configured_in));
}

Result<ProcessOutput> Helper::run(Processes& processes, const std::string& verb,
                                  std::string_view input) const {
  auto output = processes.run({program_, verb}, input, limits::helper_timeout, limits::helper_output_bytes);
  if (output) return output;
  Error error = output.error();
  if (error.code == Code::not_found)
    return fail(Code::io, "credential helper " + program_ + " is not on PATH",
                configured_in_ + " asks for it",
                "install " + program_ + ", or remove credsStore or credHelpers from " + configured_in_);
  return fail(
      error.wrap("credential helper " + program_ + " (from " + configured_in_ + ") could not be asked"));
}

Error Helper::failed(const ProcessOutput& output, const std::string& server) const {
  std::string reason = first_line(output.out);
  if (reason.empty()) reason = first_line(output.err);
  if (reason.empty()) reason = "exit code " + std::to_string(output.exit_code);
  return {Code::io, "credential helper " + program_ + " failed",
          reason + " (" + configured_in_ + " asks for it)",
          "see what it says to: echo " + server + " | " + program_ + " get"};
}

Result<std::optional<HelperCredential>> Helper::get(Processes& processes, const std::string& server) const {
  TRY(auto output, run(processes, "get", server));
  if (output.exit_code != 0) {
    if (says_nothing_there(output)) return std::nullopt;
    return fail(failed(output, server));
  }
  // The parser's own words could repeat a piece of the secret.
  const auto answer =
      json::parse(output.out, program_, {.max_depth = 8, .max_bytes = limits::helper_output_bytes});
  wipe(output.out);
  const json::Value* username = answer ? answer->get("Username") : nullptr;
  const json::Value* secret = answer ? answer->get("Secret") : nullptr;
  if (username == nullptr || username->string() == nullptr || secret == nullptr ||
      secret->string() == nullptr)
    return fail(Code::malformed, "credential helper " + program_ + " gave no usable answer",
                "it is not the JSON object that docker defines, with Username and Secret (" + configured_in_ +
                    " asks for it)");
  if (secret->string()->empty()) return std::nullopt;
  HelperCredential credential;
  credential.identity_token = *username->string() == "<token>";
  if (!credential.identity_token) credential.username = *username->string();
  credential.secret = Secret(*secret->string());
  return credential;
}

Result<void> Helper::store(Processes& processes, const std::string& server, const std::string& username,
                           const Secret& secret) const {
  std::string input = json::write(
      json::Object{{"ServerURL", server}, {"Username", username}, {"Secret", std::string(secret.reveal())}});
  auto output = run(processes, "store", input);
  wipe(input);
  if (!output) return fail(output.error());
  if (output->exit_code != 0) return fail(failed(*output, server));
  return {};
}

Result<bool> Helper::erase(Processes& processes, const std::string& server) const {
  TRY(const auto present, get(processes, server));
  if (!present) return false;
  TRY(const auto output, run(processes, "erase", server));
  if (output.exit_code == 0) return true;
  if (says_nothing_there(output)) return false;
  return fail(failed(output, server));
}

}  // namespace sigstore::credentials
