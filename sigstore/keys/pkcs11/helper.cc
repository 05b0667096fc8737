#include "sigstore/keys/pkcs11/internal/helper.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"

namespace sigstore::keys::internal {
namespace json = codec::json;
namespace {

constexpr const char* program_name = "cosign-pkcs11";
constexpr std::size_t answer_depth = 8;
constexpr int killed_by_signal = 128;
constexpr std::size_t shown_bytes = 200;    // of what a dying program wrote
constexpr std::size_t detail_bytes = 1000;  // of what the helper says of a refusal

json::Value hex(const std::string& bytes) {
  return codec::hex::encode(as_bytes(bytes));
}

json::Object selectors(const TokenUri& uri) {
  json::Object token{{"label", hex(uri.token)},
                     {"serial", hex(uri.serial)},
                     {"manufacturer", hex(uri.manufacturer)},
                     {"model", hex(uri.model)}};
  if (uri.slot) token.set("slotId", *uri.slot);
  return {{"token", std::move(token)},
          {"key", json::Object{{"id", hex(uri.id)}, {"label", hex(uri.object)}}}};
}

std::unexpected<Error> not_installed() {
  return fail(
      Code::not_found, "keys in tokens need the program cosign-pkcs11, and it is not installed",
      "it is neither beside cosign nor on PATH; cosign is one static file, which cannot open PKCS#11 modules",
      "put cosign-pkcs11 of the same release beside cosign, under that name (./dev build makes "
      "build/cosign-pkcs11)");
}

// The first line that a dying program left, without what must not be seen.
std::string last_words(const ProcessOutput& output, const Secret* pin) {
  std::string line = output.err.substr(0, std::min(output.err.find('\n'), shown_bytes));
  if (pin != nullptr && !pin->empty() && line.find(pin->reveal()) != std::string::npos) return "";
  return codec::printable(line);
}

std::string text(const json::Value& value, std::string_view key) {
  const json::Value* found = value.get(key);
  return found == nullptr || found->string() == nullptr
             ? ""
             : codec::printable(std::string_view(*found->string()).substr(0, detail_bytes));
}

std::uint64_t number(const json::Value& value, std::string_view key) {
  const json::Value* found = value.get(key);
  return found == nullptr ? 0 : found->to_uint64().value_or(0);
}

Refusal refusal_of(const json::Value& error) {
  return {text(error, "kind"), text(error, "detail"),  text(error, "function"), number(error, "code"),
          text(error, "name"), number(error, "flags"), number(error, "count")};
}

}  // namespace

Helper::Helper(const Context& context, const TokenUri& uri)
    : processes_(context.env.processes), module_(uri.module_path), named_(selectors(uri)) {}

Result<ProcessOutput> Helper::run(const Request& request) const {
  json::Object line{
      {"protocolVersion", "v1"}, {"method", request.method}, {"module", module_}, {"login", request.login}};
  for (const auto* more : {&named_, &request.rest})
    for (const auto& member : more->members()) line.append(member.key, member.value);
  const std::string head = json::write(line) + "\n";
  const std::string_view pin = request.login && request.pin != nullptr ? request.pin->reveal() : "";
  auto input = Secret::of_size(head.size() + pin.size());
  std::ranges::copy(head, input.writable().begin());
  std::ranges::copy(pin, input.writable().begin() + static_cast<std::ptrdiff_t>(head.size()));
  return processes_->run({program_name, "v1"}, input.reveal(), limits::plugin_timeout,
                         limits::plugin_output_bytes);
}

Result<std::variant<json::Object, Refusal>> Helper::ask(const Request& request) const {
  auto output = run(request);
  if (!output) {
    if (output.error().code == Code::not_found && output.error().hint.empty()) return not_installed();
    return fail(output.error().wrap("the PKCS#11 module " + module_ + " cannot be asked"));
  }
  if (output->exit_code >= killed_by_signal)
    return fail(Code::io, "the PKCS#11 module " + module_ + " crashed",
                "cosign-pkcs11 was ended by signal " + std::to_string(output->exit_code - killed_by_signal));
  auto answer = json::parse(output->out, program_name,
                            {.max_depth = answer_depth, .max_bytes = limits::plugin_output_bytes});
  if (output->exit_code != 0 || !answer || answer->object() == nullptr)
    return fail(Code::malformed,
                "the program cosign-pkcs11 gave no usable answer for the PKCS#11 module " + module_,
                last_words(*output, request.pin), "cosign and cosign-pkcs11 must be of the same release");
  if (const json::Value* error = answer->get("error")) return refusal_of(*error);
  return std::move(*answer->object());
}

}  // namespace sigstore::keys::internal
